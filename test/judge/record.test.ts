import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRecorder } from '../../src/judge/record.js';
import type { BaseTree } from '../../src/model/base-tree.js';
import type { CheckResult, Evaluation } from '../../src/model/verdict.js';
import { baseTreeOf } from '../support/base-tree.js';
import { configWith, makePlace } from '../support/item-place.js';
import type { TestPlace } from '../support/item-place.js';
import { evaluation } from '../support/rubric.js';

const places: TestPlace[] = [];
const metadata = 'meta/{target}/{item}.yaml';
const header = { file: 'src/{item}.py', match: '^Updated:.*$', line: 'Updated: {date}' };

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.cleanup()));
});

describe('recording', () => {
  it('creates the metadata with its instants and fields', async () => {
    const place = await open();

    const result = await record(place, {
      metadata,
      fields: {
        preview: 'https://x.invalid/{target}/{item}.png',
        version: { run: 'echo " 1.20 "; echo noise >&2; : {item}' },
        issue: '{parentIssue}',
      },
    });

    expect(result).toEqual({
      name: 'record',
      ok: true,
      durationMs: expect.any(Number) as number,
      digest: null,
      notes: [],
      log: '.regen/runs/attempt/record-0.log',
    });
    expect(await read(place, 'meta/scatter-basic/altair.yaml')).toBe(`created: 2026-05-02T14:02:11Z
updated: 2026-05-02T14:02:11Z
preview: https://x.invalid/scatter-basic/altair.png
version: "1.20"
issue: 5650
`);
  });

  it('writes score and review, and the same score into fields and header', async () => {
    const place = await open({
      'src/altair.py': 'Quality: 70/100\n',
      'meta/scatter-basic/altair.yaml': `quality_score: 70
review: # by hand, once
  strengths: [old]
tags: [a] # kept
`,
    });

    const result = await record(
      place,
      {
        metadata,
        fields: { short: '{score}: {breakdown}' },
        header: { file: 'src/{item}.py', match: '^Quality:.*$', line: 'Quality: {score}/100' },
      },
      { judged: evaluation, more: { evaluate: { rubric: 'r.yaml', attach: ['plot.png'] } } },
    );

    expect(result.digest).toBeNull();
    expect(await read(place, 'src/altair.py')).toBe('Quality: 86/100\n');
    expect(await read(place, 'meta/scatter-basic/altair.yaml')).toBe(`quality_score: 86
review:
  image_description: A picture on white.
  strengths:
    - Clear axes.
  weaknesses:
    - Too many colors.
  verdict: NEEDS_WORK
  criteria_checklist:
    VQ:
      score: 30
      max: 30
      items:
        - id: VQ-01
          name: Legibility
          score: 20
          max: 20
          passed: true
          comment: Nothing to mend.
        - id: VQ-02
          name: No overlap
          score: 10
          max: 10
          passed: true
          comment: Nothing to mend.
    DE:
      score: 13
      max: 20
      items:
        - id: DE-01
          name: Restraint
          score: 13
          max: 20
          passed: false
          comment: Lost 7.
tags: [a] # kept
updated: 2026-05-02T14:02:11Z
short: "86: VQ: 30/30 | DE: 13/20"
`);
  });

  it('keeps when the metadata was created, foreign keys and comments', async () => {
    const place = await open({
      'meta/scatter-basic/altair.yaml':
        '# kept\ncreated: 2025-01-01T00:00:00Z\nupdated: 2025-01-01T00:00:00Z\ntags: [a]\n',
    });

    await record(place, { metadata });

    expect(await read(place, 'meta/scatter-basic/altair.yaml')).toBe(
      '# kept\ncreated: 2025-01-01T00:00:00Z\nupdated: 2026-05-02T14:02:11Z\ntags: [a]\n',
    );
  });

  it('keeps what the judge saw when there was nothing attached, too', async () => {
    const place = await open();

    await record(
      place,
      { metadata: 'm.yaml' },
      { judged: evaluation, more: { evaluate: { rubric: 'r.yaml' } } },
    );

    expect(await read(place, 'm.yaml')).toContain(
      'review:\n  description: A picture on white.\n  strengths:\n    - Clear axes.\n',
    );
  });

  it('takes what the agent made of the metadata if nothing is lost', async () => {
    const place = await open({ 'm.yaml': '# anew\ntags: [b]\nmore: 1\ncreated: "2020-01-01"\nissue: 78\n' });

    const result = await record(
      place,
      { metadata: 'm.yaml' },
      { base: { 'm.yaml': 'created: 2020-01-01 # first\nissue: 77\ntags: [a]\nupdated: 2021-01-01\n' } },
    );

    expect(result.notes).toEqual([]);
    expect(await read(place, 'm.yaml')).toBe(
      '# anew\ntags: [b]\nmore: 1\ncreated: "2020-01-01"\nissue: 78\nupdated: 2026-05-02T14:02:11Z\n',
    );
  });

  it.each([
    [
      'created: 1999-01-01\nquality_score: 100\nreview: {verdict: APPROVED}\n',
      'it lost issue, impl_tags and changed created',
    ],
    ['issue: 77\nimpl_tags: []\n', 'it lost created'],
    ['created: 1999-01-01\nissue: 77\nimpl_tags: []\n', 'it changed created'],
    [null, 'it was removed'],
    ['', 'it lost created, issue, impl_tags'],
  ])('goes on from the base when the agent made this of it: %j', async (own, what) => {
    const place = await open(own === null ? {} : { 'm.yaml': own });
    const base = 'created: 2020-01-01T00:00:00Z # first\nissue: 77\nimpl_tags: [x]\nquality_score: 3\n';

    const result = await record(
      place,
      { metadata: 'm.yaml' },
      { judged: evaluation, base: { 'm.yaml': base } },
    );

    expect([result.ok, result.notes]).toEqual([
      true,
      [`metadata: the agent’s version was left out: ${what}`],
    ]);
    expect(await read(place, 'm.yaml')).toContain(
      `${base.replace('score: 3', 'score: 86')}updated: 2026-05-02T14:02:11Z\nreview:\n`,
    );
  });

  it('makes up no instant of creation that the base doesn’t have', async () => {
    const place = await open({
      'old.yaml': 'created: 1999-01-01\n',
      'new.yaml': 'created: 1999-01-01\na: 0x1F # b\n',
    });
    const base = { 'old.yaml': 'a: 1\n' };

    const old = await record(place, { metadata: 'old.yaml' }, { base });
    const made = await record(place, { metadata: 'new.yaml' }, { base });

    expect([old.notes, made.notes]).toEqual([
      ['metadata: the agent’s version was left out: it lost a and added created'],
      [],
    ]);
    expect(await read(place, 'old.yaml')).toBe('a: 1\nupdated: 2026-05-02T14:02:11Z\n');
    expect(await read(place, 'new.yaml')).toBe(
      'created: 2026-05-02T14:02:11Z\na: 0x1F # b\nupdated: 2026-05-02T14:02:11Z\n',
    );
  });

  it('comes to the same when it is done again', async () => {
    const place = await open({ 'm.yaml': 'created: 1999-01-01\n' });
    const own = { metadata: 'm.yaml', fields: { created: '{date}', lib: '{item}' } };
    const base = { 'm.yaml': 'created: 2020-01-01\nlib: x\nissue: 77\n' };

    await record(place, own, { base });
    const again = await record(place, own, { base });

    expect([again.ok, again.notes]).toEqual([true, []]);
    expect(await read(place, 'm.yaml')).toBe(
      'created: "2026-05-02"\nlib: altair\nissue: 77\nupdated: 2026-05-02T14:02:11Z\n',
    );
  });

  it.each([
    [
      'a: [1\n',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
    ],
    [Buffer.from('a: caf\xe9\n', 'latin1'), 'it is not UTF-8 text'],
  ])('takes the agent’s version of metadata that was unreadable: %j', async (before, why) => {
    const place = await open({ 'm.yaml': 'a: 1\n' });

    const result = await record(place, { metadata: 'm.yaml' }, { base: { 'm.yaml': before } });

    expect(result.notes).toEqual([
      `metadata: what the agent’s version has lost can’t be told: the base’s can’t be read: ${why}`,
    ]);
    expect(await read(place, 'm.yaml')).toBe('a: 1\nupdated: 2026-05-02T14:02:11Z\n');
  });

  it.each([
    ['x: *nope\n', '"*nope" is read as a reference to an anchor that is not there at line 1, column 4'],
    [`a: ${'x'.repeat(1_000_000)}\n`, 'it has more than 1000000 characters'],
    [`${'? '.repeat(300)}a\n`, 'it is nested too deeply'],
  ])('goes on from the base when the agent’s version is unreadable: %#', async (after, why) => {
    const place = await open({ 'm.yaml': after });

    const result = await record(place, { metadata: 'm.yaml' }, { base: { 'm.yaml': 'a: 1 # one\n' } });

    expect([result.digest, result.notes]).toEqual([
      null,
      [`metadata: the agent’s version was left out: it can’t be read: ${why}`],
    ]);
    expect(await read(place, 'm.yaml')).toBe('a: 1 # one\nupdated: 2026-05-02T14:02:11Z\n');
  });

  it('writes the header and keeps the file’s mode', async () => {
    const place = await open({ 'src/altair.py': '#!/usr/bin/env python\nUpdated: never\n' });
    await chmod(join(place.cwd, 'src/altair.py'), 0o755);

    const result = await record(place, { header });

    expect(result.digest).toBeNull();
    expect(await read(place, 'src/altair.py')).toBe('#!/usr/bin/env python\nUpdated: 2026-05-02\n');
    expect((await stat(join(place.cwd, 'src/altair.py'))).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['record.header: src/altair.py: nothing matches ^Updated:.*$', { metadata, header }],
    ['record.header: src/other.py is not there', { metadata, header: { ...header, file: 'src/other.py' } }],
    [
      'record.fields: the command of field version: exit code 1',
      { metadata, fields: { version: { run: 'false' } } },
    ],
    [
      'record.fields: the command of field version: printed nothing',
      { metadata, fields: { version: { run: 'true' } } },
    ],
    ['record.metadata: list.yaml can’t be read: it is not a mapping', { metadata: 'list.yaml' }],
    [
      'record.metadata: alias.yaml can’t be read: "*nope" is read as a reference to an anchor that is not there at line 1, column 4',
      { metadata: 'alias.yaml' },
    ],
    [
      'record.metadata: kept.yaml can’t be kept as it is: another key refers to &a, which stands in updated',
      { metadata: 'kept.yaml' },
    ],
  ])('writes nothing at all when something fails: %s', async (digest, config) => {
    const files = {
      'src/altair.py': 'print()\n',
      'list.yaml': '- a\n',
      'alias.yaml': 'x: *nope\n',
      'kept.yaml': 'updated: &a 1\nsince: *a\n',
    };
    const place = await open(files);

    const result = await record(place, config);

    expect([result.ok, result.digest?.split('\n')[0]]).toEqual([false, digest]);
    expect((await readdir(place.cwd)).sort()).toEqual(['alias.yaml', 'kept.yaml', 'list.yaml', 'src']);
    for (const [path, text] of Object.entries(files)) expect(await read(place, path)).toBe(text);
  });

  it.each(['../../escaped.yaml', '/escaped.yaml', 'linked/altair.yaml', 'link.yaml'])(
    'stays in the worktree: %s',
    async (path) => {
      const place = await open();
      const outside = join(place.root, 'outside');
      await mkdir(outside);
      await writeFile(join(outside, 'file.yaml'), 'a: 1\n');
      await symlink(outside, join(place.cwd, 'linked'));
      await symlink(join(outside, 'file.yaml'), join(place.cwd, 'link.yaml'));

      const result = await record(place, { metadata: path });

      expect(result.digest).toBe(
        `record.metadata: ${path} leads out of the worktree, or through a symbolic link`,
      );
      expect(await readdir(outside)).toEqual(['file.yaml']);
      expect(await readFile(join(outside, 'file.yaml'), 'utf8')).toBe('a: 1\n');
    },
  );

  it('never rewrites a file whose bytes it can’t give back', async () => {
    const place = await open();
    const bytes = Buffer.from('Updated: x\n# caf\xe9\n', 'latin1');
    await writeFile(join(place.cwd, 'old.py'), bytes);

    const result = await record(place, { header: { ...header, file: 'old.py' } });

    expect(result.digest).toBe('record.header: old.py is not UTF-8 text');
    expect(await readFile(join(place.cwd, 'old.py'))).toEqual(bytes);
  });
});

async function open(files: Readonly<Record<string, string>> = {}): Promise<TestPlace> {
  const place = await makePlace(files);
  places.push(place);
  return place;
}

interface Circumstances {
  readonly judged?: Evaluation | null;
  readonly more?: Record<string, unknown>;
  /** Left out: the agent has left the metadata as the base has it. */
  readonly base?: Readonly<Record<string, string | Buffer>>;
}

function record(
  place: TestPlace,
  own: unknown,
  { judged = null, more = {}, base }: Circumstances = {},
): Promise<CheckResult> {
  const config = configWith({ record: own, ...more });
  const recorder = createRecorder({ surroundings: place.surroundings, config });
  const facts = { evaluation: judged, parentIssue: '5650', model: 'sonnet', base: treeOf(place, base) };
  return recorder.record(place, facts, new AbortController().signal);
}

function treeOf({ cwd }: TestPlace, files: Circumstances['base']): BaseTree {
  if (files !== undefined) return baseTreeOf(files);
  return {
    ...baseTreeOf({}),
    async read(paths, each) {
      for (const path of paths) each(path, await readFile(join(cwd, path)).catch(() => null));
    },
  };
}

function read(place: TestPlace, path: string): Promise<string> {
  return readFile(join(place.cwd, path), 'utf8');
}
