import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchPacking } from '../../src/cli/bench.js';
import type { PackingBenchFlags } from '../../src/cli/bench.js';
import { createInvocation } from '../../src/cli/invocation.js';
import { createReporter } from '../../src/cli/reporter.js';
import { makeRepository, writeFiles } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import { guideConfig, guideFiles } from '../support/guide.js';

let repository: TestRepository;

beforeAll(async () => {
  repository = await makeRepository({ files: guideFiles({ pages: 1, paragraphs: 1 }) });
  const line = (id: string) => `{"id":"${id}","text":"a","expected":"A"}\n`;
  await writeFiles(repository.root, {
    'regen.yaml': guideConfig(),
    'labels.jsonl': line('a') + line('b'),
    'bad.jsonl': `${line('a')}{"id":"b","text":"b"}\n`,
  });
  await mkdir(`${repository.root}/folder`);
});

afterAll(() => repository.cleanup());

const set = 'labels.jsonl';

it.each<[PackingBenchFlags, string]>([
  [{}, '"regen bench packing" needs a labelled set'],
  [{ set: 'none.jsonl' }, 'there is no file none.jsonl'],
  [{ set: 'bad.jsonl' }, 'bad.jsonl:2: has neither "expected" nor "accept"; it needs one of the two'],
  [{ set: '' }, '--set names no file'],
  [{ set, sizes: '2,50' }, '--sizes 50: labels.jsonl has 2 items only'],
  [{ set, sizes: '2,x' }, '--sizes takes whole numbers from 1 on, not "x"'],
  [{ set, models: 'haiku,' }, '--models takes names of models with commas in between'],
  [{ set, maxUsd: '-1' }, '--max-usd takes a number above 0, not "-1"'],
  [{ set, target: 'giude' }, '"giude" is neither a command nor a target on the base'],
  [{ set, output: '-' }, '-o names no file'],
  [{ check: true }, '--check: nothing is stored in .regen/bench/packing.json'],
  [{ check: true, output: 'none.json' }, '--check: nothing is stored in none.json'],
])('%j is refused before anything is asked', async (flags, message) => {
  const options = { cwd: repository.root };
  const reporter = createReporter({ quiet: true });
  const invocation = await createInvocation(options, reporter, new AbortController().signal, []);

  await expect(benchPacking(invocation, flags)).rejects.toMatchObject({ code: 'usage', message });
});

it('-o names a file that can be written, before anything is paid', async () => {
  const reporter = createReporter({ quiet: true });
  const options = { cwd: repository.root };
  const invocation = await createInvocation(options, reporter, new AbortController().signal, []);

  for (const output of ['folder', 'no/such/folder.json']) {
    await expect(benchPacking(invocation, { set, output })).rejects.toMatchObject({ code: 'usage' });
  }
});
