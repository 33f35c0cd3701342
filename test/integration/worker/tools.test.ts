/** The worker's model with tools: a server of the config's, and our own. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { use } from '../../../src/demo/model/reply.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const server = fileURLToPath(new URL('../../support/tool-server.mjs', import.meta.url));

it('lets the model look things up, runs the loop to its answer, and books every turn', async () => {
  const answers = packScript({ answer: ({ text }) => `${text} Once.` });
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({
      worker: `count: 4, mcp: { regen: true, servers: { tests: { command: ['${process.execPath}', '${server}'] } } }`,
    }),
    script: (request) =>
      request.turn === 1 ? use({ name: 'regen__get_block_batch', input: { count: 2 } }) : answers(request),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);
  const cost = await world.regen(['cost', '--json']);

  const last = world.model.requests.at(-1)?.scripted?.request;
  expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
  expect(last?.toolResults[0]?.text).toContain('Paragraph 1 of page 1');
  expect(last?.tools).toEqual(last?.tools.toSorted());
  expect(last?.tools).toContain('regen__get_schema_for_block_type');
  expect(cost.document).toMatchObject({ total: { usage: { requests: 2 } } });
});
