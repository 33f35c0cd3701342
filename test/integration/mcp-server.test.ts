import { spawn } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poemConfig, poemFiles } from '../support/poems.js';
import { sleeping, until } from '../support/process-watch.js';
import type { World } from '../support/world.js';
import { cliPath, makeWorld } from '../support/world.js';

const config = poemConfig()
  .replace(
    'agent:\n',
    'agent:\n  mcp: [run_checks, save_report, lookup_previous_results, search_style_rules]\n',
  )
  .replace('prompt:\n', "prompt:\n  references: ['prompts/*.md']\n")
  .replace(
    'checks:\n  run:\n',
    `checks:
  env: [REGEN_TEST_WORD, REGEN_TEST_SLEEP]
  run:
    - { name: word, run: 'echo "the word is $REGEN_TEST_WORD" && test -n "$REGEN_TEST_WORD" && echo made > $REGEN_ARTIFACTS/made.txt', produces: [made.txt] }
    - { name: slow, run: 'test -z "$REGEN_TEST_SLEEP" || sleep "$REGEN_TEST_SLEEP"' }
`,
  );

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

interface Connection extends AsyncDisposable {
  readonly client: Client;
  call(name: string, input?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The server's own process. */
  readonly pid: number | null;
}

async function connect(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  const whole = Object.entries({ ...world.env, ...env });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cliPath, ...args],
    cwd: world.root,
    env: Object.fromEntries(whole.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid,
    async call(name, input = {}) {
      const { content, isError } = await client.callTool({ name, arguments: input });
      const [block] = content as readonly { readonly text: string }[];
      return { text: block?.text ?? '', isError: isError === true };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The attempt is a session's: nothing but the server is under test, and no model is asked. */
describe('regen mcp, for an attempt', () => {
  let world: World;
  let attempt: string;
  let connection: Connection;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config });
    await world.regen(['plan']);
    const started = await world.regen(['item', 'start', 'bold', '--json']);
    expect(started.exitCode).toBe(0);
    [attempt = ''] = await readdir(path.join(world.root, '.regen', 'open'));
    connection = await connect(world, ['mcp'], {
      REGEN_ROOT: world.root,
      REGEN_ATTEMPT: attempt,
      REGEN_TEST_WORD: 'plain',
      FORGE_TOKEN: 'quite-secret-value',
    });
  }, 60_000);

  afterAll(async () => {
    await connection[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const write = (file: string, text: string): Promise<void> =>
    world.write({ [path.join('.worktrees/autumn/bold', file)]: text });

  it('offers the tools of agent.mcp, in at most 1.5 KB', async () => {
    const { tools } = await connection.client.listTools();

    expect(tools.map(({ name }) => name)).toEqual([
      'run_checks',
      'save_report',
      'lookup_previous_results',
      'search_style_rules',
    ]);
    expect(JSON.stringify(tools).length).toBeLessThan(1536);
  });

  it('runs the checks as the stage does, and says where the log is', async () => {
    const answer = await connection.call('run_checks');
    const log = /Log: (.*)/.exec(answer.text)?.[1] ?? '';

    expect(answer.isError).toBe(false);
    expect(answer.text).toMatch(
      /^FAILED: new \(.*\)\.\nPassed: word \(.*\), slow \(.*\)\.\nTheir products: /,
    );
    expect(path.isAbsolute(log)).toBe(true);
    expect(await readFile(log, 'utf8')).toContain('$ ! grep -q stale poems/autumn/voices/bold.txt');
    expect(await readFile(path.join(/products: (.*)/.exec(answer.text)?.[1] ?? '', 'made.txt'), 'utf8')).toBe(
      'made\n',
    );
    // What the stage itself keeps is not there yet.
    await expect(access(path.join(path.dirname(log), '../../checks/0/new.log'))).rejects.toThrow('ENOENT');
  });

  it('runs them again when the work has changed, and not when it has not', async () => {
    await write('poems/autumn/voices/bold.txt', 'new bold autumn\n');

    const [first, second] = [await connection.call('run_checks'), await connection.call('run_checks')];

    expect(first.text).toMatch(/^All checks pass\.\nPassed: word \(.*\), slow \(.*\), new \(.*\)\./);
    expect(second.text).toBe(
      `Nothing has changed since the last call, so nothing was run again (again: true runs all the same).\n${first.text}`,
    );
  });

  it('runs nothing while a file is changed that the item may not change', async () => {
    await write('poems/autumn/about.md', 'another\n');
    const answer = await connection.call('run_checks');
    await write('poems/autumn/about.md', poemFiles['poems/autumn/about.md']);

    expect(answer.text).toContain('"poems/autumn/about.md": it was changed, but this item may not write it');
  });

  it('keeps reports under plain names, never over each other, and without secrets', async () => {
    const title = '../../Größe & <b>';
    const saved = [
      await connection.call('save_report', { title, text: 'It is quite-secret-value.' }),
      await connection.call('save_report', { title, text: 'Again.' }),
    ];
    const files = saved.map(({ text }) => /: (.*)$/.exec(text)?.[1] ?? '');

    expect(files.map((file) => path.basename(file))).toEqual(['gro-e-b.md', 'gro-e-b-2.md']);
    expect(files.map((file) => path.basename(path.dirname(file)))).toEqual(['reports', 'reports']);
    expect(await readFile(files[0] ?? '', 'utf8')).toBe(`# ${title}\n\nIt is ***.\n`);
    expect(await connection.call('save_report', { title: ' ', text: '' })).toMatchObject({ isError: true });
    expect(await connection.call('save_report', { title, text: 'x'.repeat(200_001) })).toMatchObject({
      isError: true,
    });
  });

  it('answers from the base’s documents and the journals, and of no other item', async () => {
    expect((await connection.call('search_style_rules', { query: 'how long are lines' })).text).toBe(
      '## prompts/rules.md\nWrite short lines.',
    );
    expect((await connection.call('lookup_previous_results')).text).toBe(
      'Nothing is known of earlier work at bold.',
    );
    expect(await connection.call('lookup_previous_results', { item: 'calm' })).toMatchObject({
      isError: true,
    });
  });

  it('names the tool that was meant', async () => {
    await expect(connection.call('run_check')).rejects.toThrow(
      'no tool "run_check"; did you mean run_checks?',
    );
  });

  it('ends with its client, and ends what a call had started', async () => {
    const seconds = `9${String(process.pid)}`;
    const env = { REGEN_ROOT: world.root, REGEN_ATTEMPT: attempt, REGEN_TEST_SLEEP: seconds };
    const own = await connect(world, ['mcp'], { ...env, REGEN_TEST_WORD: 'plain' });
    const call = own.call('run_checks').catch(String);
    await until(() => sleeping(seconds).length > 0);

    await own[Symbol.asyncDispose]();
    await call;

    await until(() => sleeping(seconds).length === 0);
    expect(() => process.kill(own.pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('says at the first call that its attempt is over', async () => {
    await using late = await connect(world, ['mcp'], { REGEN_ROOT: world.root, REGEN_ATTEMPT: 'gone' });

    expect(await late.call('run_checks')).toEqual({
      text: 'no open attempt is gone (REGEN_ATTEMPT)\nThe server works for one attempt and ends with it; a later one starts a server of its own.',
      isError: true,
    });
  });

  it.each([
    ['by hand', {}, ['mcp'], 'started by a step'],
    ['with --json', {}, ['mcp', '--json'], null],
    ['with an unknown flag', {}, ['mcp', '--contrl'], '--control'],
  ])('started %s is wrong usage', async (_how, env, args, text) => {
    const whole = Object.keys(env).length === 0 ? {} : { REGEN_ROOT: world.root, ...env };
    const run = await world.regen(args, whole);

    expect(run.exitCode).toBe(2);
    if (text === null) expect(run.document).toMatchObject({ error: { code: 'usage' }, exit: 2 });
    else
      expect({ ...run, stdout: '' }).toMatchObject({
        stdout: run.stdout,
        stderr: expect.stringContaining(text) as string,
      });
  });
});

describe('regen mcp --control', () => {
  it('offers step, status and cost to a client, each a process of its own', async () => {
    await using world = await makeWorld({ files: poemFiles, config });
    await using connection = await connect(world, ['mcp', '--control'], {});
    const { tools } = await connection.client.listTools();

    const step = await connection.call('step', { target: 'winter' });
    const status = await connection.call('status');
    const cost = await connection.call('cost', { by: 'day' });
    const wrong = [
      await connection.call('step', { target: 'wintr' }),
      await connection.call('cost', { by: 'week' }),
    ];

    expect(tools.map(({ name }) => name)).toEqual(['step', 'status', 'cost']);
    expect(JSON.parse(step.text)).toMatchObject({ mode: 'plan', target: 'winter', outcome: 'planned' });
    expect(JSON.parse(status.text)).toMatchObject({
      target: 'winter',
      items: [{ id: 'bold', state: 'todo' }],
    });
    expect(JSON.parse(cost.text)).toMatchObject({ by: 'day' });
    expect(wrong.map(({ isError, text }) => [isError, (JSON.parse(text) as { exit: number }).exit])).toEqual([
      [true, 2],
      [true, 2],
    ]);
  });

  it('writes nothing but the protocol to stdout, also when the client closes at once', async () => {
    await using world = await makeWorld({ files: poemFiles, config });
    const child = spawn(process.execPath, [cliPath, 'mcp', '--control'], { cwd: world.root, env: world.env });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));

    child.stdin.end('not JSON\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    const code = await new Promise((resolve) => child.once('exit', resolve));

    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
      '{"result":{},"jsonrpc":"2.0","id":1}',
    ]);
  });
});
