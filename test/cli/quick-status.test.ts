import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { commonFlags } from '../../src/cli/quick-status.js';
import { gitEnvironment, makeRepository, writeFiles } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import { cliPath } from '../support/world.js';

const plan = '# Regen plan: alpha\n\n- Target: `alpha`\n\n## Pieces\n\n- [x] one\n- [ ] two\n';

const config = (items: string) =>
  `version: 1\ntargets: { list: [alpha] }\nitems: ${items}\nprompt: { task: Redo it. }\n`;

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository({ files: { 'README.md': '# Sample\n' } });
  await writeFiles(repository.root, { '.regen-plan.md': plan });
});

afterEach(() => repository.cleanup());

async function run(...args: string[]) {
  const options = { cwd: repository.root, env: gitEnvironment(), extendEnv: false, reject: false };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, ...args], options);
  return { exitCode, stdout, stderr };
}

describe('the short way of `regen status`', () => {
  it('takes the flags of the program', () => {
    const names = buildProgram(() => undefined).options.map(({ long }) => long?.slice('--'.length));

    expect(names.filter((name) => name !== 'version').sort()).toEqual(Object.keys(commonFlags).sort());
  });

  it('and the long way print the same', async () => {
    const body = '\n  glob: "{target}/{item}.py"\n  heading: ';
    await writeFiles(repository.root, { 'regen.yaml': config(`${body}Pieces`) });
    const short = [await run('status'), await run('status', '--json')];
    await writeFiles(repository.root, { 'regen.yaml': config(`${body}&name Pieces`) });

    const long = [await run('status'), await run('status', '--json')];

    expect(short.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
    expect(short[0]?.stdout).toContain('[ ] two');
    expect(long).toEqual(short);
  });

  it.each([
    { args: ['status', '--jsn'], message: /unknown option .*--jsn/ },
    { args: ['status', 'alpha'], message: /alpha/ },
    { args: ['statsu'], message: /status/ },
    { args: ['status', '--cwd', 'nowhere'], message: /nowhere/ },
    { args: ['status', '--config', 'nowhere.yaml'], message: /nowhere\.yaml/ },
  ])('leaves an error to the program: $args', async ({ args, message }) => {
    const { exitCode, stdout, stderr } = await run(...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
