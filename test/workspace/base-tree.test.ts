import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BaseTree } from '../../src/model/base-tree.js';
import { createBatchReader } from '../../src/workspace/batch-reader.js';
import { createHistoryReader } from '../../src/workspace/history-reader.js';
import { link, makeScene, signal } from './scene.js';

async function readAll(tree: BaseTree, paths: readonly string[]): Promise<[string, string | null][]> {
  const read: [string, string | null][] = [];
  await tree.read(paths, (path, content) => read.push([path, content?.toString() ?? null]), signal);
  return read;
}

const odd = { 'a b': '1', 'line\nbreak': '2\n', '"quoted"': '', ünï: 'ä\n\n', '-x': '0 blob 3\n' };

describe('the base’s files', () => {
  it('are listed with mode and size', async () => {
    await using scene = await makeScene({ files: { 'dir/file': 'four', empty: '' } });
    await link(scene.root, 'link', 'dir/file');
    const sha = await scene.repository.commit({ files: {} });

    const entries = await scene.workspace.tree(sha).entries(signal);

    expect(entries.map(({ path, mode, size }) => [path, mode, size])).toEqual([
      ['dir/file', '100644', 4],
      ['empty', '100644', 0],
      ['link', '120000', 8],
    ]);
  });

  it('are read in the order asked, whatever their names', async () => {
    await using scene = await makeScene({ files: odd });
    const { sha } = await scene.workspace.knownBase(signal);
    const paths = ['ünï', 'missing', ...Object.keys(odd), 'a b', 'dir'];

    const read = await readAll(scene.workspace.tree(sha), paths);

    expect(read).toEqual([
      ['ünï', 'ä\n\n'],
      ['missing', null],
      ...Object.entries(odd),
      ['a b', '1'],
      ['dir', null],
    ]);
  });

  it('are null when none of them is there, without git', async () => {
    await using scene = await makeScene({ files: odd });
    const { sha } = await scene.workspace.knownBase(signal);

    expect(await readAll(scene.workspace.tree(sha), ['x', 'y'])).toEqual([
      ['x', null],
      ['y', null],
    ]);
    expect(await readAll(scene.workspace.tree(sha), [])).toEqual([]);
  });

  it('are the pinned commit’s, also when the agent plants replacements', async () => {
    await using scene = await makeScene({ files: { prompt: 'good' } });
    const { sha } = await scene.workspace.knownBase(signal);
    const evil = await scene.repository.commit({ files: { prompt: 'evil' } });
    await scene.repository.git('replace', `${sha}:prompt`, `${evil}:prompt`);
    await scene.repository.git('replace', sha, evil);

    expect(await readAll(scene.workspace.tree(sha), ['prompt'])).toEqual([['prompt', 'good']]);
  });

  it('are read through symlinks as a checkout would show them', async () => {
    await using scene = await makeScene({ files: { 'dir/file': 'content' } });
    await link(scene.root, 'dir/near', 'file');
    await link(scene.root, 'far', 'dir/near');
    await link(scene.root, 'outside', '/etc/hostname');
    await link(scene.root, 'circle', 'circle');
    const sha = await scene.repository.commit({ files: {} });

    const read = await readAll(scene.workspace.tree(sha), [
      'far',
      'outside',
      'dir/near',
      'circle',
      'dir/file',
    ]);

    expect(read).toEqual([
      ['far', 'content'],
      ['outside', null],
      ['dir/near', 'content'],
      ['circle', null],
      ['dir/file', 'content'],
    ]);
  });

  it('stop being read when the reader fails', async () => {
    await using scene = await makeScene({ files: odd });
    const { sha } = await scene.workspace.knownBase(signal);
    const fail = () => {
      throw new Error('not wanted');
    };

    await expect(scene.workspace.tree(sha).read(['a b'], fail, signal)).rejects.toThrow('not wanted');
  });

  it('are asked for again after an interruption', async () => {
    await using scene = await makeScene({ files: { a: '1' } });
    const { sha } = await scene.workspace.knownBase(signal);
    const tree = scene.workspace.tree(sha);

    await expect(tree.entries(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');

    expect(await readAll(tree, ['a'])).toEqual([['a', '1']]);
  });

  it('are none of a commit that isn’t there', async () => {
    await using scene = await makeScene();

    await expect(scene.workspace.tree('0'.repeat(40)).entries(signal)).rejects.toMatchObject({
      code: 'environment',
    });
  });
});

describe('the batch reader', () => {
  const contents = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(null)), { maxLength: 8 });

  it('gives back what was sent, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(contents, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
        const read: (Buffer | null)[] = [];
        const take = createBatchReader((content) => read.push(content));
        const stream = Buffer.concat(
          sent.flatMap((bytes) =>
            bytes === null
              ? [Buffer.from('abc missing\n')]
              : [Buffer.from(`abc blob ${bytes.length}\n`), bytes, Buffer.from('\n')],
          ),
        );

        for (let start = 0, turn = 0; start < stream.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          take(stream.subarray(start, start + length));
          start += length;
        }

        expect(read).toEqual(sent.map((bytes) => (bytes === null ? null : Buffer.from(bytes))));
      }),
    );
  });
});

describe('history', () => {
  const commits = [
    { files: { a: '2' }, date: '2025-02-01T00:00:00Z' },
    { files: { 'line\nbreak': '2', b: '2' }, date: '2025-03-01T00:00:00Z' },
    { files: {}, date: '2025-04-01T00:00:00Z' },
    { files: { c: null }, date: '2025-05-01T00:00:00Z' },
  ];
  const files = { a: '1', b: '1', c: '1', d: '1', 'line\nbreak': '1' };

  it('tells each path once, newest first', async () => {
    await using scene = await makeScene({ files, commits });
    const { sha } = await scene.workspace.knownBase(signal);
    const told: [string, string][] = [];

    await scene.workspace
      .tree(sha)
      .history((path, committed) => told.push([path, committed.toISOString().slice(0, 10)]) > 0, signal);

    expect(told).toEqual([
      ['c', '2025-05-01'],
      ['b', '2025-03-01'],
      ['line\nbreak', '2025-03-01'],
      ['a', '2025-02-01'],
      ['d', '2025-01-01'],
    ]);
  });

  it('ends as soon as enough is known', async () => {
    await using scene = await makeScene({ files, commits });
    const { sha } = await scene.workspace.knownBase(signal);
    const told: string[] = [];

    await scene.workspace.tree(sha).history((path) => told.push(path) < 2, signal);

    expect(told).toEqual(['c', 'b']);
  });

  it('is not misled by a person’s settings', async () => {
    await using scene = await makeScene({ files, commits });
    const { sha } = await scene.workspace.knownBase(signal);
    const settings = {
      'log.showRoot': 'false',
      'log.showSignature': 'true',
      'diff.orderFile': 'nowhere',
      'diff.external': 'false',
      'diff.relative': 'true',
      'color.ui': 'always',
    };
    for (const [name, value] of Object.entries(settings)) await scene.repository.git('config', name, value);
    const told: string[] = [];

    await scene.workspace.tree(sha).history((path) => told.push(path) > 0, signal);

    expect(told).toEqual(['c', 'b', 'line\nbreak', 'a', 'd']);
  });

  it('is read across chunks cut within a name', () => {
    const told: string[] = [];
    const take = createHistoryReader((path, committed) => told.push(`${path} ${committed.getTime()}`) > 0);
    const stream = Buffer.from('\u00007\u0000\u00006\0\nä\0\nb\0\u00005\0\nä\0');

    for (const byte of stream) take(Buffer.from([byte]));

    expect(told).toEqual(['ä 6000', '\nb 6000']);
  });
});
