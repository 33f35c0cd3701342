import { chmod, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { planKey } from '../../src/model/plan.js';
import type { NewPlan } from '../../src/model/plan.js';
import { createPlanStore } from '../../src/plan/store.js';
import type { PlanFileStore } from '../../src/plan/store.js';
import { acquireLock } from '../../src/system/lock.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { contractPlan } from './contract-plan.js';
import { editedPlan } from './edited-plans.js';

const key = '20260502T135000Z';
const now = new Date('2026-05-02T15:00:00Z');

interface Place extends Scratch {
  readonly store: PlanFileStore;
  readonly plan: string;
}

async function makePlace(text?: string | Buffer): Promise<Place> {
  const scratch = await makeScratch();
  const plan = scratch.in('.regen-plan.md');
  if (text !== undefined) await writeFile(plan, text);
  const store = createPlanStore({
    surroundings: { root: scratch.folder, now: () => now },
    headings: ['Items'],
  });
  return { ...scratch, store, plan };
}

it('reads no plan as null', async () => {
  await using place = await makePlace();

  expect(await place.store.read()).toBeNull();
});

it('writes a new plan and leaves nothing else in the root', async () => {
  await using place = await makePlace();

  await place.store.create(
    newPlan({ items: [{ id: 'altair' }, { id: 'pygal', skipped: 'no prompt' }] }),
    signal(),
  );

  expect(await readFile(place.plan, 'utf8')).toBe(`# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Base: \`origin/main@1f3c9ab\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Items

- [ ] altair
- [-] pygal

## Log

- pygal: skipped: no prompt (2026-05-02T13:50:00Z)
`);
  expect((await readdir(place.folder)).sort()).toEqual(['.regen', '.regen-plan.md']);
  expect(await readdir(place.in('.regen'))).toEqual([]);
});

it.each([
  ['a plan', (place: Place) => writeFile(place.plan, 'mine\n')],
  ['an empty file', (place: Place) => writeFile(place.plan, '')],
  ['a folder', (place: Place) => mkdir(place.plan)],
  ['a symlink that leads nowhere', (place: Place) => symlink('nowhere', place.plan)],
])('never writes a new plan over %s', async (_, prepare) => {
  await using place = await makePlace();
  await prepare(place);

  await expect(place.store.create(newPlan({}), signal())).rejects.toMatchObject({
    code: 'plan',
    message: '.regen-plan.md is there already; no plan of scatter-basic was written over it',
  });

  expect((await readdir(place.folder)).sort()).toEqual(['.regen', '.regen-plan.md']);
});

it('one of two new plans at the same time is written', async () => {
  await using place = await makePlace();

  const results = await Promise.allSettled([
    place.store.create(newPlan({ target: 'one' }), signal()),
    place.store.create(newPlan({ target: 'other' }), signal()),
  ]);

  const winner = results[0].status === 'fulfilled' ? 'one' : 'other';
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await place.store.read()).toMatchObject({ target: winner });
});

it('writes no plan that it couldn’t read back', async () => {
  await using place = await makePlace();

  await expect(place.store.create(newPlan({ items: [] }), signal())).rejects.toThrow(
    '"## Items" lists no item',
  );
  await expect(place.store.create(newPlan({ items: [{ id: 'a' }, { id: 'a' }] }), signal())).rejects.toThrow(
    '"a" is listed a second time',
  );

  expect(await place.store.read()).toBeNull();
});

it('marks an item and logs it', async () => {
  await using place = await makePlace(contractPlan);

  const result = await place.store.mark(
    {
      plan: key,
      item: 'matplotlib',
      from: ['todo'],
      to: 'done',
      log: 'PR http://localhost/13 (2026-05-02T15:00:00Z)',
    },
    signal(),
  );

  expect(result).toBe('marked');
  expect(await readFile(place.plan, 'utf8')).toBe(
    `${contractPlan.replace('[ ] matplotlib', '[x] matplotlib')}- matplotlib: PR http://localhost/13 (2026-05-02T15:00:00Z)\n`,
  );
});

it('marks without a log line, and logs without a mark', async () => {
  await using place = await makePlace(contractPlan);

  const marked = await place.store.mark(
    { plan: key, item: 'plotly', from: ['waiting', 'todo'], to: 'failed', log: null },
    signal(),
  );
  const logged = await place.store.log({ plan: key, item: 'gone', text: 'shipped all the same' }, signal());

  expect([marked, logged]).toEqual(['marked', 'marked']);
  expect(await readFile(place.plan, 'utf8')).toBe(
    `${contractPlan.replace('[~] plotly', '[!] plotly')}- gone: shipped all the same\n`,
  );
});

it.each([
  ['marked the item', contractPlan.replace('[ ] matplotlib', '[-] matplotlib'), 'edited'],
  ['took the line out', contractPlan.replace('- [ ] matplotlib\n', ''), 'edited'],
  ['put another plan in its place', contractPlan.replace('13:50:00Z', '13:50:01Z'), 'gone'],
  ['took the creation instant out', contractPlan.replace(/- Plan created.*\n/, ''), 'gone'],
])('writes nothing when a person %s', async (_, text, expected) => {
  await using place = await makePlace(text);

  const result = await place.store.mark(
    { plan: key, item: 'matplotlib', from: ['todo'], to: 'done', log: 'shipped' },
    signal(),
  );

  expect(result).toBe(expected);
  expect(await readFile(place.plan, 'utf8')).toBe(text);
});

it('never makes a plan again that a person removed', async () => {
  await using place = await makePlace();

  const marked = await place.store.mark(
    { plan: key, item: 'a', from: ['todo'], to: 'done', log: 'x' },
    signal(),
  );
  const logged = await place.store.log({ plan: key, item: 'a', text: 'x' }, signal());

  expect([marked, logged]).toEqual(['gone', 'gone']);
  expect(await readdir(place.folder)).toEqual(['.regen']);
});

it('edits at the same time are all made', async () => {
  await using place = await makePlace();
  const items = Array.from({ length: 12 }, (_, index) => ({ id: `item-${index}` }));
  await place.store.create(newPlan({ items }), signal());

  const results = await Promise.all(
    items.map(({ id }) =>
      place.store.mark({ plan: key, item: id, from: ['todo'], to: 'done', log: `did ${id}` }, signal()),
    ),
  );

  const plan = await place.store.read();
  expect(new Set(results)).toEqual(new Set(['marked']));
  expect(plan?.items.map(({ id, state }) => `${id} ${state}`)).toEqual(items.map(({ id }) => `${id} done`));
  expect(plan?.log.map(({ text }) => text).sort()).toEqual(items.map(({ id }) => `did ${id}`).sort());
});

it('an edit of a plan that a person saves at the same time takes nothing of that away', async () => {
  await using place = await makePlace(contractPlan);
  const saved = contractPlan.replace('## Items\n', '## Items\n\nA word.\n');
  await writeFile(place.in('saved.md'), saved);

  const marking = place.store.mark(
    { plan: key, item: 'matplotlib', from: ['todo'], to: 'done', log: null },
    signal(),
  );
  await rename(place.in('saved.md'), place.plan);
  const result = await marking;

  expect(result).toBe('marked');
  expect(await readFile(place.plan, 'utf8')).toContain('A word.');
});

it('a plan on disk that a person edited changes in the marked place only', async () => {
  await fc.assert(
    fc.asyncProperty(editedPlan, async ({ text, items }) => {
      await using place = await makePlace(text);
      const [item] = items;
      const bytes = await readFile(place.plan);

      const result = await place.store.mark(
        { plan: key, item: item?.id ?? '', from: [item?.state ?? 'todo'], to: 'failed', log: null },
        signal(),
      );

      const after = await readFile(place.plan);
      const changed = [...after.keys()].filter((index) => after[index] !== bytes[index]);
      expect(result).toBe('marked');
      expect(after.length).toBe(bytes.length);
      expect(changed.map((index) => after.toString('latin1', index, index + 1))).toEqual(
        item?.state === 'failed' ? [] : ['!'],
      );
    }),
    { numRuns: 30 },
  );
});

it('edits the file behind a symlink', async () => {
  await using place = await makePlace();
  await writeFile(place.in('elsewhere.md'), contractPlan);
  await symlink('elsewhere.md', place.plan);

  await place.store.mark(
    { plan: key, item: 'matplotlib', from: ['todo'], to: 'failed', log: null },
    signal(),
  );

  expect(await readFile(place.in('elsewhere.md'), 'utf8')).toBe(
    contractPlan.replace('[ ] matplotlib', '[!] matplotlib'),
  );
});

it.each([
  ['a folder', (place: Place) => mkdir(place.plan), '.regen-plan.md is a folder, not a file'],
  [
    'no UTF-8',
    (place: Place) => writeFile(place.plan, Buffer.from('- Target: t\n\n## Items\n- [ ] \xe4\n', 'latin1')),
    '.regen-plan.md:4: the line isn’t UTF-8 text',
  ],
  ['malformed', (place: Place) => writeFile(place.plan, '- Target: t\n## Items\n'), /^\.regen-plan\.md:2: /],
])('a plan that is %s is one clear error', async (_, prepare, message) => {
  await using place = await makePlace();
  await prepare(place);

  const edit = place.store.log({ plan: key, item: 'a', text: 'x' }, signal());

  await expect(place.store.read()).rejects.toThrow(RegenError);
  await expect(place.store.read()).rejects.toThrow(message);
  await expect(edit).rejects.toThrow(message);
});

it('an interruption ends the wait for a plan that is being edited', async () => {
  await using place = await makePlace(contractPlan);
  const lock = await acquireLock(place.in('.regen', 'plan.lock'), { now: () => now, command: 'regen skip' });
  const interruption = new AbortController();

  const marking = place.store.mark(
    { plan: key, item: 'matplotlib', from: ['todo'], to: 'done', log: null },
    interruption.signal,
  );
  interruption.abort(new RegenError('interrupted', 'SIGTERM'));

  await expect(marking).rejects.toMatchObject({ code: 'interrupted' });
  expect(await readFile(place.plan, 'utf8')).toBe(contractPlan);
  if (lock.kind === 'held') await lock.release();
});

it('what a killed writer left beside the plan goes with the next edit', async () => {
  await using place = await makePlace(contractPlan);
  for (const name of ['.regen-plan.md.1b9d6bcd.tmp', '.regen-plan.md.bak'])
    await writeFile(place.in(name), 'half');

  await place.store.log({ plan: key, item: 'a', text: 'x' }, signal());

  expect((await readdir(place.folder)).sort()).toEqual(['.regen', '.regen-plan.md', '.regen-plan.md.bak']);
});

it('a plan that another process keeps locked is a reason to come again', async () => {
  await using place = await makePlace(contractPlan);
  await acquireLock(place.in('.regen', 'plan.lock'), { now: () => now, command: 'regen skip x' });
  const surroundings = { root: place.folder, now: () => now };
  const store = createPlanStore({ surroundings, headings: ['Items'], lockWaitMs: 20 });

  const edit = store.log({ plan: key, item: 'a', text: 'x' }, signal());

  await expect(edit).rejects.toMatchObject({
    code: 'wait',
    message: `the plan has been locked by process ${process.pid} ("regen skip x") since 2026-05-02T15:00:00.000Z`,
  });
});

// Root may write anywhere.
it.skipIf(process.getuid?.() === 0)(
  'a root folder that can’t be written is the environment’s fault',
  async () => {
    await using place = await makePlace(contractPlan);
    await chmod(place.folder, 0o500);

    const edit = place.store.log({ plan: key, item: 'a', text: 'x' }, signal());

    await expect(edit).rejects.toMatchObject({ code: 'environment' });
    await chmod(place.folder, 0o700);
  },
);

it('a file where a folder is needed is the environment’s fault', async () => {
  await using place = await makePlace(contractPlan);
  await writeFile(place.in('.regen'), '');

  const edit = place.store.log({ plan: key, item: 'a', text: 'x' }, signal());

  await expect(edit).rejects.toMatchObject({ code: 'environment' });
});

it('moves a finished plan into the history', async () => {
  await using place = await makePlace(contractPlan);

  const archive = await place.store.archive(key, signal());

  expect(archive).toBe('.regen-history/scatter-basic-20260502-150000.md');
  expect(await readFile(place.in(archive), 'utf8')).toBe(contractPlan);
  expect(await place.store.read()).toBeNull();
  expect(await place.store.archives()).toEqual(new Map([['scatter-basic', now]]));
});

it('keeps every archive of the same second', async () => {
  await using place = await makePlace();
  const archives: string[] = [];

  for (const text of [contractPlan, `${contractPlan}\n`, contractPlan]) {
    await writeFile(place.plan, text);
    archives.push(await place.store.archive(key, signal()));
  }

  expect(archives).toEqual([
    '.regen-history/scatter-basic-20260502-150000.md',
    '.regen-history/scatter-basic-20260502-150000-2.md',
    '.regen-history/scatter-basic-20260502-150000-3.md',
  ]);
});

it('an abandoned plan is kept, but its target isn’t finished', async () => {
  await using place = await makePlace(contractPlan);

  const archive = await place.store.archive(key, signal(), { isAbandoned: true });

  expect(archive).toBe('.regen-history/scatter-basic-20260502-150000.abandoned.md');
  expect(await place.store.archives()).toEqual(new Map());
});

it('archives the text of a plan behind a symlink, and removes the link', async () => {
  await using place = await makePlace();
  await writeFile(place.in('elsewhere.md'), contractPlan);
  await symlink('elsewhere.md', place.plan);

  const archive = await place.store.archive(key, signal());

  expect(await readFile(place.in(archive), 'utf8')).toBe(contractPlan);
  expect((await readdir(place.folder)).sort()).toEqual(['.regen', '.regen-history', 'elsewhere.md']);
});

it('archives no plan but the one that is meant', async () => {
  await using place = await makePlace(contractPlan);

  await expect(place.store.archive('20250101T000000Z', signal())).rejects.toMatchObject({ code: 'plan' });
  await rm(place.plan);
  await expect(place.store.archive(key, signal())).rejects.toMatchObject({ code: 'plan' });

  expect(await readdir(place.folder)).toEqual(['.regen']);
});

it('knows when each target was last archived, the oldest first', async () => {
  await using place = await makePlace();
  await mkdir(place.in('.regen-history'));
  const names = [
    'b-20260101-000000.md',
    'a-1-20260102-000000.md',
    'a-1-20260105-000000-2.md',
    '%2E-20260103-000000.md',
    'c-20260106-000000.abandoned.md',
    'notes.txt',
  ];
  for (const name of names) await writeFile(place.in('.regen-history', name), '');

  expect([...(await place.store.archives())]).toEqual([
    ['b', new Date('2026-01-01T00:00:00Z')],
    ['.', new Date('2026-01-03T00:00:00Z')],
    ['a-1', new Date('2026-01-05T00:00:00Z')],
  ]);
});

it('no history is an empty one', async () => {
  await using place = await makePlace();

  expect(await place.store.archives()).toEqual(new Map());
});

it('a new plan is keyed by its creation instant', async () => {
  await using place = await makePlace();
  await place.store.create(newPlan({}), signal());

  const plan = await place.store.read();

  expect(plan === null ? null : planKey(plan)).toBe(key);
});

/** One of its own for every call, never aborted. */
function signal(): AbortSignal {
  return new AbortController().signal;
}

function newPlan(change: Partial<NewPlan>): NewPlan {
  return {
    target: 'scatter-basic',
    title: 'Basic Scatter Plot',
    updated: null,
    base: 'origin/main@1f3c9ab',
    created: new Date('2026-05-02T13:50:00Z'),
    heading: 'Items',
    items: [{ id: 'altair' }],
    changeRequests: [],
    ...change,
  };
}
