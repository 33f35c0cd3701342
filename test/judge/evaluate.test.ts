import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createJudge } from '../../src/judge/evaluate.js';
import { baseTreeOf } from '../support/base-tree.js';
import { configWith, makePlace } from '../support/item-place.js';
import type { TestPlace } from '../support/item-place.js';
import { answerWith, evaluation, rubric, rubricText } from '../support/rubric.js';

const places: TestPlace[] = [];

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.cleanup()));
});

describe('what the judge is asked', () => {
  it('holds the rubric and what was asked for, then the item’s files and attachments, and nothing of its record', async () => {
    const place = await open({ 'src/altair.py': 'draw()\n', 'meta/altair.yaml': 'quality_score: 97\n' });
    const question = await ask(place, {
      evaluate: { rubric: 'rubric.yaml', attach: ['plot-{item}.png', 'page.html?'] },
      record: { metadata: 'meta/{item}.yaml' },
    });

    expect(question).toMatchObject({
      kind: 'question',
      rubric,
      prefix: expect.stringMatching(
        /## VQ, Visual Quality: 30\n\n- VQ-01, Legibility: 0 to 20\n {2}- 20: every word can be read\n {2}- 5: half of the words\n- VQ-02[\s\S]*# What was asked for\n\n<file path="spec\/scatter-basic\.md">\n# Scatter\n<\/file>$/,
      ) as string,
      prefixHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      message: `# What you judge

- Target: \`scatter-basic\`
- Item: \`altair\`
- Worktree, your current directory: ${place.cwd}

# The item’s files

<file path="src/altair.py">
draw()

</file>

# Attachments, made from these files; open every one

- ${join(place.artifacts, 'plot-altair.png')}`,
      folders: [place.artifacts],
      toOpen: [
        { name: 'plot-altair.png', path: join(place.artifacts, 'plot-altair.png'), mayBeRefused: false },
      ],
    });
  });

  it('names a file that is too long or no text instead of showing it, and follows no link', async () => {
    const place = await open({ 'src/altair.py': 'x'.repeat(60_001) });
    await writeFile(join(place.cwd, 'src/altair.bin'), Buffer.from([0xff, 0xfe]));
    await symlink('/etc/hostname', join(place.cwd, 'src/altair.link'));

    const question = await ask(place, { evaluate: { rubric: 'rubric.yaml' } });

    expect(question).toMatchObject({
      message: expect.stringMatching(
        /# More files of the item, to be opened\n\n- src\/altair\.bin\n- src\/altair\.py$/,
      ) as string,
      folders: [],
      toOpen: ['src/altair.bin', 'src/altair.py'].map((name) => ({
        ...{ name, path: join(place.cwd, name), mayBeRefused: true },
      })),
    });
  });

  it('says where its files really are, behind links as well', async () => {
    const place = await open({});
    const linked = join(place.root, 'linked');
    await symlink(place.artifacts, linked);

    const question = await ask(
      { ...place, artifacts: linked },
      { evaluate: { rubric: 'rubric.yaml', attach: ['plot-altair.png'] } },
    );

    expect(question).toMatchObject({
      message: expect.stringContaining(`- ${join(linked, 'plot-altair.png')}`) as string,
      toOpen: [{ name: 'plot-altair.png', path: join(place.artifacts, 'plot-altair.png') }],
    });
  });

  it.each(['plot-bokeh.png', '../journal.jsonl', 'empty.png'])(
    'is not asked without the attachment %s',
    async (attach) => {
      const place = await open({});
      await writeFile(join(place.artifacts, 'empty.png'), '');
      await writeFile(join(place.artifacts, '..', 'journal.jsonl'), 'x');

      const question = await ask(place, { evaluate: { rubric: 'rubric.yaml', attach: [attach] } });

      expect(question).toEqual({
        kind: 'incomplete',
        reason: `no check produced ${attach} (evaluate.attach)`,
      });
    },
  );
});

describe('what the answer comes to', () => {
  const answer = answerWith({ vq1: 20, vq2: 10, de1: 13 });

  it.each([
    [0, 'NEEDS_WORK'],
    [1, 'APPROVED'],
    [7, 'APPROVED'],
  ])('in review %d is judged by that review’s threshold, or the last: %s', async (review, verdict) => {
    const place = await open({});
    const judge = judgeOf(place, { evaluate: { rubric: 'rubric.yaml', accept: [90, 80] } });

    expect(judge.judge(rubric, answer, review)).toEqual({
      kind: 'judged',
      evaluation: { ...evaluation, verdict },
    });
  });

  it('is a rejection when a change request isn’t met, and no prefix of its own', async () => {
    const place = await open({ 'src/altair.py': 'a' });
    const own = { evaluate: { rubric: 'rubric.yaml' } };
    const plain = await ask(place, own);
    const asked = await ask(place, own, ['the data equals\nplotly’s; choose another.']);
    if (plain.kind !== 'question' || asked.kind !== 'question') throw new Error('nothing was asked');
    const judge = judgeOf(place, own);
    const decided = (applies: boolean) => ({
      ...answer,
      rules: { 'CR-1': { applies, comment: 'Bakery again.' } },
    });

    expect(asked.prefix).toBe(plain.prefix);
    expect(asked.message).toBe(`${plain.message}

# Change requests

The item had to meet these as well. They are rules like those of the rubric: say of each whether it applies.

- CR-1, Does not meet this change request: the data equals plotly’s; choose another.: rejected`);
    expect(judge.judge(asked.rubric, answer, 0)).toEqual({
      kind: 'malformed',
      problems: ['rule CR-1 is missing'],
    });
    expect(judge.judge(asked.rubric, decided(true), 0)).toMatchObject({
      evaluation: { score: 0, verdict: 'REJECTED', rules: [{ id: 'CR-1', comment: 'Bakery again.' }] },
    });
    expect(judge.judge(asked.rubric, decided(false), 0)).toMatchObject({ evaluation: { rules: [] } });
  });

  it('is one line a text, without secrets, and no longer than somebody wants to read', async () => {
    const place = await open({}, { SOME_TOKEN: 'abcdefgh12345678' });
    const judge = judgeOf(place, { evaluate: { rubric: 'rubric.yaml' } });
    const texts = { strengths: ['two\nlines \u202e'], weaknesses: ['abcdefgh12345678', 'w'.repeat(5000)] };

    expect(judge.judge(rubric, { ...answer, ...texts }, 0)).toMatchObject({
      evaluation: { strengths: ['two lines'], weaknesses: ['***', `${'w'.repeat(999)}…`] },
    });
  });
});

async function open(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<TestPlace> {
  const place = await makePlace(files, { env });
  places.push(place);
  await mkdir(join(place.cwd, 'src'), { recursive: true });
  await mkdir(place.artifacts, { recursive: true });
  await writeFile(join(place.artifacts, 'plot-altair.png'), 'png');
  return place;
}

function judgeOf(place: TestPlace, own: Readonly<Record<string, unknown>>) {
  const config = configWith({ ...own, prompt: { task: 'Redo it.', target: ['spec/{target}.md'] } });
  return createJudge({ surroundings: place.surroundings, config });
}

function ask(
  place: TestPlace,
  own: Readonly<Record<string, unknown>>,
  changeRequests: readonly string[] = [],
) {
  const { attempt, cwd, artifacts } = place;
  const tree = baseTreeOf({ 'rubric.yaml': rubricText, 'spec/scatter-basic.md': '# Scatter' });
  const files = ['meta/altair.yaml', 'src/altair.bin', 'src/altair.link', 'src/altair.py', 'src/gone.py'];
  const facts = { attempt, cwd, artifacts, tree, files, changeRequests };
  return judgeOf(place, own).question(facts, new AbortController().signal);
}
