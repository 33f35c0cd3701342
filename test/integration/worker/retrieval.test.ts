/** Reference documents: whole in the cached prefix, or only what is found for a pack, whichever costs less. */
import { once as onceOf } from 'node:events';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { say } from '../../../src/demo/model/reply.js';
import type { PackPromptReport } from '../../../src/model/prompt-report.js';
import { startEmbeddings } from '../../support/embeddings.js';
import type { EmbeddingFault, Embeddings } from '../../support/embeddings.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

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

/** Paragraphs that the glossary has something about, and as many that it says nothing about, in turn. */
function mixedFiles(pairs: number) {
  const paragraphs = Array.from({ length: pairs }, (_, index) => [
    `The topic${index} comes up in this paragraph about topic${index}.`,
    `Zebras${index} quarrel with xylophones${index} beyond jagged quicksand${index}.`,
  ]);
  const { 'docs/style.md': style } = guideFiles({ pages: 0, paragraphs: 0 });
  return {
    'docs/style.md': style ?? '',
    'docs/guide/page-01.md': `# One\n\n${paragraphs.flat().join('\n\n')}\n`,
    'reference/glossary.md': glossary(400),
  };
}

it('reckons with what is found for a call, and not with the most that may be', async () => {
  const paragraphs = [0, 1, 2, 3, 4, 5].map(
    (index) => `The topic${index} comes up here, about topic${index}.`,
  );
  const page = `# One\n\n${paragraphs.join('\n\n')}\n\nZebras quarrel with jagged quicksand.\n`;
  await using world = await makeWorld({
    files: { ...mixedFiles(0), 'docs/guide/page-01.md': page, 'reference/glossary.md': glossary(200) },
    config: guideConfig({ worker: 'count: 1', more: retrieval('') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  // With 2,000 tokens a call it would be the other way round.
  expect(step.stderr).toMatch(
    /references: what is found costs less than all references: .* \(for 7 calls, 1 of which misses and gets all\)/,
  );
});

it('says “at most” of what only vectors could tell', async () => {
  await using endpoint = await startEmbeddings({});
  const embeddings = `{ url: '${endpoint.url}/v1/embeddings', model: toy, usdPerMillionTokens: 0.1 }`;
  await using world = await makeWorld({
    files: files(30),
    config: guideConfig({ worker: 'count: 1', more: retrieval(`, embeddings: ${embeddings}`) }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  expect(step.stderr).toMatch(
    /references: .*: \S+ for all, at most \S+ for what is found \(for 3 calls, without those that miss/,
  );
});

interface CallRow {
  readonly kind: string;
  readonly stage: string;
  readonly prefixHash: string;
  readonly cache?: string;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
}

async function rowsOf(world: World, kind: 'message' | 'run'): Promise<readonly CallRow[]> {
  const lines = ((await world.read('.regen/ledger.jsonl')) ?? '').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as CallRow).filter((row) => row.kind === kind);
}

/** Six items that are found and six that miss, each by itself; returns what the ledger has of the calls. */
async function asked(use: string) {
  await using world = await makeWorld({
    files: mixedFiles(6),
    config: guideConfig({ worker: 'count: 1', more: retrieval(`, use: ${use}`) }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  const run = await world.regen(['run', '--json']);
  const cost = await world.regen(['cost', '--json']);
  const { costUsd } = (cost.document as { total: { usage: { costUsd: number } } }).total.usage;
  return {
    ...{ run, costUsd, calls: await rowsOf(world, 'message'), runs: await rowsOf(world, 'run') },
    log: run.stderr,
  };
}

it('reads all references from the cache for items that miss, so that many of them cost no more than the whole corpus', async () => {
  const searched = await asked('always');
  const whole = await asked('never');

  const full = whole.calls[0]?.prefixHash;
  const missed = searched.calls.filter(({ prefixHash }) => prefixHash === full);
  const [first, ...others] = missed;
  const references = 2 * 2.5 * 400;
  expect([searched, whole].map(({ run, calls }) => [run.exitCode, calls.length])).toEqual([
    [0, 12],
    [0, 12],
  ]);
  expect(missed).toHaveLength(6);
  // What stands before the references was in the cache already.
  expect(first?.cacheRead).toBeGreaterThan(1000);
  expect(first?.cacheWrite5m).toBeGreaterThan(references);
  expect(others.map(({ cacheWrite5m }) => cacheWrite5m)).toEqual([0, 0, 0, 0, 0]);
  expect(new Set(others.map(({ cacheRead }) => cacheRead)).size).toBe(1);
  expect(Math.max(...searched.calls.map(({ input }) => input))).toBeLessThan(2000);
  expect(searched.runs.map(({ cache }) => cache)).not.toContain('drifted');
  expect(searched.log).toContain('(for 12 calls, 6 of which miss and get all)');
  expect(searched.costUsd).toBeLessThanOrEqual(whole.costUsd * 1.02);
}, 120_000);

it('sends all references where too many calls miss for searching them to be cheaper', async () => {
  const files = mixedFiles(6);
  const paragraphs = Array.from(
    { length: 6 },
    (_, index) => `Zebras${index} quarrel with quicksand${index}.`,
  );
  await using world = await makeWorld({
    files: { ...files, 'docs/guide/page-01.md': `# One\n\n${paragraphs.join('\n\n')}\n` },
    config: guideConfig({ worker: 'count: 1', more: retrieval('') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  expect(step.stderr).toMatch(
    /references: all references cost no more than what is found: (\S+) for all, \1 for what is found \(for 6 calls, 6 of which miss and get all\)/,
  );
});

it('shows the prompt as it is asked: the choice that was kept, and all references for what misses', async () => {
  await using world = await makeWorld({
    files: mixedFiles(3),
    config: guideConfig({ worker: 'count: 1', more: retrieval(', use: always') }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  const before = (await world.regen(['prompt', 'page-01#2', '--json'])).document as PackPromptReport;
  await world.regen(['run', '--max-steps', '5']);
  const after = (await world.regen(['prompt', 'page-01#6', '--json'])).document as PackPromptReport;

  const calls = await rowsOf(world, 'message');
  const [, second, , fourth] = calls;
  expect(before.prefix).toMatchObject({ hash: second?.prefixHash, isMeasured: false });
  expect(before.prefix.parts.map(({ endsWith }) => endsWith)).toEqual([
    'docs/style.md',
    'references',
    'prompt.task',
  ]);
  expect(after.prefix).toMatchObject({
    ...{ hash: second?.prefixHash, isMeasured: true, tokens: fourth?.cacheRead },
  });
  expect(before.cost.plan).toMatchObject({ items: 6, packs: { calls: 6 } });
  // Three calls with all references, the first of which writes them.
  expect(before.cost.plan.packs.cached).toBeLessThan((before.cost.plan.packs.uncached ?? 0) / 1.5);
}, 60_000);

it('shows no prefix as measured while its only call read but the beginning of it, with tools as well', async () => {
  await using world = await makeWorld({
    files: mixedFiles(2),
    config: guideConfig({
      worker: 'count: 1, mcp: { regen: true }',
      more: retrieval(', use: always'),
    }),
    script: packScript({ answer: once }),
  });
  await world.regen(['plan', 'guide']);
  await world.regen(['run', '--max-steps', '3']);
  const early = (await world.regen(['prompt', 'page-01#4', '--json'])).document as PackPromptReport;
  await world.regen(['run']);

  const [, second, , fourth] = await rowsOf(world, 'message');
  expect(second?.cacheRead).toBeGreaterThan(0);
  expect(early.prefix).toMatchObject({ hash: second?.prefixHash, isMeasured: false });
  expect(early.prefix.tokens).toBeGreaterThan((second?.cacheRead ?? 0) * 2);
  expect(fourth?.cacheRead).toBeGreaterThan((second?.cacheRead ?? 0) * 2);
}, 60_000);

it('writes both prefixes to the cache before a batch, where enough requests of each read them', async () => {
  await using world = await makeWorld({
    files: mixedFiles(12),
    config: guideConfig({ worker: 'count: 1, mode: batch', more: retrieval(', use: always') }),
    script: packScript({ answer: once, other: () => say('.') }),
  });
  await world.regen(['plan', 'guide']);

  const step = await world.regen(['--json']);

  const warmed = await rowsOf(world, 'message');
  expect(step.exitCode).toBe(75);
  expect(step.stderr.match(/batch: the prefix of 12 requests is cached for 1h/g)).toHaveLength(2);
  expect(warmed.map(({ stage }) => stage)).toEqual(['prewarm', 'prewarm']);
  expect(new Set(warmed.map(({ prefixHash }) => prefixHash)).size).toBe(2);
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
