import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planKey } from '../../src/model/plan.js';
import type { ItemState, PlanMark } from '../../src/model/plan.js';
import { appendLog, markItem } from '../../src/plan/edit-plan.js';
import { parsePlan } from '../../src/plan/parse-plan.js';
import { createPlanStore } from '../../src/plan/store.js';
import type { PlanFileStore } from '../../src/plan/store.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { contractPlan } from './contract-plan.js';
import { anyId, anyState, editedPlan } from './edited-plans.js';

const key = '20260502T135000Z';
const headings = ['Items'];
const { signal } = new AbortController();

type Mark = Omit<PlanMark, 'plan'>;

interface Place extends Scratch {
  readonly store: PlanFileStore;
  readonly plan: string;
}

async function makePlace(text: string): Promise<Place> {
  const scratch = await makeScratch();
  const plan = scratch.in('.regen-plan.md');
  await writeFile(plan, text);
  const surroundings = { root: scratch.folder, now: () => new Date('2026-05-02T15:00:00Z') };
  return { ...scratch, store: createPlanStore({ surroundings, headings }), plan };
}

const mark = (item: string, to: ItemState, more: Partial<Mark> = {}): Mark => ({
  ...{ item, from: ['todo'], to, log: null, ...more },
});

it('marks several items and logs them in one write, each in its order', async () => {
  await using place = await makePlace(contractPlan.replace('[ ] matplotlib', '[ ] matplotlib\n- [ ] bokeh'));

  const marks = [
    mark('bokeh', 'skipped', { log: 'unchanged' }),
    mark('matplotlib', 'done', { log: 'PR 13' }),
  ];
  const done = await place.store.markAll({ plan: key, marks }, signal);

  expect(done).toEqual(['bokeh', 'matplotlib']);
  expect(await readFile(place.plan, 'utf8')).toBe(
    `${contractPlan.replace('[ ] matplotlib', '[x] matplotlib\n- [-] bokeh')}- bokeh: unchanged\n- matplotlib: PR 13\n`,
  );
});

it('leaves out what a person has edited, and nothing else', async () => {
  await using place = await makePlace(contractPlan);

  const marks = [
    mark('altair', 'failed', { log: 'x' }),
    mark('gone', 'done', { log: 'x' }),
    mark('plotly', 'todo', { from: ['waiting'] }),
    mark('matplotlib', 'done'),
  ];
  const done = await place.store.markAll({ plan: key, marks }, signal);

  expect(done).toEqual(['plotly', 'matplotlib']);
  expect(await readFile(place.plan, 'utf8')).toBe(
    contractPlan.replace('[ ] matplotlib', '[x] matplotlib').replace('[~] plotly', '[ ] plotly'),
  );
});

it('writes nothing when there is nothing to mark, or another plan stands there, or none', async () => {
  await using place = await makePlace(contractPlan);
  const before = await stat(place.plan);
  const marks = [mark('matplotlib', 'done', { log: 'x' })];

  const results = [
    await place.store.markAll({ plan: key, marks: [] }, signal),
    await place.store.markAll({ plan: key, marks: [mark('altair', 'done')] }, signal),
    await place.store.markAll({ plan: 'another', marks }, signal),
  ];

  expect(results).toEqual([[], [], []]);
  expect((await stat(place.plan)).ino).toBe(before.ino);
  expect(await readFile(place.plan, 'utf8')).toBe(contractPlan);
  await rm(place.plan);
  expect(await place.store.markAll({ plan: key, marks }, signal)).toEqual([]);
  await expect(stat(place.plan)).rejects.toThrow('ENOENT');
});

it('comes to what one mark after the other comes to, whatever people have made of the plan', async () => {
  await using place = await makePlace('');
  const change = fc.record({
    choice: fc.nat(),
    stranger: fc.option(anyId, { freq: 6 }),
    from: fc.uniqueArray(anyState, { minLength: 1 }),
    to: anyState,
    log: fc.option(fc.constantFrom('said', '## Items\n- [ ] y', '<!--', '```', 'a: b')),
  });

  await fc.assert(
    fc.asyncProperty(editedPlan, fc.array(change, { maxLength: 8 }), async ({ text, items }, changes) => {
      const marks = changes.map(({ choice, stranger, ...rest }): Mark => ({
        ...{ item: stranger ?? items[choice % items.length]?.id ?? '', ...rest },
      }));
      await writeFile(place.plan, text);
      const plan = planKey(parsePlan(text, { headings }));

      const done = await place.store.markAll({ plan, marks }, signal);

      const expected = oneByOne(text, marks);
      expect(done).toEqual(expected.done);
      expect(await readFile(place.plan, 'utf8')).toBe(expected.text);
    }),
    { numRuns: 60 },
  );
});

it('two that mark at the same time both count', async () => {
  await using place = await makePlace(contractPlan.replace('[ ] matplotlib', '[ ] matplotlib\n- [ ] bokeh'));

  const done = await Promise.all(
    ['matplotlib', 'bokeh'].map((item) =>
      place.store.markAll({ plan: key, marks: [mark(item, 'done', { log: 'x' })] }, signal),
    ),
  );

  expect(done).toEqual([['matplotlib'], ['bokeh']]);
  const plan = await place.store.read();
  expect(plan?.items.filter(({ state }) => state === 'todo')).toEqual([]);
});

it('marks thousands of items at once', async () => {
  const ids = Array.from({ length: 3000 }, (_, index) => `page-${index}#usage/1`);
  const text = `- Target: t\n- Plan created: \`2026-05-02T13:50:00Z\`\n\n## Items\n\n${ids.map((id) => `- [ ] ${id}\n`).join('')}`;
  await using place = await makePlace(text);

  const marks = ids.map((id) => mark(id, 'waiting', { log: 'batch msgbatch_1' }));
  const done = await place.store.markAll({ plan: key, marks }, signal);

  expect(done).toEqual(ids);
  const written = await readFile(place.plan, 'utf8');
  expect(written.match(/^- \[~\]/gm)).toHaveLength(3000);
  expect(written.match(/: batch msgbatch_1$/gm)).toHaveLength(3000);
});

/** The same edits, each by itself. */
function oneByOne(text: string, marks: readonly Mark[]) {
  const done: string[] = [];
  let current = text;
  for (const { item, from, to, log } of marks) {
    const found = parsePlan(current, { headings }).items.find(({ id }) => id === item);
    if (found === undefined || !from.includes(found.state)) continue;
    const ticked = markItem(current, found, to);
    current = log === null ? ticked : appendLog(ticked, { item, text: log });
    done.push(item);
  }
  return { text: current, done };
}
