import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { shellQuote } from '../../src/model/template.js';
import { replaceOnce } from '../support/example-files.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { endBy, running, sleeping, until } from '../support/process-watch.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

/** Seconds that no other process sleeps: what a test starts is known by them. */
function newMark(): string {
  return String(randomInt(1_000_000, 9_999_999));
}

const kinds = 6;

/**
 * A command that leaves processes behind: in a session of its own, without a hang-up, as a daemon, deaf to signals, and
 * without the environment it was given. It lasts long enough for the last one to be seen.
 */
function litter(mark: string): string {
  const quiet = '>/dev/null 2>&1 </dev/null';
  return [
    `setsid sleep ${mark}.1 ${quiet} &`,
    `nohup sleep ${mark}.2 ${quiet} &`,
    `setsid sh -c '(sleep ${mark}.3 &) ; exit' ${quiet} &`,
    `(trap '' TERM INT HUP; exec sleep ${mark}.4) ${quiet} &`,
    `env -i "$(command -v sleep)" ${mark}.5 ${quiet} &`,
    `env -i "$(command -v setsid)" "$(command -v sleep)" ${mark}.6 ${quiet} &`,
    'sleep 1',
  ].join('\n');
}

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command, description: 'Run' } });

/** A poet that first runs a command. */
function busyPoet(command: string): (request: ScriptedRequest) => ScriptedReply {
  return (request) =>
    request.turnOfPrompt === 1
      ? use(bash(command))
      : poet()({ ...request, turnOfPrompt: request.turnOfPrompt - 1 });
}

interface Places {
  /** Lines of the section, two blanks in. */
  readonly agent?: string;
  readonly check?: string;
  readonly more?: string;
}

function config({ agent = '', check, more = '' }: Places): string {
  const allowed = replaceOnce(poemConfig({ more }), 'agent:\n', `agent:\n  allow: [Bash]\n${agent}`);
  if (check === undefined) return allowed;
  return replaceOnce(
    allowed,
    '  run:\n',
    `  run:\n    - { name: busy, run: ${JSON.stringify(check)}, timeout: 30s }\n`,
  );
}

async function planned(literal: Parameters<typeof makeWorld>[0]): Promise<World> {
  const world = await makeWorld({ files: poemFiles, ...literal });
  await world.regen(['plan', 'autumn']);
  return world;
}

describe('nothing survives a step', () => {
  it('that succeeds: neither of the agent nor of set-up, checks and publishing', async () => {
    const mark = newMark();
    const command = JSON.stringify(litter(mark));
    const places = config({ check: litter(mark), more: `publish: { run: ${command} }\n` });
    await using world = await planned({
      config: replaceOnce(places, 'checks:\n', `checks:\n  setup: ${command}\n`),
      script: busyPoet(litter(mark)),
    });

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(sleeping(mark)).toEqual([]);
  });

  it('that fails at a check', async () => {
    const mark = newMark();
    await using world = await planned({
      config: config({ check: `${litter(mark)}\nexit 1` }),
      script: poet(),
    });

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 1, document: { outcome: 'failed' } });
    expect(sleeping(mark)).toEqual([]);
  });

  it.each([
    { what: 'time limit', limit: '  timeout: 8s\n', command: 'while :; do :; done', told: 'agent.timeout' },
    { what: 'idle limit', limit: '  idle: 8s\n', command: 'wait', told: 'agent.idle' },
  ])('that ends the agent at its $what, and the item says so', async ({ limit, command, told }) => {
    const mark = newMark();
    await using world = await planned({
      config: config({ agent: limit }),
      script: busyPoet(`${litter(mark)}\n${command}`),
    });

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({
      exitCode: 1,
      document: {
        outcome: 'failed',
        reason: expect.stringMatching(new RegExp(`\\(${told}\\); at work: Bash`)) as string,
      },
    });
    expect(await world.read('.regen-plan.md')).toContain('- [!] bold\n');
    expect(sleeping(mark)).toEqual([]);
  });

  it('whose agent had a subagent and an MCP server', async () => {
    const mark = newMark();
    const server = [
      'sh',
      '-c',
      `echo up >"$HOME/server"; trap '' TERM INT HUP; sleep ${mark}.7 & cat >/dev/null; wait`,
    ];
    const [program, ...args] = server;
    const mcp = JSON.stringify({ mcpServers: { deaf: { command: program, args } } });
    const delegate = { description: 'Look', prompt: 'Look around.', subagent_type: 'general-purpose' };
    await using world = await planned({
      config: config({
        agent: `  profile: custom\n  command: ${JSON.stringify(['claude', '--mcp-config', mcp, '--strict-mcp-config', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash', 'Task', 'Agent'])}\n`,
      }),
      script: (request) => {
        if (!request.firstMessage.includes('# Task'))
          return request.turn === 1 ? use(bash(litter(mark))) : say('Looked.');
        if (request.turnOfPrompt === 1) return use({ name: 'Agent', input: delegate });
        return poet()({ ...request, turnOfPrompt: request.turnOfPrompt - 1 });
      },
    });

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(await world.read(path.relative(world.root, path.join(world.home, 'server')))).toBe('up\n');
    expect(sleeping(mark)).toEqual([]);
  });
});

describe('a step that is told to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s cleans up and exits with 130', async (signal) => {
    const mark = newMark();
    await using world = await planned({
      config: config({}),
      script: busyPoet(`${litter(mark)}\nsleep ${mark}.8`),
    });

    const step = world.start([]);
    await until(() => sleeping(`${mark}.8`).length > 0);
    const exit = await endBy(step, signal);

    expect(exit).toBe(130);
    expect(sleeping(mark)).toEqual([]);
    expect(running(world.root)).toEqual([]);
  });

  it('does so in the middle of a check that doesn’t listen', async () => {
    const mark = newMark();
    await using world = await planned({
      config: config({ check: `trap '' INT TERM HUP\n${litter(mark)}\nsleep ${mark}.8` }),
      script: poet(),
    });

    const step = world.start([]);
    await until(() => sleeping(`${mark}.8`).length > 0);
    const exit = await endBy(step, 'SIGINT');

    expect(exit).toBe(130);
    expect(sleeping(mark)).toEqual([]);
  });

  it.each(['agent', 'check'] as const)('twice ends at once, and its %s with it', async (who) => {
    const mark = newMark();
    const command = `trap '' INT TERM HUP\n${litter(mark)}\nsleep ${mark}.8`;
    await using world = await planned({
      config: config(who === 'check' ? { check: command } : {}),
      script: who === 'check' ? poet() : busyPoet(command),
    });

    const step = world.start([]);
    await until(() => sleeping(`${mark}.8`).length > 0);
    const exited = once(step, 'exit');
    step.kill('SIGINT');
    step.kill('SIGTERM');
    await exited;

    expect(step.signalCode).toBe('SIGINT'); // 130 in a shell
    await until(() => sleeping(mark).length === 0); // the kernel takes its moment
    expect(running(world.root)).toEqual([]);
  });
});

describe('what a killed step left at work', () => {
  it.each([
    { who: 'agent', next: 'another plan' },
    { who: 'check', next: 'another plan' },
    { who: 'check', next: 'another item' },
    { who: 'check', next: 'the same item' },
  ])('ends before the next invocation begins $next: its $who', async ({ who, next }) => {
    const mark = newMark();
    const command = `${litter(mark)}\nsleep ${mark}.8`;
    let author = who === 'check' ? poet() : busyPoet(command);
    await using world = await planned({
      config: config(who === 'check' ? { check: `[ -e "$TMPDIR/calm" ] && exit\n${command}` } : {}),
      script: (request) => author(request),
    });
    const step = world.start([]);
    await until(() => sleeping(`${mark}.8`).length > 0);
    await endBy(step, 'SIGKILL');
    const left = sleeping(mark).length;
    await world.write({ [path.relative(world.root, path.join(world.home, 'calm'))]: '' });
    author = poet();
    await edit(world, next);

    const after = await world.regen(['--json']);

    expect(left).toBe(kinds + 1);
    expect(after).toMatchObject({ exitCode: 0 });
    // Without its environment and in a session of its own, one that outlived its parent can't be told from others.
    expect(sleeping(mark)).toEqual(sleeping(`${mark}.6`));
    for (const pid of sleeping(mark)) process.kill(pid, 'SIGKILL');
  });
});

async function edit(world: World, next: string): Promise<void> {
  const plan = (await world.read('.regen-plan.md')) ?? '';
  const swapped = plan.replace('- [ ] bold\n- [ ] calm\n', '- [ ] calm\n- [ ] bold\n');
  if (next === 'another plan') await world.write({ '.regen-plan.md': null });
  if (next === 'another item') await world.write({ '.regen-plan.md': swapped });
}

describe('a reader that leaves', () => {
  it.each([['--help'], ['status'], ['status', '--json'], ['no-such-command']])(
    'stops nobody: %s %s',
    async (...args) => {
      await using world = await makeWorld({ files: poemFiles, config: poemConfig() });
      const words = [process.execPath, cliPath, ...args].map(shellQuote).join(' ');
      const log = path.join(world.home, 'stderr');

      const piped = await execa('sh', ['-c', `(sleep 0.3; ${words} 2>${shellQuote(log)}; echo $? >&2) | :`], {
        cwd: world.root,
        reject: false,
      });

      expect(Number(piped.stderr)).toBe(args[0] === 'no-such-command' ? 2 : 0);
      expect(await world.read(path.relative(world.root, log))).not.toContain('EPIPE');
    },
  );
});
