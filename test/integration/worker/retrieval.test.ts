/** Reference documents: whole in the cached prefix, or only what is found for a pack, whichever costs less. */
import { once as onceOf } from 'node:events';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { startEmbeddings } from '../../support/embeddings.js';
import type { EmbeddingFault, Embeddings } from '../../support/embeddings.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

/** A glossary so long that sending it whole costs more than what a pack needs of it. */
function glossary(entries: number): string {
  const text = Array.from({ length: entries }, (_, index) => {
    const word = `topic${index}`;
    return `## ${word}\n\nThe ${word} is explained here at some length: ${`${word} matters, `.repeat(12)}and so on.`;
  });
  return `# Glossary\n\n${text.join('\n\n')}\n`;
}

function files(entries: number) {
  return {
    ...guideFiles({ pages: 1, paragraphs: 2 }),
    'docs/guide/page-01.md':
      '# One\n\nThe topic3 comes up in this paragraph about topic3.\n\nAnd topic7 in the other one, topic7.\n',
    'reference/glossary.md': glossary(entries),
    'docs/guide/page-02.md':
      '# Two\n\nA neighbour about topic3 that nobody may be shown, topic3 and topic7 at length.\n',
  };
}

const retrieval = (more: string): string =>
  `retrieval: { documents: ['reference/*.md', 'docs/guide/*.md'], leastCoverage: 0.1${more} }\n`;

it('sends what is found where that is cheaper, says so with both sums, and never shows a sibling', async () => {
  await using world = await makeWorld({
    files: files(400),
    config: guideConfig({ worker: 'count: 1', more: retrieval('') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  const body = JSON.stringify(
    world.model.requests.find(({ path }) => path.startsWith('/v1/messages?') || path === '/v1/messages')
      ?.scripted?.request.body,
  );
  expect(step.stderr).toMatch(
    /guide: references: what is found costs less than all references: \S+ for all, \S+ for what is found \(for 3 calls\)/,
  );
  expect(body).toContain('The topic3 is explained here');
  expect(body).not.toContain('The topic44 is explained here');
  expect(body).not.toContain('A neighbour about');
});

it('puts all of a short corpus into the prefix, since that costs no more', async () => {
  await using world = await makeWorld({
    files: files(3),
    config: guideConfig({ worker: 'count: 1', more: retrieval('') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  expect(step.stderr).toContain('references: all references cost no more than what is found');
  expect(world.model.requests.at(-1)?.scripted?.request.system).toContain('The topic2 is explained here');
});

it('fails an item that the references say nothing about, if so configured, and asks no model for it', async () => {
  await using world = await makeWorld({
    files: {
      ...files(30),
      'docs/guide/page-01.md': '# One\n\nZebras quarrel with xylophones beyond jagged quicksand.\n',
    },
    config: guideConfig({ worker: 'count: 5', more: retrieval(', use: always, onMiss: fail') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  expect(step).toMatchObject({ exitCode: 1, document: { outcome: 'failed', item: 'page-01#1' } });
  expect(await world.read('.regen-plan.md')).toContain(
    'FAILED: the references say nothing about it; onMiss: fail',
  );
});

it('searches by vectors of an endpoint as well, keeps them, and books what they cost', async () => {
  await using endpoint = await startEmbeddings({});
  await using world = await makeWorld({
    files: files(30),
    config: guideConfig({
      worker: 'count: 1',
      more: retrieval(
        `, use: always, embeddings: { url: '${endpoint.url}/v1/embeddings', model: toy, usdPerMillionTokens: 0.1 }`,
      ),
    }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  await world.regen(['--json']);
  const first = endpoint.requests.length;
  await world.regen(['--json']);
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  expect(endpoint.requests.length - first).toBe(1);
  expect(cost.document).toMatchObject({ groups: [{ key: 'embed' }, { key: 'worker' }] });
});

/** Two documents of 60 chunks, each a request of its own, and then the items. */
async function withTwoDocuments(endpoint: Embeddings) {
  return makeWorld({
    files: { ...files(60), 'reference/more.md': glossary(60).replaceAll('topic', 'theme') },
    config: guideConfig({
      worker: 'count: 20',
      more: retrieval(
        `, use: always, embeddings: { url: '${endpoint.url}/v1/embeddings', model: toy, usdPerMillionTokens: 1 }`,
      ),
    }),
    script: packScript({ answer: once }),
  });
}

/** As the endpoint counts it. */
function billed({ requests }: Embeddings, numbers: readonly number[]): number {
  const texts = numbers.flatMap((number) => requests[number - 1]?.input ?? []);
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
}

it('books every request that was answered, whatever the endpoint says to the next ones', async () => {
  const faults: Readonly<Record<number, EmbeddingFault>> = {
    2: { kind: 'status', status: 500 },
    3: { kind: 'status', status: 429 },
    4: { kind: 'missing' },
  };
  await using endpoint = await startEmbeddings({ fault: ({ number }) => faults[number] ?? null });
  await using world = await withTwoDocuments(endpoint);
  await world.regen(['plan', 'guide']);

  const exits: unknown[] = [];
  for (let step = 0; step < 4; step += 1) {
    exits.push((await world.regen(['--json', '--no-wait-state'])).exitCode);
  }
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  const input = billed(endpoint, [1, 4, 5, 6]);
  expect(exits).toEqual([75, 75, 3, 0]);
  expect(endpoint.requests).toHaveLength(6);
  expect(cost.document).toMatchObject({
    groups: [
      { key: 'embed', usage: { requests: 4, input, costUsd: expect.closeTo(input / 1e6, 9) as number } },
      {},
    ],
  });
});

it('has booked what was answered before a kill, once', async () => {
  const onSecond = new EventTarget();
  await using endpoint = await startEmbeddings({
    fault: ({ number }) => {
      if (number === 2) onSecond.dispatchEvent(new Event('asked'));
      return null;
    },
  });
  await using world = await withTwoDocuments(endpoint);
  await world.regen(['plan', 'guide']);
  const step = world.start([]);
  onSecond.addEventListener('asked', () => step.kill('SIGKILL'));
  await onceOf(step, 'exit');

  const killed = await world.regen(['cost', '--by', 'stage', '--json']);
  const again = await world.regen(['--json', '--no-wait-state']);
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  expect(killed.document).toMatchObject({
    groups: [{ key: 'embed', usage: { requests: 1, input: billed(endpoint, [1]) } }],
  });
  expect(again.exitCode).toBe(0);
  // What was in flight at the kill was thrown away with its answer: asked again, and on the books once.
  expect(endpoint.requests.map(({ input }) => input.length).slice(0, 3)).toEqual([60, 60, 60]);
  expect(cost.document).toMatchObject({
    groups: [{ key: 'embed', usage: { requests: 3, input: billed(endpoint, [1, 3, 4]) } }, {}],
  });
});

it('says which documents there are none of, before anything is asked', async () => {
  await using world = await makeWorld({
    files: files(3),
    config: guideConfig({ more: "retrieval: { documents: ['reference/*.md', 'manual/{target}/*.md'] }\n" }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen([]);

  expect(step.exitCode).toBe(2);
  expect(step.stderr).toContain(
    'regen.yaml: retrieval.documents: "manual/{target}/*.md" matches no file of the base for guide',
  );
  expect(world.model.bill).toEqual([]);
});
