import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import type { TreeEntry } from '../../src/model/base-tree.js';
import type { Choice } from '../../src/model/target.js';
import { pickerOf } from './picker-of.js';
import { makeRepository, runGit } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import { makeScratch } from '../support/scratch.js';
import { openTree } from './counted-tree.js';
import type { CountedTree } from './counted-tree.js';
import { surroundingsOf } from './surroundings.js';

const { signal } = new AbortController();
const now = new Date('2026-01-01T00:00:00Z');

const metadata = (updated: string) => `library: x\nupdated: ${updated}\n`;

/** Targets by age: bars (never), area (12:00+02:00), pie (12:00Z, two files), zigzag (later); empty has no items. */
const catalog = {
  'plots/area/specification.yaml': 'id: area\n',
  'plots/area/specification.md': '# area: Filled Area\n',
  'plots/area/implementations/altair.py': 'pass\n',
  'plots/area/implementations/__init__.py': '',
  'plots/area/implementations/plotly.py': 'pass\n',
  'plots/area/metadata/altair.yaml': metadata("'2025-06-01T12:00:00+02:00'"),
  'plots/bars/specification.yaml': 'id: bars\n',
  'plots/bars/implementations/altair.py': 'pass\n',
  'plots/empty/specification.yaml': 'id: empty\n',
  'plots/pie/specification.yaml': 'id: pie\n',
  'plots/pie/implementations/altair.py': 'pass\n',
  'plots/pie/metadata/altair.yaml': metadata('2025-01-01'),
  'plots/pie/metadata/plotly.yaml': metadata('2025-06-01T12:00:00Z'),
  'plots/zigzag/specification.yaml': 'id: zigzag\n',
  'plots/zigzag/implementations/altair.py': 'pass\n',
  'plots/zigzag/metadata/altair.yaml': 'created: 2025-07-01 00:00:00\n',
};

const catalogConfig = `version: 1
targets:
  glob: plots/*/specification.yaml
  title: plots/{target}/specification.md
  updated: { files: 'plots/{target}/metadata/*.yaml', fields: [updated, created] }
items:
  glob: plots/{target}/implementations/*.py
  exclude: ['**/__init__.py']
prompt: { task: Redo it. }
`;

interface Asked {
  readonly wanted?: string;
  readonly archives?: Readonly<Record<string, string>>;
  readonly open?: Readonly<Record<string, readonly number[]>>;
  readonly shipped?: Readonly<Record<string, string>>;
}

function choose(tree: CountedTree, yaml: string, asked: Asked = {}, lines: string[] = []): Promise<Choice> {
  const picker = pickerOf(parseConfig(yaml), surroundingsOf({ lines }));
  const archives = Object.entries(asked.archives ?? {}).map(
    ([target, at]) => [target, new Date(at)] as const,
  );
  return picker.choose(
    {
      tree,
      wanted: asked.wanted ?? null,
      archives: new Map(archives),
      shipped: new Map(
        Object.entries(asked.shipped ?? {}).map(([target, at]) => [target, new Date(at)] as const),
      ),
      openPullRequests: asked.open === undefined ? null : new Map(Object.entries(asked.open)),
      now,
    },
    signal,
  );
}

describe('choosing by the age in metadata', () => {
  let repository: TestRepository;
  let tree: CountedTree;

  beforeAll(async () => {
    repository = await makeRepository({ files: catalog });
    // The working copy says something else; only the commit counts.
    await repository.git('rm', '--quiet', '-r', 'plots/bars');
  });

  afterAll(() => repository.cleanup());

  const open = () => (tree = openTree(repository));

  it('takes what was never updated first, with its items by name', async () => {
    const choice = await choose(open(), catalogConfig);

    expect(choice).toEqual({
      kind: 'picked',
      target: { id: 'bars', title: null, updated: null },
      items: [{ id: 'altair', skipped: null }],
      why: 'never updated, so older than all that were',
      passedOver: [],
    });
  });

  it('compares instants, not texts, and counts the newest file of a target', async () => {
    const choice = await choose(open(), catalogConfig, {
      archives: { bars: '2025-12-01T00:00:00Z', empty: '2025-12-01T00:00:00Z' },
    });

    expect(choice).toEqual({
      kind: 'picked',
      target: { id: 'area', title: 'Filled Area', updated: new Date('2025-06-01T10:00:00Z') },
      items: [
        { id: 'altair', skipped: null },
        { id: 'plotly', skipped: null },
      ],
      why: 'the oldest: last updated 2025-06-01T10:00:00Z',
      passedOver: [],
    });
  });

  it('asks git once for the names and once for all metadata', async () => {
    await choose(open(), catalogConfig);

    expect({ read: tree.asked.read, history: tree.asked.history }).toEqual({ read: 1, history: 0 });
  });

  it('passes over what rests, what is under way and what has nothing to redo, and says so', async () => {
    const choice = await choose(open(), catalogConfig, {
      archives: { area: '2025-12-31T21:00:00Z' },
      open: { bars: [7], pie: [8, 9], area: [] },
    });

    expect(choice).toEqual({
      kind: 'picked',
      target: { id: 'zigzag', title: null, updated: new Date('2025-07-01T00:00:00Z') },
      items: [{ id: 'altair', skipped: null }],
      why: 'the oldest: last updated 2025-07-01T00:00:00Z; 3 before it passed over',
      passedOver: [
        { target: 'bars', reason: 'has an open pull request of ours: #7' },
        { target: 'empty', reason: 'has no items on the base' },
        { target: 'pie', reason: 'has open pull requests of ours: #8, #9' },
      ],
    });
  });

  it('lets an archive make a target younger, never older', async () => {
    const finished = await choose(open(), catalogConfig, {
      archives: { bars: '2025-05-01T00:00:00Z', empty: '2025-12-01T00:00:00Z', area: '2020-01-01T00:00:00Z' },
    });

    expect(finished).toMatchObject({
      target: { id: 'bars' },
      why: 'the oldest: last finished 2025-05-01T00:00:00Z',
    });
  });

  it('finds nothing when every target rests', async () => {
    const recently = Object.fromEntries(
      ['area', 'bars', 'pie', 'zigzag'].map((id) => [id, '2025-12-31T23:59:30Z']),
    );

    const choice = await choose(open(), catalogConfig, { archives: recently });

    const reason = 'was finished 30 s ago, and minAge is 20 h 00 m';
    expect(choice).toEqual({
      kind: 'none',
      passedOver: [
        { target: 'empty', reason: 'has no items on the base' },
        ...['area', 'bars', 'pie', 'zigzag'].map((target) => ({ target, reason })),
      ],
    });
  });

  it('lets a target rest that had an item shipped, although its plan was never archived', async () => {
    const first = await choose(open(), catalogConfig);
    const oldest = first.kind === 'picked' ? first.target.id : '';

    const choice = await choose(open(), catalogConfig, { shipped: { [oldest]: '2025-12-31T23:00:00Z' } });

    expect(choice).toMatchObject({
      kind: 'picked',
      passedOver: expect.arrayContaining([
        { target: oldest, reason: 'had an item shipped 1 h 00 m ago, and minAge is 20 h 00 m' },
      ]) as unknown,
    });
  });

  it('takes the target that a person names, whatever speaks against it', async () => {
    const choice = await choose(open(), catalogConfig, {
      wanted: 'zigzag',
      archives: { zigzag: '2025-12-31T23:00:00Z' },
      open: { zigzag: [3] },
    });

    expect(choice).toMatchObject({
      kind: 'picked',
      target: { id: 'zigzag', updated: new Date('2025-07-01T00:00:00Z') },
      why:
        'named on the command line, although it was finished 1 h 00 m ago, and minAge is 20 h 00 m, ' +
        'although it has an open pull request of ours: #3',
      passedOver: [],
    });
  });

  it('knows a name that is no target, and one without items', async () => {
    const unknown = await choose(open(), catalogConfig, { wanted: 'scatter' });
    const empty = await choose(open(), catalogConfig, { wanted: 'empty' });

    expect(unknown).toEqual({
      kind: 'unknown',
      wanted: 'scatter',
      known: ['area', 'bars', 'empty', 'pie', 'zigzag'],
    });
    expect(empty).toEqual({
      kind: 'none',
      passedOver: [{ target: 'empty', reason: 'has no items on the base' }],
    });
  });

  it('goes by name when the config says so', async () => {
    const byName = catalogConfig.replace('targets:', 'targets:\n  order: name');

    const choice = await choose(open(), byName);

    expect(choice).toMatchObject({
      target: { id: 'area', updated: new Date('2025-06-01T10:00:00Z') },
      why: 'the first by name',
    });
  });

  it('reads no history and no metadata when the list itself tells the ages', async () => {
    const listed = catalogConfig
      .replace(
        'glob: plots/*/specification.yaml',
        'list: [{ id: pie, updated: 2025-01-02, title: Cake }, { id: area, updated: 2025-01-01T23:00:00-05:00 }]',
      )
      .replace('  title: plots/{target}/specification.md\n', '');

    const choice = await choose(open(), listed);

    expect(choice).toMatchObject({
      target: { id: 'pie', title: 'Cake', updated: new Date('2025-01-02T00:00:00Z') },
    });
    expect(tree.asked).toEqual({ entries: 2, read: 0, history: 0 });
  });

  it('lists the items as they were written, of whatever target', async () => {
    const listed = catalogConfig.replace(
      'glob: plots/{target}/implementations/*.py',
      "list: [pygal, altair]\n  writes: ['plots/{target}/{item}.py']",
    );
    const picker = pickerOf(parseConfig(listed), surroundingsOf());

    const items = await picker.items(open(), 'empty', signal);

    expect(items.map((item) => item.id)).toEqual(['pygal', 'altair']);
  });
});

describe('metadata that can not be read', () => {
  it('warns, counts the readable files, and lets a target without any go first', async () => {
    const bad = Array.from({ length: 7 }, (_, index) => [`b/meta/${index}.yaml`, 'updated: soon\n'] as const);
    const repository = await makeRepository({
      files: {
        'a/x.py': '',
        'a/meta/1.yaml': 'updated: [\n',
        'a/meta/2.yaml': 'updated: 2025-01-01\n',
        'b/x.py': '',
        ...Object.fromEntries(bad),
      },
    });
    const yaml = `version: 1
targets: { glob: '*/x.py', updated: { files: '{target}/meta/*.yaml', fields: [updated] } }
items: { glob: '{target}/*.py' }
prompt: { task: Redo it. }
`;
    const lines: string[] = [];

    const choice = await choose(openTree(repository), yaml, {}, lines);
    await repository.cleanup();

    expect(choice).toMatchObject({ target: { id: 'b', updated: null } });
    expect(lines).toEqual([
      expect.stringMatching(/^warning: no age in a\/meta\/1\.yaml: not valid YAML: /),
      ...[0, 1, 2, 3].map(
        (index) => `warning: no age in b/meta/${index}.yaml: "updated" is no point in time: "soon"`,
      ),
      'warning: no age in 3 more files',
    ]);
  });
});

describe('choosing by history', () => {
  const yaml = `version: 1
targets: { glob: 'pages/{target}/*.md', updated: git }
items: { glob: 'pages/{target}/{item}.md' }
prompt: { task: Redo it. }
`;

  it('takes the newest commit that touched an item of the target', async () => {
    const repository = await makeRepository({
      files: { 'pages/linux/a.md': '1', 'pages/osx/a.md': '1', 'pages/osx/notes.txt': '1' },
      commits: [
        { files: { 'pages/osx/a.md': '2' }, date: '2025-03-01T00:00:00+02:00' },
        { files: { 'pages/linux/a.md': '2' }, date: '2025-03-01T00:00:00+00:00' },
        { files: { 'pages/osx/notes.txt': '2', 'pages/osx/gone.md': '1' }, date: '2025-04-01T00:00:00Z' },
        { files: { 'pages/osx/gone.md': null }, date: '2025-05-01T00:00:00Z' },
      ],
    });

    const choice = await choose(openTree(repository), yaml);
    await repository.cleanup();

    expect(choice).toMatchObject({ target: { id: 'osx', updated: new Date('2025-02-28T22:00:00Z') } });
  });

  it('warns when the clone is shallow: the history that is missing holds the ages', async () => {
    await using scratch = await makeScratch();
    const origin = await makeRepository({
      files: { 'pages/a/x.md': '1', 'pages/b/x.md': '1' },
      commits: [{ files: { 'pages/a/x.md': '2' }, date: '2025-02-01T00:00:00Z' }],
    });
    const root = scratch.in('shallow');
    await runGit(scratch.folder, ['clone', '--quiet', '--depth=1', `file://${origin.root}`, root]);
    const lines: string[] = [];

    await choose(openTree({ ...origin, root }), yaml, {}, lines);
    await origin.cleanup();

    expect(lines).toEqual([expect.stringContaining('"git fetch --unshallow" mends it')]);
  });

  it('reads no more of the history than it needs', async () => {
    const entry = (path: string): TreeEntry => ({ path, mode: '100644', sha: path, size: 1 });
    const told: string[] = [];
    const tree: CountedTree = {
      sha: '0'.repeat(40),
      asked: { entries: 0, read: 0, history: 0 },
      entries: () => Promise.resolve([entry('pages/a/x.md'), entry('pages/b/x.md'), entry('README.md')]),
      read: () => Promise.resolve(),
      isShallow: () => Promise.resolve(false),
      history(each) {
        const paths = ['README.md', 'pages/a/x.md', 'pages/a/x.md', 'pages/b/x.md', 'pages/old/x.md'];
        for (const path of paths) {
          told.push(path);
          if (!each(path, new Date(Date.UTC(2025, 0, 30 - told.length)))) break;
        }
        return Promise.resolve();
      },
    };

    const choice = await choose(tree, yaml);

    expect(choice).toMatchObject({ target: { id: 'b' } });
    expect(told).toEqual(['README.md', 'pages/a/x.md', 'pages/a/x.md', 'pages/b/x.md']);
  });
});

describe('items', () => {
  const yaml = `version: 1
targets: { list: [common, 'odd/[*]'] }
items:
  glob: pages/{target}/*.md
  skip:
    - { path: 'specs/{item}.txt', when: missing }
    - { path: 'specs/{item}.*', when: empty }
prompt: { task: Redo it. }
`;

  it('are opaque names in code point order, without links', async () => {
    const names = ['[', '[[', '^', '.', '..', 'a b', "it's", 'z\n', '-f', 'Ä', '\u{1F600}', '\uFF5E'];
    const repository = await makeRepository({
      files: Object.fromEntries(names.map((name) => [`pages/common/${name}.md`, 'x'])),
    });
    await repository.git(
      'update-index',
      '--add',
      '--cacheinfo',
      `120000,${await repository.git('rev-parse', 'HEAD:pages/common/^.md')},pages/common/link.md`,
    );
    await repository.git('commit', '--quiet', '-m', 'A link');
    const picker = pickerOf(parseConfig(yaml.replace(/ {2}skip:[^]*?prompt/, 'prompt')), surroundingsOf());

    const items = await picker.items(openTree(repository), 'common', signal);
    await repository.cleanup();

    expect(items.map((item) => item.id)).toEqual([
      '-f',
      '.',
      '..',
      '[',
      '[[',
      '^',
      'a b',
      "it's",
      'z\n',
      'Ä',
      '\uFF5E',
      '\u{1F600}',
    ]);
  });

  it('are refused by name when no folder or branch could be called so', async () => {
    const name = 'ü'.repeat(40);
    const repository = await makeRepository({ files: { [`pages/common/${name}.md`]: 'x' } });
    const picker = pickerOf(parseConfig(yaml.replace(/ {2}skip:[^]*?prompt/, 'prompt')), surroundingsOf());

    const listing = picker.items(openTree(repository), 'common', signal);

    await expect(listing).rejects.toMatchObject({
      code: 'config',
      message: `the item "${name}" has too long a name: percent-encoded, as folders and branches have it, it comes to 240 bytes of at most 200`,
    });
    await repository.cleanup();
  });

  it('name the rule that skips them; a blank file is empty', async () => {
    const repository = await makeRepository({
      files: {
        'pages/odd/[*]/blank.md': 'x',
        'pages/odd/[*]/full.md': 'x',
        'pages/odd/[*]/gone.md': 'x',
        'pages/odd/[*]/zero.md': 'x',
        'pages/odd/x/other.md': 'x',
        'specs/blank.txt': ' \n\t\n',
        'specs/full.txt': '\n',
        'specs/full.md': 'text',
        'specs/zero.txt': '',
      },
    });
    const picker = pickerOf(parseConfig(yaml), surroundingsOf());

    const items = await picker.items(openTree(repository), 'odd/[*]', signal);
    await repository.cleanup();

    expect(items).toEqual([
      { id: 'blank', skipped: 'specs/blank.* is empty' },
      { id: 'full', skipped: null },
      { id: 'gone', skipped: 'specs/gone.txt is missing' },
      { id: 'zero', skipped: 'specs/zero.* is empty' },
    ]);
  });

  it('all skipped for several reasons name each with its count', async () => {
    const repository = await makeRepository({
      files: {
        'pages/common/tar.md': 'x',
        'pages/common/cp.md': 'x',
        'specs/cp.txt': '',
      },
    });

    const chosen = await choose(openTree(repository), yaml);
    await repository.cleanup();

    expect(chosen).toMatchObject({
      passedOver: [
        {
          reason: 'all of its 2 items are skipped: specs/cp.* is empty (1); specs/tar.txt is missing (1)',
        },
        {},
      ],
    });
  });

  it('all skipped pass the target over, unless a person named it', async () => {
    const repository = await makeRepository({ files: { 'pages/common/tar.md': 'x' } });
    const tree = openTree(repository);

    const chosen = await choose(tree, yaml);
    const named = await choose(tree, yaml, { wanted: 'common' });
    await repository.cleanup();

    expect(chosen).toEqual({
      kind: 'none',
      passedOver: [
        { target: 'common', reason: 'all of its 1 items are skipped: specs/tar.txt is missing' },
        { target: 'odd/[*]', reason: 'has no items on the base' },
      ],
    });
    expect(named).toMatchObject({
      kind: 'picked',
      items: [{ id: 'tar', skipped: 'specs/tar.txt is missing' }],
    });
  });
});
