import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { examine } from '../../src/doctor/examine.js';
import { packScript } from '../../src/demo/model/packs.js';
import { wireDoctor } from '../../src/wire-setup.js';
import { startModel } from '../support/claude.js';
import { gitEnvironment, makeRepository, writeFiles } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import { guideConfig, guideFiles } from '../support/guide.js';

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository({ files: guideFiles({ pages: 2, paragraphs: 3 }) });
});

afterEach(() => repository.cleanup());

async function rowsWith(config: string, env: Readonly<Record<string, string>>) {
  await writeFiles(repository.root, { 'regen.yaml': config });
  const outside = {
    // No program of the agent's is to be found.
    env: { ...gitEnvironment(), HOME: path.join(repository.root, '..'), ...env },
    now: () => new Date(),
    newId: randomUUID,
    progress: () => undefined,
  };
  const tools = await wireDoctor(outside, undefined);
  const place = { cwd: repository.root, outside, platform: 'linux' } as const;
  const { checks } = await examine(tools, place, new AbortController().signal);
  return new Map(checks.map(({ name, ...finding }) => [name, finding]));
}

async function scriptedModel() {
  const model = await startModel(packScript({ answer: () => '' }));
  onTestFinished(() => model.close());
  return model;
}

test('the worker needs a key and an API that answers, and no program of the agent’s', async () => {
  const model = await scriptedModel();

  const rows = await rowsWith(guideConfig(), {
    ANTHROPIC_API_KEY: 'key',
    ANTHROPIC_BASE_URL: model.url,
  });

  expect(rows.has('claude') || rows.has('login')).toBe(false);
  expect(rows.get('api')).toEqual({
    state: 'ok',
    detail: 'ANTHROPIC_API_KEY is set; the API answers for haiku',
    mend: null,
  });
  expect(rows.get('blocks')).toEqual({ state: 'ok', detail: 'guide: 10 blocks in 2 files', mend: null });
  expect(model.bill).toEqual([]);
});

test('every model that an item may get is asked for, and one that the API doesn’t know is named', async () => {
  const url = await countingApi({ unknown: 'opus' });
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: url };
  const routed = (routing: string): string => `${guideConfig()}routing: ${routing}\n`;

  const all = await rowsWith(routed('{ models: [haiku, sonnet], classifier: claude-haiku-4-5 }'), env);
  const unasked = await rowsWith(routed('{ models: [haiku, sonnet], classify: never }'), env);
  const unknown = await rowsWith(routed('{ models: [haiku, opus] }'), env);
  const endpoint = guideConfig({ worker: `endpoint: '${url}'` });
  const unknownThere = await rowsWith(`${endpoint}routing: { models: [haiku, opus] }\n`, {});

  expect(all.get('api')?.detail).toMatch(/the API answers for haiku, sonnet and claude-haiku-4-5$/);
  expect(unasked.get('api')?.detail).toMatch(/the API answers for haiku and sonnet$/);
  const refused = {
    state: 'missing',
    detail: expect.stringMatching(/the API refuses the request \(404\): model: \S*opus/) as string,
  };
  expect(unknown.get('api')).toMatchObject(refused);
  expect(unknownThere.get('api')).toMatchObject(refused);
});

/** Counts for every model but one. */
async function countingApi({ unknown }: { readonly unknown: string }): Promise<string> {
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const isUnknown = body.includes(unknown);
      const error = { type: 'not_found_error', message: `model: ${unknown}` };
      response.writeHead(isUnknown ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isUnknown ? { type: 'error', error } : { input_tokens: 7 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return `http://127.0.0.1:${port}`;
}

test('a key that isn’t there is missing, whatever login Claude Code has', async () => {
  const rows = await rowsWith(guideConfig(), { CLAUDE_CODE_OAUTH_TOKEN: 'token' });

  expect(rows.get('api')).toEqual({
    state: 'missing',
    detail: 'no key: neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set',
    mend: 'Set one of them, or name a server that needs none in worker.endpoint. A login of Claude Code is none for the API.',
  });
});

test('an endpoint needs no key, and is told of when it doesn’t answer', async () => {
  const model = await scriptedModel();
  const config = guideConfig({ worker: `endpoint: '${model.url}'` });

  const there = await rowsWith(config, {});
  await model.close();
  const gone = await rowsWith(config, {});

  expect(there.get('api')).toMatchObject({
    state: 'ok',
    detail: `worker.endpoint is ${model.url}; asked without a key; the API answers for haiku`,
  });
  expect(gone.get('api')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('the API doesn’t answer') as string,
    mend: 'Look at the network, worker.endpoint in regen.yaml and ANTHROPIC_BASE_URL.',
  });
});

test.each([
  ['a page', 'text/html', '<html>Log in</html>', 'it is no JSON object'],
  [
    'another object',
    'application/json',
    '{}',
    'input_tokens: invalid input: expected number, received undefined',
  ],
])('an endpoint that answers whatever it is asked with %s is none', async (_, type, body, issue) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` };

  const rows = await rowsWith(guideConfig(), env);

  expect(rows.get('api')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining(`can’t be read: it isn’t a count of tokens: ${issue}`) as string,
    mend: 'Look at the network, worker.endpoint in regen.yaml and ANTHROPIC_BASE_URL.',
  });
});

test('without items.blocks a file is an item; a target without blocks is told of', async () => {
  const model = await scriptedModel();
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: model.url };
  const blocks = '  blocks: { markdown: blocks }\n';

  const files = await rowsWith(
    guideConfig().replace(blocks, '').replace('skip: [{ kind: [heading, code] }]', ''),
    env,
  );
  const none = await rowsWith(guideConfig().replace(blocks, "  blocks: { pattern: '@@(.*?)@@' }\n"), env);

  expect(files.get('blocks')).toMatchObject({
    state: 'ok',
    detail: 'guide: 2 files, an item each (there is no items.blocks)',
  });
  expect(none.get('blocks')).toEqual({
    state: 'missing',
    detail: 'guide: no block in 2 files',
    mend: 'Correct items.glob and items.blocks in regen.yaml.',
  });
});
