import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../src/model/template.js';
import { agentConfig, agentPlace } from './agent-place.js';

/** A stand-in that prints lines and falls silent: it starts at once, so that the limits can be short. */
async function runSilentAgent(
  lines: readonly object[],
  limits: { idle: number; timeout: number },
  work = 'exec sleep 60',
) {
  const said = lines.map((line) => shellQuote(JSON.stringify(line))).join(' ');
  const command = ['/bin/sh', '-c', `printf '%s\\n' ${said}; ${work}`];
  await using place = await agentPlace([], { agent: { command, ...limits } });
  const { outcome } = await place.run();
  return outcome;
}

const call = (name: string) => ({
  type: 'assistant',
  message: { id: 'a', model: 'm', usage: {}, content: [{ type: 'tool_use', id: 't', name, input: {} }] },
});

it('lets a tool compute in silence beyond the idle limit, until the wall limit', async () => {
  const computing = 'sh -c "while :; do :; done" & wait';

  const outcome = await runSilentAgent([call('Bash')], { idle: 700, timeout: 2500 }, computing);

  expect(outcome).toMatchObject({
    failure: 'wall_timeout',
    detail: expect.stringContaining('at work: Bash') as string,
  });
});

it('lets an MCP server’s tool wait beyond the idle limit, until the wall limit', async () => {
  const outcome = await runSilentAgent([call('mcp__queue__wait')], { idle: 300, timeout: 1500 });

  expect(outcome).toMatchObject({ failure: 'wall_timeout' });
});

it('ends a run whose tool hangs: it says nothing and computes nothing', async () => {
  const outcome = await runSilentAgent([call('Bash')], { idle: 700, timeout: 20_000 }, 'sleep 60 & wait');

  expect(outcome).toEqual({
    kind: 'failed',
    failure: 'idle_timeout',
    detail: 'the run was ended because nothing came for too long (agent.idle); at work: Bash',
  });
});

it('ends a run whose subagent says nothing any more', async () => {
  const outcome = await runSilentAgent([call('Task')], { idle: 300, timeout: 20_000 });

  expect(outcome).toMatchObject({ failure: 'idle_timeout' });
});

it('ends a run that says nothing from the start', async () => {
  const outcome = await runSilentAgent([], { idle: 300, timeout: 20_000 });

  expect(outcome).toMatchObject({ failure: 'idle_timeout' });
});

describe('agent.context', () => {
  const stream = (event: object) => ({ type: 'stream_event', parent_tool_use_id: null, event });
  const usage = { input_tokens: 100, cache_read_input_tokens: 650, output_tokens: 1 };
  const answer = [
    stream({ type: 'message_start', message: { id: 'a', model: 'm', usage } }),
    call('Bash'),
    stream({
      type: 'message_delta',
      delta: { stop_reason: 'tool_use' },
      usage: { ...usage, output_tokens: 10 },
    }),
    stream({ type: 'message_stop' }),
  ];

  async function runIn(context: number, model = agentConfig.model) {
    const said = answer.map((line) => shellQuote(JSON.stringify(line))).join(' ');
    const command = ['/bin/sh', '-c', `printf '%s\\n' ${said}; exec sleep 60`];
    await using place = await agentPlace([], { agent: { command, context, idle: 400, timeout: 20_000 } });
    const { booked, outcome } = await place.run({ model });
    return { booked: booked.map(({ tokens, isEstimate }) => [tokens.output, isEstimate]), outcome };
  }

  it('ends a run that goes on without room for another answer, with all of it booked', async () => {
    expect(await runIn(1000)).toEqual({
      booked: [[10, false]],
      outcome: {
        kind: 'failed',
        failure: 'context_full',
        detail:
          'the conversation had come to 760 tokens, and the window of 1000 (agent.context) leaves no room for another answer',
      },
    });
  });

  it.each([
    ['there is room', 1100, agentConfig.model],
    ['another model is asked, such as a judge', 1000, 'other'],
  ])('leaves a run alone when %s', async (_, context, model) => {
    expect(await runIn(context, model)).toMatchObject({ outcome: { failure: 'idle_timeout' } });
  });
});
