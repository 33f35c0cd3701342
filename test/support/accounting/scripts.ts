/** What the model does in each scenario of the accounting: one item of a plan is one scenario. */
import { broken, failWith, refuse, say, sayAndUse, structured, use } from '../../../src/demo/model/reply.js';
import type { Answer, ScriptedReply, ToolCall } from '../../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../../src/demo/model/request.js';
import { isJudge } from '../judge.js';
import { answerWith } from '../rubric.js';

/**
 * How sure the books can be. `exact`: of every token. `sums`: Claude Code names the sums of calls that it doesn't list.
 * `output`: prompts are told, the output of an answer that broke off is not. `prompt`: nothing is told, the prompt follows
 * from the answer before. `guess`: nothing is told, and there was no answer before. `unbilled`: an answer had not begun, and
 * whether that is charged nobody says; this server doesn't.
 */
export type Certainty = 'exact' | 'sums' | 'output' | 'prompt' | 'guess' | 'unbilled';

export interface Scenario {
  /** What the tables call it. */
  readonly title: string;
  readonly certainty: Certainty;
  /** Answers the author, its subagents and the judge. When it stalls or is silent, Claude Code is killed. */
  readonly reply: Reply;
}

type Reply = (request: ScriptedRequest) => ScriptedReply | Promise<ScriptedReply>;
type Scripts = Readonly<Record<string, Omit<Scenario, 'title'>>>;
type Scenarios = Readonly<Record<string, Scenario>>;

/** By item. Fresh ones each time, since some count what they are asked. */
export function usualScenarios(): Scenarios {
  return titled({
    parallel_tool_calls: { certainty: 'exact', reply: turns(sayAndUse('I look.', ...look), say('Done.')) },
    subagents_two_models: {
      certainty: 'exact',
      reply: delegating(turns(use(...look), say('Seen.')), [{ model: 'haiku' }, {}]),
    },
    no_output_tokens: {
      certainty: 'exact',
      reply: turns({ ...use(...look), outputTokens: 0 }, say('Done.')),
    },
    rate_limited_first: { certainty: 'exact', reply: once(failWith(429), turns(use(...look), say('Done.'))) },
    refused: { certainty: 'exact', reply: turns(use(...look), refuse()) },
    over_budget: { certainty: 'exact', reply: turns({ ...use(...look), outputTokens: 100_000 }) },
    repair_and_judge: { certainty: 'exact', reply: repairedAndJudged() },
    web_search: { certainty: 'sums', reply: searching(turns(use(search), say('Done.'))) },
    dropped_streams: { certainty: 'output', reply: brokenOff() },
    dropped_in_subagent: {
      certainty: 'prompt',
      reply: delegating(turnsOnce(use(...look), lost, say('Seen.'))),
    },
    killed_while_asking: { certainty: 'unbilled', reply: turns(use(...look), { kind: 'silence' }) },
    killed_in_answer: { certainty: 'output', reply: turns(use(...look), stalled) },
    killed_in_subagent: { certainty: 'prompt', reply: delegating(turns(use(...look), stalled)) },
    killed_in_first_words: { certainty: 'guess', reply: delegating(turns(stalled)) },
  });
}

/** With the cache kept for an hour, another model to fall back on, and a context that is soon full. */
export function specialScenarios(): Scenarios {
  const long = sayAndUse('word '.repeat(3000), ...look);
  return titled({
    one_hour_cache: {
      certainty: 'exact',
      reply: turns(use(...look), sayAndUse('And.', ...look), say('Done.')),
    },
    fallback_model: { certainty: 'exact', reply: overloadedAfter(1, turns(use(...look), say('Done.'))) },
    compaction: { certainty: 'sums', reply: turnsOnce(long, long, say('What was.'), say('Done.')) },
  });
}

/** For who kills regen: the first stalls until it is gone on with, the second waits for `go` with its last answer. */
export function interruptedScenarios(go: () => Promise<void>): Scenarios {
  const stalling = turns(use(...look), stalled);
  return titled({
    both_killed_in_answer: {
      certainty: 'output',
      reply: (request) => (request.prompts.length > 1 ? say('Done.') : stalling(request)),
    },
    regen_killed_alone: {
      certainty: 'exact',
      reply: async ({ turn }) => {
        if (turn === 1) return use(...look);
        await go();
        return say('Done.');
      },
    },
  });
}

function titled(scripts: Scripts): Scenarios {
  return Object.fromEntries(
    Object.entries(scripts).map(([item, script]) => [item, { title: item.replaceAll('_', ' '), ...script }]),
  );
}

const look: readonly ToolCall[] = ['ls', 'pwd'].map((command) => ({
  name: 'Bash',
  input: { command, description: 'Look' },
}));
const search: ToolCall = { name: 'WebSearch', input: { query: 'autumn poems' } };

const half = say('Leaves fall. '.repeat(20));
const lost = broken(half, 'drop');
const stalled = broken(half, 'stall');

/** The n-th answer of a conversation; the last is given again. */
function turns(...replies: readonly [ScriptedReply, ...ScriptedReply[]]): Reply {
  return ({ turn }) => replies[Math.min(turn, replies.length) - 1] ?? replies[0];
}

/** One answer after the other, whatever is asked: a retry gets the next one. */
function turnsOnce(...replies: readonly [ScriptedReply, ...ScriptedReply[]]): Reply {
  let given = 0;
  return () => replies[Math.min((given += 1), replies.length) - 1] ?? replies[0];
}

function once(first: ScriptedReply, then: Reply): Reply {
  let isFirst = true;
  return (request) => {
    const reply = isFirst ? first : then(request);
    isFirst = false;
    return reply;
  };
}

/** The model that was asked first has no capacity left after so many answers. */
function overloadedAfter(answers: number, reply: Reply): Reply {
  return (request) =>
    request.model.includes('sonnet') && request.turn > answers ? failWith(529) : reply(request);
}

/** Subagents at the same time, one for each of `orders`. */
function delegating(subagent: Reply, orders: readonly Readonly<Record<string, string>>[] = [{}]): Reply {
  const input = { description: 'Look', prompt: 'Look there.', subagent_type: 'general-purpose' };
  const calls = orders.map((order): ToolCall => ({ name: 'Agent', input: { ...input, ...order } }));
  const main = turns(use(...calls), say('Done.'));
  return (request) => (isAuthor(request) ? main(request) : subagent(request));
}

function isAuthor({ firstMessage }: ScriptedRequest): boolean {
  return firstMessage.includes('poems/');
}

function searching(author: Reply): Reply {
  const found = say('Found: leaves.', { outputTokens: 41 });
  return (request) => (request.tools.includes('web_search') ? found : author(request));
}

/** Each way in which a stream breaks off, in one session; what is asked again isn't streamed. */
function brokenOff(): Reply {
  const ways = (['drop', 'end', 'error'] as const).flatMap((way): Answer[] => [
    broken(half, way),
    use(...look),
  ]);
  return turnsOnce(use(...look), ...ways, say('Done.'));
}

/** A stale draft, its repair in the same session, and a judge whose first answer is of no use. */
function repairedAndJudged(): Reply {
  const judge = turnsOnce(structured({}), structured(answerWith({ vq1: 20, vq2: 10, de1: 16 })));
  return (request) => {
    if (isJudge(request)) return judge(request);
    const file = /poems\/\w+\/voices\/\w+\.txt/.exec(request.firstMessage)?.[0] ?? '';
    const content = request.prompts.length === 1 ? 'still stale\n' : 'new\n';
    if (request.turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
    if (request.turnOfPrompt === 2) return use({ name: 'Write', input: { file_path: file, content } });
    return say('Written.');
  };
}
