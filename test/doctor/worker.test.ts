import { randomUUID } from 'node:crypto';
import path from 'node:path';
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
