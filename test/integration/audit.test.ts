/** Plan mode that looks for copies: what it asks, writes, books, and what a kill leaves of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { structured } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import type { LedgerRow } from '../../src/model/ledger.js';
import type { StepResult } from '../../src/model/step-result.js';
import { holdAt } from '../support/holding.js';
import { isJudge } from '../support/judge.js';
import { copiedPoems, poemConfig, poemFiles, poet } from '../support/poems.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

const files = { ...poemFiles, ...copiedPoems };

const request = "the bakery and its numbers equal bold's; choose another scene with numbers of its own.";
const copies = {
  clusters: [
    { id: 'C1', items: ['bold', 'calm', 'heron'], isCopy: true, request },
    { id: 'C7', items: ['wry'], isCopy: true, request: 'a stray one.' },
  ],
};
const config = poemConfig({ more: 'audit: { model: haiku, maxUsd: 0.05 }\n' });

/** Answers the auditor's questions in turn, the last one again and again; the author writes poems. */
function audited(...answers: readonly unknown[]): (request: ScriptedRequest) => ScriptedReply {
  const author = poet();
  let asked = 0;
  return (one) => {
    if (!isJudge(one)) return author(one);
    asked += 1;
    return structured((answers[asked - 1] ?? answers.at(-1)) as Record<string, unknown>); // any JSON will do
  };
}

async function rowsOf(world: World): Promise<readonly LedgerRow[]> {
  const text = (await world.read('.regen/ledger.jsonl')) ?? '';
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LedgerRow])); // written by regen
}

describe('plan mode with an audit', () => {
  let world: World;
  let foreseen = '';
  let planned: StepResult;
  let stderr = '';

  beforeAll(async () => {
    world = await makeWorld({ files, config, script: audited(copies) });
    foreseen = (await world.regen(['plan', 'autumn', '--dry-run'])).stdout;
    const run = await world.regen(['autumn', '--json']);
    planned = run.document as StepResult; // compared below
    stderr = run.stderr;
  }, 60_000);

  afterAll(() => world[Symbol.asyncDispose]());

  it('shows what looks alike before anybody is paid', () => {
    expect(foreseen).toMatch(/^bold and calm look alike: .*96.* A model would be asked\.$/m);
    expect(foreseen).not.toContain('wry and');
  });

  it('asks the later item for a change, and drops what fits nothing', async () => {
    const plan = (await world.read('.regen-plan.md')) ?? '';

    expect(planned).toMatchObject({
      outcome: 'planned',
      reason: expect.stringMatching(/; a change is requested of calm$/) as string,
      usage: { requests: 1 },
    });
    expect(plan.slice(plan.indexOf('## Items'))).toBe(`## Items

- [ ] bold
- [ ] calm
- [ ] wry

## Change Requests

- calm: ${request}

## Log
`);
    expect(stderr).toContain('autumn: audit: C1 has no item "heron"');
    expect(stderr).toContain('autumn: audit: "C7" is no cluster');
  });

  it('books what it took under the stage audit, of no item', async () => {
    const rows = await rowsOf(world);
    const cost = await world.regen(['cost', '--by', 'stage', '--json']);

    expect(rows.map(({ kind, stage, item, target }) => ({ kind, stage, item, target }))).toEqual([
      { kind: 'message', stage: 'audit', item: null, target: 'autumn' },
      { kind: 'run', stage: 'audit', item: null, target: 'autumn' },
    ]);
    expect(planned.usage.costUsd).toBeCloseTo(
      rows.reduce((sum, row) => sum + (row.kind === 'message' ? (row.costUsd ?? 0) : 0), 0),
      12,
    );
    expect(JSON.stringify(cost.document)).toContain('"audit"');
  });

  it('makes it a hard requirement of that item’s step alone', async () => {
    await world.regen(['--json']);
    await world.regen(['--json']);

    const first = world.model.requests
      .flatMap(({ scripted }) => scripted?.request ?? [])
      .filter((one) => !isJudge(one) && one.turn === 1)
      .map(({ firstMessage }) => /# Change request\n\n[^]*?\n\n- (.*)/.exec(firstMessage)?.[1] ?? null);
    expect(first).toEqual([null, request]);
  });
});

describe('an audit that comes to nothing', () => {
  it('is told, and the plan is written without requests', async () => {
    await using world = await makeWorld({ files, config, script: audited({ clusters: [] }) });

    const planned = await world.regen(['autumn', '--json']);

    expect(planned).toMatchObject({ exitCode: 0, document: { outcome: 'planned', remaining: 3 } });
    expect(planned.stderr).toContain(
      'audit: the auditor’s answer can’t be used: cluster C1 is missing; the plan asks nobody for a change',
    );
    expect(await world.read('.regen-plan.md')).not.toContain('Change Requests');
  });
});

describe('a killed audit', () => {
  it('is booked by the next invocation, which asks again and keeps the plan’s name', async () => {
    const holding = holdAt([1], audited(copies));
    await using world = await makeWorld({ files, config, script: holding.script });

    const started = world.regen(['autumn', '--json']);
    await holding.reached();
    await world.killStep();
    await started;
    const opening = await firstLine(world);
    const planned = await world.regen(['autumn', '--json']);

    const rows = await rowsOf(world);
    expect(planned).toMatchObject({ exitCode: 0, document: { outcome: 'planned' } });
    expect(await world.read('.regen-plan.md')).toContain(`- calm: ${request}`);
    expect(await world.read('.regen-plan.md')).toContain(
      `- Plan created: \`${opening.created.replace(/\.\d+Z$/, 'Z')}\``,
    );
    expect(rows.filter(({ kind }) => kind === 'run')).toMatchObject([
      { stage: 'audit', outcome: 'killed' },
      { stage: 'audit', outcome: 'completed' },
    ]);
    expect(await world.read('.regen/audit')).toBeNull();

    // As if it had been killed between the answer and the plan: what was answered isn't paid for again.
    const plan = await world.read('.regen-plan.md');
    const asked = world.model.requests.length;
    const [key = ''] = rows.map((row) => row.plan);
    await world.write({ '.regen-plan.md': null, '.regen/audit': `.regen/audits/${key}/autumn\n` });
    await world.regen(['autumn', '--json']);

    expect(await world.read('.regen-plan.md')).toBe(plan);
    expect(world.model.requests).toHaveLength(asked);
  });

  async function firstLine(world: World): Promise<{ created: string }> {
    const folder = ((await world.read('.regen/audit')) ?? '').trim();
    const [line = ''] = ((await world.read(`${folder}/journal.jsonl`)) ?? '').split('\n');
    return (JSON.parse(line) as { data: { created: string } }).data; // as it was written
  }
});

describe('change requests that are handed in', () => {
  it('stand for an audit; stray ones are dropped with a warning, and a flawed list is refused', async () => {
    await using world = await makeWorld({ files, config, script: audited(copies) });
    const plan = async (input: string) =>
      execa(process.execPath, [cliPath, 'plan', 'autumn', '--requests', '--json'], {
        ...{ cwd: world.root, env: world.env, extendEnv: false, input, reject: false },
      });

    const flawed = await plan('[{"item": "calm", "request": "x"}]');
    const nothing = await plan('');
    const before = await world.read('.regen-plan.md');
    const given = [
      { item: 'calm', text: 'no bakery.' },
      { item: 'clam', text: 'x' },
    ];
    const planned = await plan(JSON.stringify(given));

    expect(flawed.exitCode).toBe(2);
    expect(flawed.stderr).toContain("the change requests can't be used: [0].text: ");
    expect(nothing).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('no change requests') as string,
    });
    expect(before).toBeNull();
    expect(JSON.parse(planned.stdout)).toMatchObject({
      changeRequests: [{ item: 'calm', text: 'no bakery.' }],
      audit: {
        warnings: ['the change request for "clam" was dropped: the plan has no such item; "calm" was meant?'],
      },
    });
    expect(await world.read('.regen-plan.md')).toContain('## Change Requests\n\n- calm: no bakery.\n');
    expect(world.model.requests).toEqual([]);
  });
});
