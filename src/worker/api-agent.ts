/** The API as an agent: one run is one call, or one loop of calls with tools, recorded event by event. */
import type Anthropic from '@anthropic-ai/sdk';
import type { AgentPlace, AgentReport, AgentRun, RecoveredRun, SessionState } from '../model/agent.js';
import { estimateTokens } from '../model/api-usage.js';
import { noTokens } from '../model/usage.js';
import type { ModelMessage } from '../model/usage.js';
import { answersOf, messageOf } from './answers.js';
import type { Answer } from './answers.js';
import { readAnswer, readRequest, recordAnswer, writeRequest } from './call-files.js';
import { createClient } from './client.js';
import type { WorkerParts } from './client.js';
import { faultOf } from './faults.js';
import { outcomeOf } from './outcome.js';
import { requestOf } from './request.js';
import { singleCall } from './single-call.js';
import type { Calls } from './single-call.js';

interface ApiAgentParts extends WorkerParts {
  /** How the calls of a run are made: once, or in a loop with tools. Left out: once. */
  readonly calls?: Calls;
}

/** The worker's model, in the shape of any agent. Its client is made when the first call is. */
export function createApiAgent(parts: ApiAgentParts) {
  let client: Anthropic | null = null;
  const connected = (): Anthropic => (client ??= createClient(parts));
  return {
    run: (run: AgentRun, onMessage: (message: ModelMessage) => void, signal: AbortSignal) =>
      call(parts, { run, onMessage, client: connected() }, signal),
    recover: (place: AgentPlace) => recover(place),
    session: (): Promise<SessionState> => Promise.resolve('gone'),
    version: () => Promise.resolve('api'),
  };
}

interface Call {
  readonly run: AgentRun;
  readonly client: Anthropic;
  readonly onMessage: (message: ModelMessage) => void;
}

async function call(
  { surroundings, config, calls = singleCall }: ApiAgentParts,
  { run, client, onMessage }: Call,
  signal: AbortSignal,
): Promise<AgentReport> {
  const { directory, model, message, schema, isPrewarm = false } = run;
  const parts = run.parts ?? [run.prefix];
  // The API refuses `max_tokens: 0` beside a format, and without the format it warms another prefix.
  const maxTokens = isPrewarm ? 1 : config.worker.maxOutput;
  const request = requestOf({ model, parts, message, schema, maxTokens, ttl: run.ttl ?? 'off' });
  await writeRequest(directory, request);
  const startedAt = performance.now();
  const told = teller(onMessage, run.onAnswering);
  let fault: AgentReport['outcome'] | null = null;
  {
    await using recorder = await recordAnswer(directory);
    try {
      const record = async (event: object): Promise<void> => {
        await recorder.write(event);
        told.event(event);
      };
      const owner = run.attempt.uuid;
      const moneyUsedUp = run.moneyUsedUp ?? null;
      const cutShort = await calls({ client, request, owner, directory, record, moneyUsedUp }, signal);
      if (cutShort !== null) fault = { kind: 'failed', ...cutShort };
    } catch (error) {
      fault = signal.aborted ? { kind: 'interrupted' } : faultOf(error, surroundings.now());
      if (fault === null) throw error;
    }
  }
  const answers = answersOf((await readAnswer(directory))?.list ?? []);
  told.rest(answers);
  const last = answers.at(-1);
  // The client ends a stream that is aborted as if it had come to its end.
  if (signal.aborted && (last?.stopReason ?? null) === null) fault ??= { kind: 'interrupted' };
  return {
    outcome: fault ?? endOf(last, { isPrewarm, isStructured: schema !== undefined }),
    sessionId: run.attempt.sessionId,
    turns: answers.length,
    durationMs: performance.now() - startedAt,
    reported: null,
    messages: answers.map(messageOf),
    permissionDenials: 0,
    reads: [],
  };
}

function endOf(
  last: Answer | undefined,
  { isPrewarm, isStructured }: { readonly isPrewarm: boolean; readonly isStructured: boolean },
): AgentReport['outcome'] {
  if (last === undefined) return { kind: 'failed', failure: 'no_result', detail: 'the API said nothing' };
  return isPrewarm ? { kind: 'completed', text: '', structured: null } : outcomeOf(last, isStructured);
}

/** Tells of each message once: when it is complete, or at the latest when the run is over. */
function teller(onMessage: (message: ModelMessage) => void, onAnswering: (() => void) | undefined) {
  const events: object[] = [];
  const told = new Set<string>();
  const tell = (answer: Answer | undefined): void => {
    if (answer === undefined || told.has(answer.id)) return;
    told.add(answer.id);
    onMessage(messageOf(answer));
  };
  return {
    event(event: object): void {
      events.push(event);
      if (!('type' in event)) return;
      if (event.type === 'message_start') onAnswering?.();
      if (event.type === 'message_stop') tell(answersOf(events).at(-1));
    },
    rest(answers: readonly Answer[]): void {
      answers.forEach(tell);
    },
  };
}

/** After a kill: what the files say was paid for, and what was said to the end. */
async function recover({ attempt, directory }: AgentPlace): Promise<RecoveredRun> {
  const request = await readRequest(directory);
  const nothing = { messages: [], ended: null, reported: null, lastSeenAt: null };
  if (request === null) return nothing;
  const events = await readAnswer(directory);
  const answers = answersOf(events?.list ?? []);
  const last = answers.at(-1);
  const isOver = last !== undefined && last.stopReason !== null && last.stopReason !== 'tool_use';
  const lastSeenAt = events?.at ?? request.at;
  if (last === undefined) {
    // It may have been charged for: nobody was told.
    const tokens = { ...noTokens, input: estimateTokens(request.characters) };
    // A pack that is asked again after a kill has another session.
    const id = `${attempt.sessionId}:unanswered`;
    const asked = { id, model: request.model, tokens, isSidechain: false, isEstimate: true };
    return { ...nothing, messages: [asked], lastSeenAt };
  }
  const outcome = isOver ? outcomeOf(last, request.isStructured) : null;
  return {
    messages: answers.map(messageOf),
    ended: outcome === null ? null : { outcome, turns: answers.length, durationMs: 0 },
    reported: null,
    lastSeenAt,
  };
}
