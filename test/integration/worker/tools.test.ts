/** The worker's model with tools: a server of the config's, and our own. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { use } from '../../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../../src/demo/model/request.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const server = fileURLToPath(new URL('../../support/tool-server.mjs', import.meta.url));
const page = 'docs/guide/page-01.md';

it('lets the model look things up, runs the loop to its answer, and books every turn', async () => {
  const answers = packScript({ answer: ({ text }) => `${text} Once.` });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({
      worker: `count: 4, mcp: { regen: true, servers: { tests: { command: ['${process.execPath}', '${server}'] } } }`,
    }),
    script: (request) =>
      request.turn === 1 ? use({ name: 'tests__echo', input: { text: 'heard' } }) : answers(request),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);
  const cost = await world.regen(['cost', '--json']);

  const last = world.model.requests.at(-1)?.scripted?.request;
  expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  expect(last?.toolResults[0]?.text).toBe('heard');
  expect(last?.tools).toEqual(last?.tools.toSorted());
  expect(last?.tools).toContain('regen__get_schema_for_block_type');
  expect(cost.document).toMatchObject({ total: { usage: { requests: 2 } } });
});

interface Page {
  readonly blocks: readonly { readonly id: string; readonly text: string }[];
  readonly left: number;
}

/** What is still to be done besides the message's own blocks. */
function othersTold({ toolResults }: Pick<ScriptedRequest, 'toolResults'>): Page {
  const told = toolResults.find(({ name }) => name === 'regen__get_block_batch');
  return JSON.parse(told?.text ?? '{"blocks":[],"left":0}') as Page; // our own tool's answer
}

it('answers our own tools’ calls by what the message says, also when the base has moved', async () => {
  const answers = packScript({
    answer: ({ text }) => `${text} Once.`,
    faults: ({ number }) => (number === 1 ? 'missing' : null),
  });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 6 }),
    config: guideConfig({ worker: 'count: 2, mcp: { regen: true }' }).replace(
      'prompt:',
      "prompt:\n  references: ['docs/style.md']",
    ),
    script: (request) => {
      if (request.turn > 2) return answers(request);
      if (request.turn === 2) {
        const { id = '' } = othersTold(request).blocks[0] ?? {};
        return use({ name: 'regen__lookup_previous_results', input: { item: id } });
      }
      return use(
        { name: 'regen__get_block_batch', input: { kind: 'paragraph' } },
        { name: 'regen__get_schema_for_block_type', input: { kind: 'paragraph' } },
        { name: 'regen__lookup_previous_results', input: { item: '1' } },
        { name: 'regen__search_style_rules', input: { query: 'active voice short sentences' } },
      );
    },
  });
  await world.regen(['plan', 'guide']);
  await world.regen([]);
  const before = await world.repository.git('show', `HEAD:${page}`);
  const inserted = 'A paragraph that is new here, and that nobody was asked about at all.\n\nParagraph 1 of';
  await world.repository.commit({ files: { [page]: before.replace('Paragraph 1 of', inserted) } });
  await world.repository.git('push', '--quiet', 'origin', 'main');

  const step = await world.regen(['--json']);

  const last = world.model.requests.at(-1)?.scripted?.request;
  const [batch, schema, own, rules, other] = last?.toolResults ?? [];
  expect(step.document).toMatchObject({ outcome: 'shipped' });
  // The second paragraph had no result beside the first.
  expect(last?.firstMessage).toContain(paragraphText(1, 2));
  expect([batch, schema, own, rules, other].map((result) => result?.isError)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect(othersTold({ toolResults: last?.toolResults ?? [] })).toMatchObject({
    blocks: [3, 4, 5, 6].map((number) => ({
      id: `page-01#${number}`,
      text: paragraphText(1, number),
    })),
    left: 0,
  });
  expect(JSON.parse(schema?.text ?? '')).toMatchObject({ kind: 'paragraph', entry: { type: 'object' } });
  expect(own?.text).toMatch(/^Block 1 is page-01#2\.\n# Attempt 1 \([\d-]+\): .*result/);
  expect(rules?.text).toContain('write short sentences, in the active voice');
  expect(other?.text).toBe('Nothing is known of earlier work at page-01#3.');
});

it('asks nobody when the tools alone make a call dearer than it may be', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig({
      worker: `maxUsd: 0.002, mcp: { servers: { tests: { command: ['${process.execPath}', '${server}', '--describes=90000'] } } }`,
    }),
    script: packScript({ answer: ({ text }) => `${text} Once.` }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen([]);

  expect(step.exitCode).toBe(2);
  expect(step.stderr).toContain('worker.maxUsd is $0.002, and the next call is expected to cost $0.003');
  expect(world.model.bill).toEqual([]);
});
