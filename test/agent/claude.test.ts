import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  broken,
  failWith,
  promptTooLong,
  refuse,
  say,
  structured,
  usageLimit,
  use,
} from '../../src/demo/model/reply.js';
import type { ToolCall } from '../../src/demo/model/reply.js';
import { claudePath } from '../support/claude.js';
import { agentPlace, charged, chargedInput } from './agent-place.js';

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command, description: 'Run' } });

/** Whether any process carries the text in its command line. */
async function isRunning(text: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
  return stdout.split('\n').some((line) => line.includes(text));
}

describe.concurrent('a run that succeeds', () => {
  it('does the work, keeps its prompt and stream, and its messages are the bill', async () => {
    await using place = await agentPlace([
      use({ name: 'Write', input: { file_path: 'made.txt', content: 'made\n' } }, bash('ls')),
      say('Done: größer', { outputTokens: 77 }),
    ]);

    const report = await place.run();

    expect(report.outcome).toEqual({ kind: 'completed', text: 'Done: größer', structured: null });
    expect(report.turns).toBe(3);
    expect(report.permissionDenials).toBe(0);
    expect(report.reported?.costUsd).toBeGreaterThan(0);
    expect(await readFile(join(place.cwd, 'made.txt'), 'utf8')).toBe('made\n');
    expect(charged(report.messages)).toEqual(charged(place.model.bill));
    expect(charged(report.booked)).toEqual(charged(report.messages));
    expect(report.messages.map(({ isEstimate, isSidechain }) => isEstimate || isSidechain)).toEqual([
      false,
      false,
    ]);
    const { directory } = place.runOf();
    expect(await readFile(join(directory, 'message.md'), 'utf8')).toBe('Do the item.');
    expect(await readFile(join(directory, 'stream.jsonl'), 'utf8')).toContain('"type":"result"');
    expect(
      place.model.requests.find(({ scripted }) => scripted !== null)?.scripted?.request.system,
    ).toContain(place.runOf().prefix);
  });

  it('goes on in the same session, on the cached prefix, and reports only what is new', async () => {
    await using place = await agentPlace([say('first'), say('second')]);

    const first = await place.run();
    const second = await place.run({
      resume: true,
      message: 'Mend it.',
      directory: join(place.home, 'second'),
    });

    expect(second.outcome).toMatchObject({ kind: 'completed', text: 'second' });
    expect(charged(first.messages)).toEqual(charged(place.model.bill.slice(0, 1)));
    expect(charged(second.messages)).toEqual(charged(place.model.bill.slice(1)));
    expect(second.messages[0]?.tokens.cacheRead).toBeGreaterThan(1500);
  });

  it('counts subagents, whose messages the stream leaves out', async () => {
    await using place = await agentPlace(
      ({ firstMessage, turn }) => {
        if (firstMessage !== 'Do the item.')
          return turn === 1 ? use(bash('ls')) : say('sub', { outputTokens: 33 });
        const input = { description: 'Look', prompt: 'Look.', subagent_type: 'general-purpose' };
        return turn === 1 ? use({ name: 'Agent', input }) : say('done');
      },
      { agent: { tools: ['Task', 'Bash'] } },
    );

    const report = await place.run();

    expect(report.outcome.kind).toBe('completed');
    expect(charged(report.messages)).toEqual(charged(place.model.bill));
    expect(report.booked.length).toBe(4);
    expect(report.messages.filter(({ isSidechain }) => isSidechain).length).toBe(2);
  });

  it('hands back the structured answer that was asked for', async () => {
    await using place = await agentPlace([structured({ score: 88 }), say('ok')]);
    const schema = { type: 'object', properties: { score: { type: 'number' } }, required: ['score'] };

    const report = await place.run({ schema });

    expect(report.outcome).toMatchObject({ kind: 'completed', structured: { score: 88 } });
  });

  it('has failed when the model never gives the structured answer', async () => {
    await using place = await agentPlace(() => say('88'));
    const schema = { type: 'object', properties: { score: { type: 'number' } }, required: ['score'] };

    const report = await place.run({ schema });

    expect(report.outcome).toMatchObject({ kind: 'failed', failure: 'no_structured_output' });
  });

  it('survives a stream that ends early, and estimates what the lost part cost', async () => {
    await using place = await agentPlace([broken(say('Half of it. '.repeat(10)), 'end'), say('whole')]);

    const report = await place.run();

    expect(report.outcome).toMatchObject({ kind: 'completed', text: 'whole' });
    expect(chargedInput(report.messages)).toEqual(chargedInput(place.model.bill));
    expect(report.messages.map(({ isEstimate }) => isEstimate)).toEqual([true, false]);
    expect(report.messages[0]?.tokens.output).toBeGreaterThan(1);
  });
});

describe.concurrent('permissions', () => {
  it('keeps the file tools in the worktree and commands to those allowed', async () => {
    await using place = await agentPlace(
      ({ turn }) =>
        turn > 1
          ? say('ok')
          : use(
              { name: 'Write', input: { file_path: join(place.home, 'outside.txt'), content: 'x' } },
              bash('node -e "1+1"'),
              bash('printf allowed > allowed.txt'),
              bash('mkdir made'),
              bash(`touch ${join(place.home, 'touched')}`),
            ),
      { agent: { allow: ['Bash(printf *)', 'Write', 'Edit'] } },
    );

    const report = await place.run();

    expect(report.permissionDenials).toBe(3);
    await expect(access(join(place.home, 'outside.txt'))).rejects.toThrow('ENOENT');
    await expect(access(join(place.home, 'touched'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(place.cwd, 'allowed.txt'), 'utf8')).toBe('allowed');
    await access(join(place.cwd, 'made'));
  });

  it('hides the forge token and an outer session from the agent’s commands', async () => {
    await using place = await agentPlace(({ turn }) => (turn === 1 ? use(bash('env')) : say('ok')), {
      agent: { allow: ['Bash'], env: ['SHOWN'] },
      env: {
        GITHUB_TOKEN: 'secret',
        CLAUDECODE: '1',
        CLAUDE_CODE_SESSION_ID: 'outer',
        SHOWN: 'shown',
        HIDDEN: 'hidden',
      },
    });

    const report = await place.run();

    const seen = place.model.requests.at(-1)?.scripted?.request.toolResults[0]?.text.split('\n') ?? [];
    expect(seen).toContain('SHOWN=shown');
    expect(seen).toContain(`CLAUDE_CODE_SESSION_ID=${report.sessionId}`);
    expect(seen.filter((line) => /GITHUB_TOKEN|HIDDEN/.test(line))).toEqual([]);
  });
});

describe.concurrent('a run that fails', () => {
  it('says not ready when the login is refused, without waiting for ten tries', async () => {
    await using place = await agentPlace(() => failWith(401, 'invalid x-api-key'), {
      env: { CLAUDE_CODE_MAX_RETRIES: '10' },
    });

    const report = await place.run();

    expect(report.outcome).toMatchObject({
      kind: 'not_ready',
      hint: expect.stringContaining('ANTHROPIC_API_KEY') as string,
    });
    expect(place.model.requests.length).toBeLessThan(6);
    expect(report.messages).toEqual([]);
  });

  it('says not ready when nobody is logged in', async () => {
    await using place = await agentPlace([], { env: { ANTHROPIC_API_KEY: undefined } });

    const report = await place.run();

    expect(report.outcome).toMatchObject({
      kind: 'not_ready',
      detail: expect.stringContaining('Not logged in') as string,
    });
  });

  it.each([
    {
      what: 'a rate limit',
      reply: failWith(429),
      outcome: { kind: 'waiting', reason: 'rate_limit', retryAt: null },
    },
    { what: 'a server error', reply: failWith(500), outcome: { kind: 'waiting', reason: 'overloaded' } },
    {
      what: 'a used-up account',
      reply: failWith(400, 'Your credit balance is too low to access the API.'),
      outcome: { kind: 'not_ready' },
    },
    {
      what: 'too long a prompt',
      reply: promptTooLong(),
      outcome: { kind: 'failed', failure: 'prompt_too_long' },
    },
    { what: 'a refusal', reply: refuse(), outcome: { kind: 'failed', failure: 'refusal' } },
  ])('tells $what from the others', async ({ reply, outcome }) => {
    await using place = await agentPlace(() => reply, { env: { CLAUDE_CODE_MAX_RETRIES: '0' } });

    const report = await place.run();

    expect(report.outcome).toMatchObject(outcome);
    expect(charged(report.messages)).toEqual(charged(place.model.bill));
  });

  it('waits for the reset of a subscription’s usage limit', async () => {
    const resetsAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
    await using place = await agentPlace(() => usageLimit(resetsAt), {
      env: { ANTHROPIC_API_KEY: undefined, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' },
    });

    const report = await place.run();

    expect(report.outcome).toMatchObject({ kind: 'waiting', reason: 'usage_limit', retryAt: resetsAt });
  });

  it('waits for the network when the endpoint refuses connections', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // an address object, since it listens on TCP
    await new Promise((resolve) => server.close(resolve));
    await using place = await agentPlace([], {
      env: { CLAUDE_CODE_MAX_RETRIES: '1' },
      agent: { endpoint: `http://127.0.0.1:${port}` },
    });

    const report = await place.run();

    expect(report.outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
  });

  it('ends at the turn limit and at the money limit, paid all the same', async () => {
    await using turns = await agentPlace(() => use(bash('ls')), { agent: { maxTurns: 2 } });
    await using money = await agentPlace(() => ({ ...use(bash('ls')), outputTokens: 100_000 }));

    const [tooMany, tooDear] = await Promise.all([turns.run(), money.run({ maxUsd: 0.01 })]);

    expect(tooMany.outcome).toMatchObject({ kind: 'failed', failure: 'max_turns' });
    expect(charged(tooMany.messages)).toEqual(charged(turns.model.bill));
    expect(turns.model.bill.length).toBe(2);
    expect(tooDear.outcome).toMatchObject({ kind: 'failed', failure: 'max_budget' });
    expect(charged(tooDear.messages)).toEqual(charged(money.model.bill));
  });

  it('tells a lost session and a session id used twice', async () => {
    await using place = await agentPlace(() => say('ok'));

    const lost = await place.run({ resume: true });
    await place.run();
    const taken = await place.run({ directory: join(place.home, 'again') });

    expect(lost.outcome).toMatchObject({ kind: 'failed', failure: 'session_lost' });
    expect(taken.outcome).toMatchObject({ kind: 'failed', failure: 'session_taken' });
  });

  it('is not the item’s fault when the binary rejects its flags', async () => {
    await using place = await agentPlace([], { agent: { command: [claudePath, '--no-such-flag'] } });

    const report = await place.run();

    expect(report.outcome).toMatchObject({
      kind: 'not_ready',
      detail: expect.stringContaining('--no-such-flag') as string,
    });
  });

  it('is not the item’s fault when there is no such program', async () => {
    await using place = await agentPlace([], { agent: { command: ['no-such-agent'] } });
    const named = expect.stringContaining('no-such-agent') as string;

    const report = await place.run();

    expect(report.outcome).toMatchObject({ kind: 'not_ready', detail: named });
    await expect(place.agent.version(new AbortController().signal)).rejects.toMatchObject({
      code: 'environment',
      message: named,
    });
  });

  it('tells the version', async () => {
    await using place = await agentPlace([]);

    expect(await place.agent.version(new AbortController().signal)).toMatch(/^2\.\d+\.\d+$/);
  });
});

describe.concurrent('a run that is ended', () => {
  it('ends a silent one at the idle limit, and estimates the answer in flight', async () => {
    await using place = await agentPlace([broken(say('Thinking about it. '.repeat(10)), 'stall')], {
      agent: { idle: 6000 },
    });

    const report = await place.run();

    expect(report.outcome).toMatchObject({ kind: 'failed', failure: 'idle_timeout' });
    expect(chargedInput(report.messages)).toEqual(chargedInput(place.model.bill));
    expect(report.messages.map(({ isEstimate }) => isEstimate)).toEqual([true]);
  });

  it('ends a tool at the wall limit, with what it left in sessions of its own', async () => {
    const marker = '61.5';
    await using place = await agentPlace(
      [use(bash(`nohup setsid sleep ${marker}1 & sleep ${marker}2`)), say('never')],
      {
        agent: { timeout: 9000, allow: ['Bash'] },
      },
    );

    const report = await place.run();

    expect(report.outcome).toMatchObject({
      kind: 'failed',
      failure: 'wall_timeout',
      detail: expect.stringContaining('at work: Bash') as string,
    });
    expect(charged(report.messages)).toEqual(charged(place.model.bill));
    expect(await isRunning(`sleep ${marker}`)).toBe(false);
  });

  it('sweeps up what a successful run leaves behind', async () => {
    const marker = '62.5';
    await using place = await agentPlace(
      [use(bash(`nohup setsid sleep ${marker} >/dev/null 2>&1 &`)), say('done')],
      {
        agent: { allow: ['Bash'] },
      },
    );

    const report = await place.run();

    expect(report.outcome.kind).toBe('completed');
    expect(await isRunning(`sleep ${marker}`)).toBe(false);
  });

  it('reports what was paid when it is interrupted, and the session can be gone on with', async () => {
    const marker = '63.5';
    const controller = new AbortController();
    await using place = await agentPlace(
      ({ turn, lastMessage }) => {
        if (lastMessage !== 'Do the item.') return say('resumed');
        if (turn > 1) controller.abort(new Error('Ctrl-C'));
        return turn === 1 ? use(bash('ls')) : use(bash(`sleep ${marker}`));
      },
      { agent: { allow: ['Bash'] } },
    );

    const report = await place.run({}, controller.signal);
    const resumed = await place.run({
      resume: true,
      message: 'Go on.',
      directory: join(place.home, 'again'),
    });

    expect(report.outcome).toEqual({ kind: 'interrupted' });
    expect(report.messages.length).toBeGreaterThan(0);
    expect(resumed.outcome).toMatchObject({ kind: 'completed', text: 'resumed' });
    expect(await isRunning(`sleep ${marker}`)).toBe(false);
  });

  it('ends the run when a message can’t be booked: nothing goes on that nobody pays for', async () => {
    const marker = '64.5';
    await using place = await agentPlace([use(bash(`sleep ${marker}`)), say('never')], {
      agent: { allow: ['Bash'] },
    });
    const refuseToBook = (): never => {
      throw new Error('disk full');
    };

    const running = place.agent.run(place.runOf(), refuseToBook, new AbortController().signal);

    await expect(running).rejects.toThrow('disk full');
    expect(await isRunning(`sleep ${marker}`)).toBe(false);
  });

  it('recovers what a run cost that nobody followed to its end', async () => {
    await using place = await agentPlace([use(bash('ls')), say('done')]);
    const report = await place.run();

    const recovered = await place.agent.recover(place.runOf(), new AbortController().signal);

    expect(charged(recovered.messages)).toEqual(charged(place.model.bill));
    expect(charged(recovered.messages)).toEqual(charged(report.messages));
    expect(recovered.ended).toMatchObject({ outcome: { kind: 'completed', text: 'done' }, turns: 2 });
  });

  it('knows which sessions can be gone on with', async () => {
    await using place = await agentPlace([use(bash('ls')), say('done')]);
    const { attempt, cwd } = place.runOf();
    const states = [await place.agent.session({ attempt, cwd })];
    await place.run();

    states.push(await place.agent.session({ attempt, cwd }));

    expect(states).toEqual(['gone', 'answered']);
  });
});

describe.concurrent('profiles', () => {
  it('sends the prefix whatever the profile, and in custom leaves tools to the command', async () => {
    await using lean = await agentPlace(() => say('ok'));
    await using standard = await agentPlace(() => say('ok'), { agent: { profile: 'standard' } });
    await using custom = await agentPlace(() => say('ok'), {
      agent: { profile: 'custom', command: [claudePath, '--tools', 'Read'] },
    });
    const places = [lean, standard, custom];

    const reports = await Promise.all(places.map((place) => place.run()));

    expect(reports.map(({ outcome }) => outcome.kind)).toEqual(['completed', 'completed', 'completed']);
    const asked = places.map(
      ({ model }) => model.requests.flatMap(({ scripted }) => scripted?.request ?? [])[0],
    );
    const { prefix } = lean.runOf();
    expect(asked.map((request) => request?.system.includes(prefix.trim()))).toEqual([true, true, true]);
    expect(asked.map((request) => request?.tools)).toEqual([
      ['Bash', 'Edit', 'Read', 'Write'],
      ['Bash', 'Edit', 'Read', 'Write'],
      ['Read'],
    ]);
    expect(
      asked.map((request) => request?.system.includes(lean.cwd) || request?.system.includes(standard.cwd)),
    ).toEqual([false, false, false]);
  });

  it('puts every cache breakpoint where cache.mode says', async () => {
    const modes = ['5m', '1h', 'off'] as const;
    const kinds = await Promise.all(
      modes.map(async (mode) => {
        await using place = await agentPlace(() => say('ok'), { cache: { mode, models: {} } });
        const { messages } = await place.run();
        return messages.map(({ tokens }) => [tokens.cacheWrite5m > 0, tokens.cacheWrite1h > 0]);
      }),
    );

    expect(kinds).toEqual([[[true, false]], [[false, true]], [[false, false]]]);
  });
});
