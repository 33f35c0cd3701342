import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/system/lock.js';
import { claudePath } from '../support/claude.js';
import { writeFiles } from '../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { cliPath, makeWorld } from '../support/world.js';

/** What the page says, in the environment that cron and systemd give a job: next to nothing. */
describe('docs/cron.md', () => {
  it('has a line for cron that does a target, and for which a wait is no failure', async () => {
    await using world = await makeHome();
    const line = (await pageLine(/^17 \* \* \* \* (.*)$/m)).replaceAll('\\%', '%');
    const job = () => inCron(world, ['/bin/sh', '-c', line], world.home);
    const lock = await acquireLock(path.join(world.root, '.regen', 'lock'), {
      now: () => new Date('2026-05-02T14:00:00Z'),
      command: 'regen run',
    });

    const early = await job();
    if (lock.kind === 'held') await lock.release();
    const done = await job();

    expect(early).toMatchObject({ exitCode: 0, stderr: '' });
    expect(early.stdout).toContain(`Waiting: a step is running already: pid ${process.pid} ("regen run")`);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toMatch(
      /^5 steps: 3 shipped, 1 archived; .*\n {2}tokens .*\n[^]*\nDone\. Run regen run for the next/,
    );
  });

  it('has a unit for systemd whose command does a target', async () => {
    await using world = await makeHome();
    const command = await pageLine(/^ExecStart=(.*)$/m);

    const run = await inCron(world, command.split(' '), path.join(world.home, 'catalog'), settings(world));

    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('3 shipped, 1 archived');
  });
});

/** A home as the page supposes it: the repository in `catalog`, the credentials in `.config/regen.env`. */
async function makeHome(): Promise<World> {
  const world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
  const bin = path.join(world.home, 'bin');
  await mkdir(bin);
  await chmod(cliPath, 0o755);
  await symlink(cliPath, path.join(bin, 'regen'));
  await symlink(claudePath, path.join(bin, 'claude'));
  await symlink(process.execPath, path.join(bin, 'node'));
  await symlink(world.root, path.join(world.home, 'catalog'));
  const lines = Object.entries(settings(world)).map(([name, value]) => `${name}=${value}\n`);
  await writeFiles(world.home, { '.config/regen.env': lines.join('') });
  return world;
}

/** Stands for the credentials. */
function settings({ env }: World): Record<string, string> {
  const names = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'CLAUDE_CONFIG_DIR', 'IS_SANDBOX'];
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}

async function inCron(
  world: World,
  [file = '', ...args]: readonly string[],
  cwd: string,
  more: Record<string, string> = {},
) {
  const PATH = `${path.join(world.home, 'bin')}:/usr/bin:/bin`;
  const env = { HOME: world.home, LOGNAME: 'nobody', SHELL: '/bin/sh', PATH, ...more };
  return execa(file, args, { cwd, env, extendEnv: false, reject: false, stdin: 'ignore' });
}

async function pageLine(pattern: RegExp): Promise<string> {
  const page = await readFile(new URL('../../docs/cron.md', import.meta.url), 'utf8');
  const line = pattern.exec(page)?.[1];
  if (line === undefined) throw new Error(`docs/cron.md has no line like ${String(pattern)}`);
  return line;
}
