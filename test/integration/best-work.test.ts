/** An improvement that makes the work worse, or breaks it: what was reviewed best is what ships. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runGit } from '../support/git-repo.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { answerWith, rubricText } from '../support/rubric.js';
import { makeWorld } from '../support/world.js';

const evaluate = `evaluate: { rubric: prompts/rubric.yaml, accept: [90, 70], improve: 1 }\n`;
const fair = answerWith({ vq1: 15, vq2: 10, de1: 10 });
const poor = answerWith({ vq1: 4, vq2: 4, de1: 4 });

it('ships the version with the highest score, reviewed and checked as it is', async () => {
  await using world = await makeWorld({
    files: { ...poemFiles, 'prompts/rubric.yaml': rubricText },
    config: poemConfig({ more: evaluate }),
    script: judgedBy(
      { bold: [fair, poor], calm: [fair] },
      poet({
        bold: ['a fair bold poem\n', 'a poor bold poem\n'],
        calm: ['a fair calm poem\n', 'stale again\n', 'stale still\n'],
      }),
    ),
  });
  await world.regen(['plan', 'autumn']);

  const worse = await world.regen(['--json']);
  const broken = await world.regen(['--json']);

  expect(worse).toMatchObject({
    exitCode: 0,
    document: { outcome: 'shipped', score: 70, verdict: 'APPROVED' },
  });
  expect(worse.stderr).toContain('bold: goes back to the work that scored 70');
  expect(broken).toMatchObject({
    exitCode: 0,
    document: { outcome: 'shipped', score: 70, verdict: 'NEEDS_WORK' },
  });
  expect(broken.stderr).toContain('calm: the improvement failed: check "new" failed');
  const remote = (item: string) =>
    runGit(world.repository.remote, ['show', `regen/autumn/${item}:poems/autumn/voices/${item}.txt`]);
  expect([await remote('bold'), await remote('calm')]).toEqual(['a fair bold poem', 'a fair calm poem']);
  // Two reviews of the first, one of the second: what is gone back to isn't reviewed and paid for again.
  const reviews = world.model.requests.filter(
    ({ scripted }) => scripted !== null && isJudge(scripted.request),
  );
  expect(reviews.map(({ scripted }) => scripted?.request.turn)).toEqual([1, 1, 1]);
});

it('checks and reviews anew what somebody changed during the review', async () => {
  let root = '';
  let meddled = 0;
  const judge = judgedBy({ bold: [fair, answerWith({ vq1: 20, vq2: 10, de1: 16 })] }, poet());
  await using world = await makeWorld({
    files: { ...poemFiles, 'prompts/rubric.yaml': rubricText },
    config: poemConfig({ more: evaluate }),
    script: async (request) => {
      if (isJudge(request) && (meddled += 1) === 1) {
        const poem = path.join(root, '.worktrees/autumn/bold/poems/autumn/voices/bold.txt');
        await writeFile(poem, 'a poem of somebody else\n');
      }
      return judge(request);
    },
  });
  root = world.root;
  await world.regen(['plan', 'autumn']);

  const step = await world.regen(['--json']);

  expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', score: 92 } });
  expect(step.stderr).toContain(
    'bold: the files were changed while they were reviewed: they are checked anew',
  );
  const remote = ['show', 'regen/autumn/bold:poems/autumn/voices/bold.txt'];
  expect(await runGit(world.repository.remote, remote)).toBe('a poem of somebody else');
});

it('ships nothing that was changed after its checks, not even by publishing it', async () => {
  const publish = `publish: { run: 'echo meddled > poems/{target}/voices/{item}.txt' }\n`;
  await using world = await makeWorld({
    files: poemFiles,
    config: poemConfig({ more: publish }),
    script: poet(),
  });
  await world.regen(['plan', 'autumn']);

  const step = await world.regen(['--json']);

  expect(step).toMatchObject({
    exitCode: 1,
    document: {
      reason: 'publish: the item’s files were changed while it ran, after their checks',
      pr: null,
    },
  });
  expect(await world.repository.git('ls-remote', '--heads', 'origin')).not.toContain('regen/');
});
