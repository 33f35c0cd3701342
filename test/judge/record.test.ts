import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRecorder } from '../../src/judge/record.js';
import type { CheckResult, Evaluation } from '../../src/model/verdict.js';
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
  ])('writes nothing at all when something fails: %s', async (digest, config) => {
    const place = await open({ 'src/altair.py': 'print()\n', 'list.yaml': '- a\n' });

    const result = await record(place, config);

    expect([result.ok, result.digest?.split('\n')[0]]).toEqual([false, digest]);
    expect((await readdir(place.cwd)).sort()).toEqual(['list.yaml', 'src']);
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

function record(
  place: TestPlace,
  own: unknown,
  { judged = null, more = {} }: { judged?: Evaluation | null; more?: Record<string, unknown> } = {},
): Promise<CheckResult> {
  const config = configWith({ record: own, ...more });
  const recorder = createRecorder({ surroundings: place.surroundings, config });
  const facts = { evaluation: judged, parentIssue: '5650', model: 'sonnet' };
  return recorder.record(place, facts, new AbortController().signal);
}

function read(place: TestPlace, path: string): Promise<string> {
  return readFile(join(place.cwd, path), 'utf8');
}
