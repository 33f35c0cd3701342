import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { initialise } from '../../src/init/initialise.js';
import { parseRubric } from '../../src/judge/rubric.js';
import { initText } from '../../src/init/init-text.js';
import { createGit } from '../../src/workspace/git.js';
import { gitEnvironment, makeRepository } from '../support/git-repo.js';
import type { RepositoryLiteral } from '../support/git-repo.js';

const signal = new AbortController().signal;
const command = '---\ndescription: one step\n---\n';

async function repositoryOf(literal: RepositoryLiteral) {
  const repository = await makeRepository(literal);
  onTestFinished(() => repository.cleanup());
  const place = { root: repository.root, env: gitEnvironment() };
  const init = (config: string | null = null) =>
    initialise(place, { config, command, git: createGit(place) }, signal);
  const read = (name: string) => readFile(path.join(repository.root, name), 'utf8');
  return { ...repository, init, read };
}

const catalog = Object.fromEntries(
  ['area', 'bar'].flatMap((target) => [
    [`charts/${target}/specification.md`, `# ${target}\n`],
    [`charts/${target}/renderers/canvas.mjs`, '//\n'],
    [`charts/${target}/renderers/svg.mjs`, '//\n'],
  ]),
);

test('init writes config, ignore entries and the slash command, and says what comes next', async () => {
  const { init, read } = await repositoryOf({ files: { ...catalog, '.gitignore': 'dist/' } });

  const report = await init();

  expect(initText(report))
    .toBe(`written   regen.yaml (targets and items are guessed: charts/{target}/renderers/{item}.mjs (2 targets, 4 items))
extended  .gitignore (.regen-plan.md, .regen-history/, .worktrees/, .regen/)
written   .claude/commands/regen.md (the slash command /regen of Claude Code)
written   prompts/rubric.yaml (a rubric, used once evaluate in regen.yaml names it)
Look over targets and items, and edit the task in regen.yaml; then run regen doctor, and regen plan --dry-run.`);
  expect(parseConfig(await read('regen.yaml'))).toMatchObject({
    base: 'origin/main',
    ship: { to: 'branch' },
  });
  expect(await read('.gitignore')).toBe('dist/\n.regen-plan.md\n.regen-history/\n.worktrees/\n.regen/\n');
  expect(await read('.claude/commands/regen.md')).toBe(command);
  expect(parseRubric(await read('prompts/rubric.yaml'), 'rubric.yaml').categories).toHaveLength(2);
});

test('a second init leaves everything alone, whatever a person made of it', async () => {
  const { root, init, read } = await repositoryOf({ files: catalog });
  await init();
  await writeFile(path.join(root, 'regen.yaml'), 'mine');
  await writeFile(path.join(root, '.claude/commands/regen.md'), 'mine too');

  const report = await init();

  expect(report).toEqual({
    files: [
      { path: 'regen.yaml', action: 'kept', detail: 'it is there already' },
      { path: '.gitignore', action: 'kept', detail: 'it has every entry' },
      { path: '.claude/commands/regen.md', action: 'kept', detail: 'it is there already' },
      { path: 'prompts/rubric.yaml', action: 'kept', detail: 'it is there already' },
    ],
    next: 'Run regen doctor.',
  });
  expect([await read('regen.yaml'), await read('.claude/commands/regen.md')]).toEqual(['mine', 'mine too']);
});

test('an empty repository without a remote gets the example', async () => {
  const { init, read, ...repository } = await repositoryOf({});
  await repository.git('remote', 'remove', 'origin');

  const report = await init();

  expect(report.next).toMatch(/^Edit the lines marked EDIT in regen\.yaml/);
  expect(parseConfig(await read('regen.yaml'))).toMatchObject({ base: 'origin/main' });
});

test('the base is the remote’s own branch, and pull requests are for GitHub', async () => {
  const { init, read, ...repository } = await repositoryOf({ files: catalog });
  await repository.git('remote', 'rename', 'origin', 'upstream');
  await repository.git('remote', 'set-url', 'upstream', 'git@github.com:o/r.git');
  await repository.git('symbolic-ref', 'refs/remotes/upstream/HEAD', 'refs/remotes/upstream/trunk');

  await init('ci/regen.yaml');

  expect(parseConfig(await read('ci/regen.yaml'))).toMatchObject({
    base: 'upstream/trunk',
    ship: { to: 'github' },
  });
});

test('the schema that comes with the package is named for editors', async () => {
  const { root, init, read } = await repositoryOf({ files: { 'package.json': '{}' } });
  await mkdir(path.join(root, 'node_modules/regen'), { recursive: true });
  await writeFile(path.join(root, 'node_modules/regen/regen.schema.json'), '{}');

  await init();

  expect(await read('regen.yaml')).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/regen\/regen\.schema\.json\n/,
  );
});

test('a file in the way of a folder is named', async () => {
  const { init } = await repositoryOf({ files: { '.claude': 'a file\n' } });

  const initialised = init();

  await expect(initialised).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(
      /^\.claude\/commands\/regen\.md can't be written: Error: (ENOTDIR|EEXIST)/,
    ) as string,
  });
});
