/** `mode: batch`: submitted, waited for, collected, whatever happens in between. */
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../../src/model/step-result.js';
import { batchWorld } from '../../support/batch-world.js';
import { commitElsewhere } from '../../support/elsewhere.js';
import { guideFiles, paragraphText } from '../../support/guide.js';

describe('a batch', () => {
  it('is submitted, waited for, and collected in any order; its answers are shipped pack by pack at half the price', async () => {
    await using both = await batchWorld({ polls: 2 });
    const { world, model } = both;

    const submitted = await world.regen(['--json']);
    const plan = await world.read('.regen-plan.md');
    const status = await world.regen(['status', '--json']);
    const waiting = await world.regen(['--json']);
    const collected = await world.regen(['--json']);
    const second = await world.regen(['--json']);
    const cost = await world.regen(['cost', '--json']);

    const [batch] = model.batches();
    expect(submitted).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', remaining: 12 } });
    expect(plan).toContain(`- [~] page-01#1\n`);
    expect(plan).toContain(`- page-01#1: batch ${batch?.id ?? ''} (`);
    expect(status.document).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ id: 'page-01#1', state: 'waiting', reason: `batch ${batch?.id ?? ''}` }),
      ]) as unknown,
    });
    expect(waiting).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(collected).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', item: 'pack-1' } });
    expect(second).toMatchObject({
      exitCode: 0,
      document: { outcome: 'shipped', item: 'pack-2', remaining: 0 },
    });
    expect(model.batches()).toHaveLength(1);
    expect(model.bill.every(({ isBatch }) => isBatch)).toBe(true);
    expect(cost.document).toMatchObject({ total: { usage: { requests: 2 } } });
  });

  it('is told once: the usages of the steps add up to the ledger', async () => {
    await using both = await batchWorld(
      { polls: 1 },
      { worker: 'mode: batch, count: 3, poll: 1s, prewarm: false' },
    );
    const { world } = both;

    const steps = [];
    for (let step = 0; step < 6; step += 1) steps.push(await world.regen(['--json', '--no-wait-state']));
    const cost = await world.regen(['cost', '--json']);

    const requests = steps.map(({ document }) => (document as StepResult).usage.requests);
    const input = steps.map(({ document }) => (document as StepResult).usage.input);
    expect(steps.at(-1)).toMatchObject({ document: { mode: 'done' } });
    expect(requests.slice(0, -1)).toEqual([0, 4, 0, 0, 0]);
    expect(cost.document).toMatchObject({
      total: { usage: { requests: 4, input: input.slice(0, -1).reduce((sum, tokens) => sum + tokens, 0) } },
    });
  });

  it('tells what the model left as it was in the step that collects, and no more', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world } = both;
    const short = paragraphText(1, 1).replace(/, in more words.*$/, '.');
    const page = guideFiles({ pages: 1, paragraphs: 6 })['docs/guide/page-01.md'] ?? '';
    await commitElsewhere(world, 'main', {
      'docs/guide/page-01.md': page.replace(paragraphText(1, 1), short),
    });
    await world.regen(['abandon']);
    await world.regen(['plan', 'guide']);

    const run = [];
    for (let step = 0; step < 3; step += 1) run.push(await world.regen(['--json', '--no-wait-state']));
    const told = run.flatMap(({ document }) => (document as StepResult).items ?? []);

    expect(told.filter(({ outcome }) => outcome === 'unchanged').map(({ id }) => id)).toEqual(['page-01#1']);
    expect(told.filter(({ outcome }) => outcome === 'shipped')).toHaveLength(11);
    await world.repository.git('fetch', '--quiet', 'origin');
    const branches = await world.repository.git('branch', '--remotes', '--list', 'origin/regen/*');
    expect(branches.split('\n').map((name) => name.trim())).toEqual([
      'origin/regen/guide/pack-1',
      'origin/regen/guide/pack-2',
    ]);
  });

  it('tells what it has marked also where what is left waits for another batch', async () => {
    const kept = paragraphText(1, 1);
    const met = new Set<string>();
    await using both = await batchWorld({ polls: 1 }, {}, {}, ({ text }) => {
      if (text === kept) return text;
      if (met.has(text)) return `${text} Once.`;
      met.add(text);
      return null;
    });
    const { world } = both;
    await world.regen([]);

    const again = await world.regen(['--json', '--no-wait-state']);
    const text = await world.regen([]);

    expect(again).toMatchObject({
      exitCode: 75,
      document: {
        ...{ outcome: 'waiting', usage: { requests: 2 } },
        items: [{ id: 'page-01#1', outcome: 'unchanged' }],
      },
    });
    expect(text.stdout).not.toContain('page-01#1');
  });

  it('is told with the engine that collects it, where regen.yaml has the other', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world, model } = both;
    await world.regen([]);
    const before = await world.read('.regen-plan.md');
    const whole = ((await world.read('regen.yaml')) ?? '').replace(/^ {2}(?:blocks|skip): .*\n/gm, '');
    await world.write({ 'regen.yaml': whole.replace('engine: worker', 'engine: agent') });

    const id = model.batches()[0]?.id ?? '';
    const collect = await world.regen(['batch', 'collect', id]);
    const step = await world.regen([]);

    expect(collect.exitCode).toBe(2);
    expect(collect.stderr).toContain('engine: worker');
    expect(step.exitCode).toBe(2);
    expect(step.stderr).toContain(`"page-01#1" waits for batch ${model.batches()[0]?.id ?? ''}`);
    expect(step.stderr).toContain('engine: worker');
    expect(await world.read('.regen-plan.md')).toBe(before);
  });

  it('that "regen batch collect" fetched is told there, and by no step', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world, model } = both;
    await world.regen([]);

    const fetched = await world.regen(['batch', 'collect', model.batches()[0]?.id ?? '', '--json']);
    const first = await world.regen(['--json', '--no-wait-state']);
    const second = await world.regen(['--json', '--no-wait-state']);

    expect(fetched.document).toMatchObject({ answered: 12, usage: { requests: 2 } });
    expect(first.document).toMatchObject({ outcome: 'shipped', usage: { requests: 0 } });
    expect(second.document).toMatchObject({ outcome: 'shipped', usage: { requests: 0 } });
  });

  it('is found again when the answer to its submission was lost', async () => {
    await using both = await batchWorld({
      polls: 1,
      create: (number) => (number === 1 ? 'drop' : 'answer'),
    });
    const { world, model } = both;

    const lost = await world.regen(['--json']);
    const found = await world.regen(['--json', '--no-wait-state']);
    const after = await world.regen(['--json', '--no-wait-state']);

    expect(lost).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect([found.exitCode, after.exitCode]).toContain(0);
    expect(model.batches()).toHaveLength(1);
  });

  it('keeps what succeeded, and handles errored, expired and canceled requests each in its own way', async () => {
    const ends = ['errored', 'expired', 'canceled', 'succeeded'] as const;
    let results = 0;
    await using both = await batchWorld(
      { polls: 1, results: () => ends[results++] ?? 'succeeded' },
      { worker: 'mode: batch, count: 3, poll: 1s, prewarm: false' },
    );
    const { world, model } = both;
    await world.regen(['--json']);

    const collected = await world.regen(['--json', '--no-wait-state']);
    const plan = await world.read('.regen-plan.md');
    const again = await world.regen(['--json', '--no-wait-state']);
    const rest = await world.regen(['--json', '--no-wait-state']);

    expect(collected).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', item: 'pack-4' } });
    expect(plan?.match(/^- \[x\] page/gm)).toHaveLength(3);
    expect(plan?.match(/^- \[-\] page-02#[123]$/gm)).toHaveLength(3);
    expect(plan).toContain('skipped: its batch was canceled');
    expect(plan?.match(/^- \[ \] page-01#\d$/gm)).toHaveLength(6);
    expect(again).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(rest).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(model.batches()).toHaveLength(2);
  });

  it('leaves an item that a person has set to [ ] meanwhile alone, and asks anew for it', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world, model } = both;
    await world.regen(['--json']);
    const waiting = (await world.read('.regen-plan.md')) ?? '';
    await world.write({ '.regen-plan.md': waiting.replace('- [~] page-01#2\n', '- [ ] page-01#2\n') });

    await world.regen(['--json']);
    const plan = await world.read('.regen-plan.md');

    expect(plan).toContain('- [x] page-01#1\n- [ ] page-01#2\n- [x] page-01#3\n');
    expect(model.bill).toHaveLength(2);
  });

  it('is collected by its id, and refused by another', async () => {
    await using both = await batchWorld({ polls: 3 });
    const { world, model } = both;
    await world.regen(['--json']);
    const id = model.batches()[0]?.id ?? '';

    const stranger = await world.regen(['batch', 'collect', 'msgbatch_other', '--json']);
    const early = await world.regen(['batch', 'collect', id, '--json']);
    await model.endBatch(id);
    const collected = await world.regen(['batch', 'collect', id, '--json']);
    const twice = await world.regen(['batch', 'collect', id, '--json']);

    expect(stranger).toMatchObject({ exitCode: 2, document: { error: { code: 'usage' } } });
    expect(early).toMatchObject({ exitCode: 75 });
    expect(collected).toMatchObject({
      exitCode: 0,
      document: {
        batch: id,
        target: 'guide',
        succeeded: 2,
        errored: 0,
        expired: 0,
        canceled: 0,
        answered: 12,
      },
    });
    expect(twice.exitCode).toBe(2);
  });

  it('is called off when its plan is abandoned, and what it has cost by then is booked', async () => {
    await using both = await batchWorld({ polls: 2, doneBeforeCancel: (_id, index) => index === 0 });
    const { world, model } = both;
    await world.regen(['--json']);

    await world.regen(['abandon']);
    await world.regen(['plan', 'guide']);
    await world.regen(['--json', '--no-wait-state']);
    const step = await world.regen(['--json', '--no-wait-state']);
    const cost = await world.regen(['cost', '--json']);

    const [first] = model.batches();
    expect(first?.status).toBe('ended');
    expect(step.exitCode).toBe(75);
    expect(cost.document).toMatchObject({ total: { usage: { requests: 1 } } });
  });
});
