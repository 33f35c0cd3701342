/** A model that is overloaded, limited, cut off in mid-answer, unwilling, or has nothing to say. */
import { broken, failWith, promptTooLong, refuse, say, usageLimit } from '../../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../../src/demo/model/reply.js';
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import { variants } from '../variants.js';
import { answered } from './fault.js';
import type { Fault } from './fault.js';

export const modelFaults: readonly Fault[] = [
  passing('429', () => failWith(429, 'slow down', { 'retry-after': '1' })),
  passing('500', () => failWith(500)),
  passing('529', () => failWith(529)),
  passing('disconnect', () => ({ kind: 'disconnect' })),
  passing('stream-dropped', () => broken(say('A text that is on its way when the line breaks.'), 'drop')),
  passing('stream-ended', () => broken(say('A text that is on its way when the line breaks.'), 'end')),
  passing('stream-error', () => broken(say('A text that is on its way when the line breaks.'), 'error')),
  { name: 'model/overloaded-for-long', course: overloadedForLong },
  { name: 'model/usage-limit', course: usageLimited },
  { name: 'model/login-refused', course: loginRefused },
  failing('refusal', () => refuse()),
  failing('bad-request', () => failWith(400)),
  failing('prompt-too-long', () => promptTooLong()),
  failing('max-tokens', () => say('It goes on and on', { stopReason: 'max_tokens' })),
  { name: 'model/empty-answer', course: emptyAnswer },
];

/** Which request of the cycle is hit: it has at least six. */
function drawRequest(random: Random): number {
  return random.below(6);
}

/** The n-th request and those after it, `times` in all, get another answer. */
function from(nth: number, times: number, reply: () => ScriptedReply) {
  let seen = 0;
  return answered(() => {
    seen += 1;
    return seen > nth && seen <= nth + times ? reply() : null;
  });
}

/** Once or twice: Claude Code tries again by itself, or the next invocation does. */
function passing(name: string, reply: () => ScriptedReply): Fault {
  return {
    name: `model/${name}`,
    course: (random) => ({
      variant: random.pick(variants),
      ...from(drawRequest(random), 1 + random.below(2), reply),
      tolerated: [75],
      failure: null,
    }),
  };
}

/** The item fails; a retry, which meets no fault any more, ships it. */
function failing(name: string, reply: () => ScriptedReply): Fault {
  return {
    name: `model/${name}`,
    course: (random) => ({
      variant: random.pick(variants),
      ...from(drawRequest(random), 1, reply),
      tolerated: [],
      failure: /^(?:agent|evaluation|check|judge)\b/,
    }),
  };
}

function overloadedForLong(random: Random): Course {
  const nth = drawRequest(random);
  const steps = from(nth, 3, () => failWith(529));
  return {
    variant: random.pick(variants),
    ...steps,
    wish: (scene, index) => ({ ...steps.wish(scene, index), env: { CLAUDE_CODE_MAX_RETRIES: '1' } }),
    tolerated: [75],
    failure: null,
  };
}

/** A subscription's five hours are used up, and open again soon. */
function usageLimited(random: Random): Course {
  const nth = drawRequest(random);
  const until = { at: null as Date | null };
  let seen = 0;
  const steps = answered(() => {
    seen += 1;
    if (seen === nth + 1) until.at = new Date(Date.now() + 3000);
    return until.at !== null && Date.now() < until.at.getTime() ? usageLimit(until.at) : null;
  });
  return {
    variant: random.pick(variants),
    ...steps,
    wish: (scene, index) => ({
      ...steps.wish(scene, index),
      env: { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat-test', ANTHROPIC_API_KEY: '' },
    }),
    tolerated: [75],
    failure: null,
  };
}

/** The login is refused until the invocation is over. */
function loginRefused(random: Random): Course {
  const nth = drawRequest(random);
  let seen = 0;
  let isOver = false;
  const steps = answered(() => {
    seen += 1;
    return seen > nth && !isOver ? failWith(401, 'invalid x-api-key') : null;
  });
  return {
    variant: random.pick(variants),
    ...steps,
    after: () => {
      if (seen > nth) isOver = true;
    },
    tolerated: [3],
    failure: null,
  };
}

/** The last word of a run is no word. */
function emptyAnswer(random: Random): Course {
  let isGiven = false;
  return {
    variant: random.pick(variants),
    ...answered((request) => {
      if (isGiven || request.turnOfPrompt !== 3) return null;
      isGiven = true;
      return say('', { outputTokens: 2 }); // even silence has a stop to be billed
    }),
    tolerated: [],
    failure: /^agent: /,
  };
}
