/** Which model an item gets: by its score, by a cheap model's word, by a person's, and by what failed. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { broken, failWith, refuse, say } from '../../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../../src/demo/model/reply.js';
import type { LedgerRow } from '../../../src/model/ledger.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

/** The classifier's answer: whatever holds the number 2 is hard, the rest is simple. */
function classify(message: string): string {
  const ids = Array.from(
    message.matchAll(/<item path="([^"]*)">\n([^]*?)\n<\/item>/g),
    ([, id = '', text = '']) => ({
      id: decodeURIComponent(id),
      class: text.startsWith('Paragraph 2') ? 'hard' : 'simple',
    }),
  );
  return JSON.stringify({ items: ids });
}

it('asks a cheap model about every item, writes the models into the plan, and packs by model', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 3 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({ answer: once, other: (request) => say(classify(request.firstMessage)) }),
  });

  const planned = await world.regen(['plan', 'guide']);
  const plan = await world.read('.regen-plan.md');
  await world.write({
    '.regen-plan.md': plan?.replace('page-01#3 (model: haiku)', 'page-01#3 (model: opus)') ?? '',
  });
  const steps = [await world.regen(['--json']), await world.regen(['--json']), await world.regen(['--json'])];
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  expect(planned.stderr).toContain('guide: routing: asks haiku about 6 items');
  expect(plan).toContain('- [ ] page-01#1 (model: haiku)\n- [ ] page-01#2 (model: sonnet)\n');
  expect(steps.map(({ document }) => (document as { outcome: string }).outcome)).toEqual([
    'shipped',
    'shipped',
    'shipped',
  ]);
  expect(world.model.bill.map(({ model }) => model)).toEqual([
    'claude-haiku-5-5',
    'claude-haiku-5-5',
    'claude-sonnet-5-5',
    'claude-opus-5-5',
  ]);
  expect(cost.document).toMatchObject({ groups: [{ key: 'classify' }, { key: 'worker' }] });
});

it.each([
  ['regen plan', ['plan', 'guide', '--json']],
  ['the step that plans', ['guide', '--json']],
  ['a run', ['run', '--max-steps', '1', '--json']],
])('counts what the classifier took once, in the usage of %s', async (_what, command) => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 51 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({ answer: once, other: (request) => say(classify(request.firstMessage)) }),
  });

  const made = await world.regen(command);
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  const { groups } = cost.document as { groups: readonly { key: string; usage: unknown }[] };
  expect(groups).toMatchObject([{ key: 'classify', usage: { requests: 2 } }]);
  expect(made.document).toMatchObject({ usage: groups[0]?.usage });
});

it('tells a person what planning took', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({ answer: once, other: (request) => say(classify(request.firstMessage)) }),
  });

  const planned = await world.regen(['plan', 'guide']);
  await world.regen(['abandon']);
  const step = await world.regen(['guide']);

  expect(planned.stdout).toMatch(/^Planning took [\d.k]+ tokens, \$[\d.]+\.$/m);
  expect(step.stdout).toMatch(/^Planning took [\d.k]+ tokens, \$[\d.]+\.$/m);
});

it('makes no plan while the classifier can’t be asked, and asks anew for what it hasn’t answered', async () => {
  const message = '{"items": []}';
  const faults: Record<string, ScriptedReply> = {
    429: failWith(429, 'Slow down.', { 'retry-after': '600', 'x-should-retry': 'false' }),
    500: failWith(500, 'Oh.', { 'x-should-retry': 'false' }),
    drop: broken(say(message), 'drop'),
    401: failWith(401),
    403: failWith(403),
    404: failWith(404, 'model: haiku'),
    400: failWith(400, 'no such thing'),
  };
  let fault: ScriptedReply | null = null;
  let answered = 0;
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 51 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({
      answer: once,
      other: (request) => {
        const isSecond = !request.firstMessage.includes('page-01#1"');
        if (isSecond && fault !== null) return fault;
        answered += 1;
        return say(classify(request.firstMessage));
      },
    }),
  });

  const ends: unknown[] = [];
  const hints: string[] = [];
  for (const [name, reply] of Object.entries(faults)) {
    fault = reply;
    const { exitCode, stdout } = await world.regen(['plan', 'guide', '--json']);
    ends.push([name, exitCode, await world.read('.regen-plan.md')]);
    hints.push(stdout);
  }
  fault = faults['429'] ?? null;
  const waiting = await world.regen(['--json']);
  const asked = world.model.requests.length;
  const stillWaiting = await world.regen(['--json']);
  const askedWhileWaiting = world.model.requests.length - asked;
  fault = null;
  const planned = await world.regen(['plan', 'guide', '--json']);
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  expect(ends).toEqual([
    ['400', 2, null],
    ['401', 3, null],
    ['403', 3, null],
    ['404', 2, null],
    ['429', 75, null],
    ['500', 75, null],
    ['drop', 75, null],
  ]);
  expect(hints[0]).toContain('routing.classifier (left out: the first of routing.models)');
  expect(hints[4]).toContain('No plan was made');
  expect([waiting.exitCode, stillWaiting.exitCode, askedWhileWaiting]).toEqual([75, 75, 0]);
  expect(planned.exitCode).toBe(0);
  expect(answered).toBe(2);
  expect(await world.read('.regen-plan.md')).toContain('- [ ] page-01#2 (model: sonnet)\n');
  // Two answers, and what came of the one that was dropped.
  expect(cost.document).toMatchObject({ groups: [{ key: 'classify', usage: { requests: 3 } }] });
});

it('goes by the scores where the answer is no good, and says for which items and why', async () => {
  const answers = [
    refuse(),
    say('nope'),
    say(JSON.stringify({ items: [{ id: 'page-01#1', class: 'hard' }] })),
  ];
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: always }\n' }),
    script: packScript({ answer: once, other: () => answers.shift() ?? say('') }),
  });

  const plans: (readonly [number | undefined, string, string | null])[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { exitCode, stderr } = await world.regen(['plan', 'guide']);
    plans.push([exitCode, stderr, await world.read('.regen-plan.md')]);
    await world.regen(['abandon']);
  }

  const all = 'the scores decide for "page-01#1", "page-01#2"';
  expect(plans.map(([exitCode]) => exitCode)).toEqual([0, 0, 0]);
  expect(plans[0]?.[1]).toContain(
    `haiku gave no usable answer (refused by the model: the model declined): ${all}`,
  );
  expect(plans[1]?.[1]).toContain(
    `haiku gave no usable answer (no structured answer: the answer is no JSON): ${all}`,
  );
  expect(plans[2]?.[1]).toContain('"page-01#2" has no class: its score decides');
  expect(plans[2]?.[2]).toContain('- [ ] page-01#1 (model: sonnet)\n- [ ] page-01#2 (model: haiku)\n');
});

it('says that it asks when it does, and not when the day has no money left for it', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({
      more: 'routing: { models: [haiku, sonnet], classify: always }\nbudget: { dayUsd: 0.0000001 }\n',
    }),
    script: packScript({ answer: once, other: (request) => say(classify(request.firstMessage)) }),
  });

  const first = await world.regen(['plan', 'guide']);
  await world.regen(['abandon']);
  const second = await world.regen(['plan', 'guide']);

  expect(first.stderr).toContain('asks haiku about 3 items');
  expect(second.exitCode).toBe(75);
  expect(second.stderr).not.toContain('asks haiku');
  expect(world.model.bill).toHaveLength(1);
});

it('gives an item that failed alone to the next dearer model', async () => {
  const lost = paragraphText(1, 2);
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ more: 'routing: { models: [haiku, sonnet], classify: never }\n' }),
    script: (request) =>
      packScript({
        answer: (block) => (block.text === lost && request.model.includes('haiku') ? '' : once(block)),
      })(request),
  });
  await world.regen(['plan', 'guide']);

  await world.regen(['--json']);
  const second = await world.regen(['--json']);

  expect(second.document).toMatchObject({ outcome: 'shipped', item: 'page-01#2', remaining: 0 });
  expect(world.model.bill.map(({ model }) => model.includes('sonnet'))).toEqual([false, false, true]);
});

it('writes no cache for a model’s only call, however warm another’s is, and reads its own with the last', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 5 }),
    config: guideConfig({
      worker: 'count: 2',
      more: 'routing: { models: [haiku, sonnet], classify: never }\n',
    }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({ '.regen-plan.md': plan.replace('#5 (model: haiku)', '#5 (model: sonnet)') });

  for (let step = 0; step < 3; step += 1) await world.regen(['--json']);

  const uses = world.model.bill.map(({ model, tokens }) => ({
    model,
    writes: tokens.cacheWrite5m + tokens.cacheWrite1h > 0,
    reads: tokens.cacheRead > 0,
  }));
  expect(uses).toEqual([
    { model: 'claude-haiku-5-5', writes: true, reads: false },
    { model: 'claude-haiku-5-5', writes: false, reads: true },
    { model: 'claude-sonnet-5-5', writes: false, reads: false },
  ]);
});

it('writes the prefix to the cache of each model before a batch, where enough requests of each read it', async () => {
  const routing = 'routing: { models: [haiku, sonnet], classify: never, below: 1, above: 1 }\n';
  await using world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 15 }),
    config: guideConfig({
      worker: 'mode: batch, count: 1, poll: 1s',
      more: `${routing}budget: { targetUsd: 5 }\n`,
    }),
    script: packScript({ answer: once, other: () => say('.') }),
  });
  await world.regen(['plan', 'guide']);
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({
    '.regen-plan.md': plan.replace(/(page-02#\d+) \(model: haiku\)/g, '$1 (model: sonnet)'),
  });

  const submitted = await world.regen(['--json', '--no-wait-state']);
  const collected = await world.regen(['--json', '--no-wait-state']);

  const rows = ((await world.read('.regen/ledger.jsonl')) ?? '').trim().split('\n');
  const messages = rows.map((row) => JSON.parse(row) as LedgerRow).filter((row) => row.kind === 'message');
  const warmed = messages.filter(({ stage }) => stage === 'prewarm');
  const asked = messages.filter(({ stage }) => stage === 'worker');
  expect([submitted.exitCode, collected.exitCode]).toEqual([75, 0]);
  expect(submitted.stderr.match(/batch: the prefix of .* without$/gm)).toEqual(
    ['haiku', 'sonnet'].map(
      (model) =>
        expect.stringMatching(
          new RegExp(`the prefix of 15 requests to ${model} is cached for 1h: about \\S+, \\S+ without`, 'u'),
        ) as string,
    ),
  );
  expect(warmed.map(({ model }) => model)).toEqual(['claude-haiku-5-5', 'claude-sonnet-5-5']);
  expect(new Set(warmed.map(({ prefixHash }) => prefixHash)).size).toBe(1);
  expect(asked).toHaveLength(30);
  expect(new Set(asked.map(({ cacheRead }) => cacheRead))).toEqual(new Set([warmed[0]?.cacheWrite1h]));
});

it('says both sums as well where a model’s requests are too few for its prefix to be cached', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({ worker: 'mode: batch, count: 1' }),
    script: packScript({ answer: once, other: () => say('.') }),
  });
  await world.regen(['plan', 'guide']);

  const { stderr } = await world.regen(['--json']);

  expect(stderr).toMatch(/^batch: the prefix of 2 requests is sent plain: about \S+, \S+ if cached for 1h$/m);
  expect(world.model.bill).toEqual([]);
});
