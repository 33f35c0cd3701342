/** What a running agent is doing, as its stream tells it: enough to know when to give up and what became of it. */
import { promptTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import type { AgentEvent, ToolUse } from './events.js';
import { noReads, seeReads } from './reads.js';
import type { Reads } from './reads.js';
import type { RunResult } from './result.js';

/** The subscription's limit, when it turned a request away. */
interface RejectedLimit {
  /** Epoch seconds, when Claude Code was told. */
  readonly resetsAt: number | null;
}

export interface Watched {
  /** Lines that could be read, of whatever kind. */
  readonly events: number;
  readonly malformed: number;
  /** The last one: a finished background task can make the model go on after the first. */
  readonly result: RunResult | null;
  readonly limit: RejectedLimit | null;
  /** How often in a row the API refused the login. */
  readonly refusedLogins: number;
  readonly toolsInFlight: readonly ToolUse[];
  readonly reads: Reads;
  /** The main conversation's model, once the session has begun. */
  readonly model: string | null;
  /** Whether the main conversation has asked it and nothing came back yet. */
  readonly isAsking: boolean;
  /** The main conversation's newest answer; null: none was begun. */
  readonly turn: Turn | null;
}

/** An answer of the model, as far as it came. */
interface Turn {
  /** Tokens that were sent. */
  readonly prompt: number;
  readonly output: number;
  readonly callsTools: boolean;
  readonly isOver: boolean;
}

export const nothingSeen: Watched = {
  events: 0,
  malformed: 0,
  result: null,
  limit: null,
  refusedLogins: 0,
  toolsInFlight: [],
  reads: noReads,
  model: null,
  isAsking: false,
  turn: null,
};

/** The state after one more event. */
export function watch(seen: Watched, event: AgentEvent): Watched {
  if (event.kind === 'malformed') return { ...seen, malformed: seen.malformed + 1 };
  const next = { ...seen, events: seen.events + 1, reads: seeReads(seen.reads, event) };
  switch (event.kind) {
    case 'init':
      return { ...next, model: event.model };
    case 'request':
      return { ...next, isAsking: true };
    case 'start':
      return event.thread === null ? { ...next, isAsking: false, turn: begun(event.tokens) } : next;
    case 'delta':
      return event.thread === null ? { ...next, turn: counted(seen.turn, event.tokens) } : next;
    case 'stop':
      return event.thread === null && seen.turn !== null
        ? { ...next, turn: { ...seen.turn, isOver: true } }
        : next;
    case 'assistant':
      return {
        ...next,
        toolsInFlight: [...seen.toolsInFlight, ...event.tools],
        isAsking: seen.isAsking && event.thread !== null,
        turn: event.thread === null ? answered(seen.turn, event) : seen.turn,
      };
    case 'tool_results':
      return { ...next, toolsInFlight: seen.toolsInFlight.filter(({ id }) => !event.ids.includes(id)) };
    case 'retry':
      // An error isn't charged, and what the next try comes to nobody knows.
      return { ...next, isAsking: false, refusedLogins: isRefusal(event) ? seen.refusedLogins + 1 : 0 };
    case 'limit':
      return { ...next, limit: event.status === 'rejected' ? { resetsAt: event.resetsAt } : null };
    case 'result':
      return { ...next, result: event.result };
    default:
      return next;
  }
}

/**
 * What the next request is going to send at least, in tokens; null: there will be none, as far as is known. Whoever is
 * told of it late can still be sure that the answer before it is booked.
 */
export function nextPrompt({ turn }: Watched): number | null {
  return turn?.isOver === true && turn.callsTools ? turn.prompt + turn.output : null;
}

function begun(tokens: TokenCounts): Turn {
  return { prompt: promptTokens(tokens), output: 0, callsTools: false, isOver: false };
}

/** Some servers tell the prompt's tokens at the end only. */
function counted(turn: Turn | null, tokens: TokenCounts): Turn {
  const known = turn ?? begun(tokens);
  return {
    ...known,
    prompt: Math.max(known.prompt, promptTokens(tokens)),
    output: Math.max(known.output, tokens.output),
  };
}

function answered(turn: Turn | null, event: Extract<AgentEvent, { kind: 'assistant' }>): Turn {
  const isNew = event.isComplete && turn?.isOver === true; // a retry that isn't streamed begins with its end
  const known = turn === null || isNew ? begun(event.tokens) : turn;
  const callsTools = known.callsTools || event.tools.length > 0;
  return event.isComplete
    ? { ...counted(known, event.tokens), callsTools, isOver: true }
    : { ...known, callsTools };
}

/**
 * Whether silence means nothing: an MCP server's tool may wait for something far away, and any other tool may be silent as
 * long as its processes compute. A subagent is no such tool: its own calls come through the stream, and when its model
 * stalls nobody else notices.
 *
 * @param isComputing - whether anything that the run started has computed since the last look.
 */
export function isToolAtWork(seen: Watched, isComputing: boolean): boolean {
  return seen.toolsInFlight.some(
    ({ name }) => name.startsWith('mcp__') || (isComputing && !subagentTools.has(name)),
  );
}

function isRefusal({ status, error }: Extract<AgentEvent, { kind: 'retry' }>): boolean {
  return status === 401 || error === 'authentication_failed';
}

const subagentTools: ReadonlySet<string> = new Set(['Task', 'Agent']);
