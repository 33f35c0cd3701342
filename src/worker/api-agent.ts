/** The API as an agent: one run is one call, or one loop of calls with tools, recorded event by event. */
import type Anthropic from '@anthropic-ai/sdk';
import type { AgentPlace, AgentReport, AgentRun, RecoveredRun, SessionState } from '../model/agent.js';
import { estimateTokens } from '../model/api-usage.js';
import { noTokens, promptTokens } from '../model/usage.js';
import type { ModelMessage } from '../model/usage.js';
import { answersOf, messageOf } from './answers.js';
import { CallTimeout, callLimit } from './call-time.js';
import type { Answer } from './answers.js';
import { readAnswer, readRequest, recordAnswer, writeRequest } from './call-files.js';
import type { SentRequest } from './call-files.js';
import { createClient } from './client.js';
import type { WorkerParts } from './client.js';
import { faultOf } from './faults.js';
import { outcomeOf } from './outcome.js';
import { watchRequests } from './request-watch.js';
import type { RequestWatch } from './request-watch.js';
import { requestOf } from './request.js';
import { singleCall } from './single-call.js';
import type { Calling, Calls } from './single-call.js';

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

async function call(parts: ApiAgentParts, asked: Call, signal: AbortSignal): Promise<AgentReport> {
  const { run, onMessage } = asked;
  const { directory, schema, isPrewarm = false } = run;
  const request = requestFor(parts, run);
  await writeRequest(directory, request);
  const startedAt = performance.now();
  const told = teller(onMessage, run.onAnswering);
  const watch = watchRequests(asked.client, signal);
  const { fault, isLate } = await makeCalls(parts, { run, watch, request, told }, signal);
  const answers = answersOf((await readAnswer(directory))?.list ?? []);
  told.rest(answers);
  const last = answers.at(-1);
  const unanswered = watch.isUnanswered() && !isRefusal(fault) ? await unansweredAfter(last, run) : [];
  unanswered.forEach(onMessage);
  // The client ends a stream that is aborted as if it had come to its end.
  const isCut = signal.aborted && (last?.stopReason ?? null) === null;
  // A server may have said all and not have closed the stream.
  const cause = isLate && isWhole(last) ? null : fault;
  return {
    outcome:
      cause ??
      (isCut ? { kind: 'interrupted' } : endOf(last, { isPrewarm, isStructured: schema !== undefined })),
    sessionId: run.attempt.sessionId,
    turns: answers.length,
    durationMs: performance.now() - startedAt,
    reported: null,
    messages: [...answers.map(messageOf), ...unanswered],
    permissionDenials: 0,
    reads: [],
  };
}

function requestFor({ config }: ApiAgentParts, run: AgentRun): Calling['request'] {
  const { model, message, schema, isPrewarm = false } = run;
  const parts = run.parts ?? [run.prefix];
  // The API refuses `max_tokens: 0` beside a format, and without the format it warms another prefix.
  const maxTokens = isPrewarm ? 1 : config.worker.maxOutput;
  return requestOf({ model, parts, message, schema, maxTokens, ttl: run.ttl ?? 'off' });
}

interface Asked extends Pick<Call, 'run'> {
  readonly watch: RequestWatch;
  readonly request: Calling['request'];
  readonly told: ReturnType<typeof teller>;
}

interface Ending {
  /** What ended the calls before the answer; null: the last answer says how it ended. */
  readonly fault: AgentReport['outcome'] | null;
  /** Whether it was `worker.timeout`, within a call. */
  readonly isLate: boolean;
}

async function makeCalls(
  { surroundings, config, calls = singleCall }: ApiAgentParts,
  { run, watch, request, told }: Asked,
  signal: AbortSignal,
): Promise<Ending> {
  const { directory } = run;
  await using recorder = await recordAnswer(directory);
  const record = async (event: object): Promise<void> => {
    await recorder.write(event);
    told.event(event);
    if (answersOf([event]).length > 0) watch.begun();
  };
  const { client } = watch;
  const calling = { client, request, owner: run.attempt.uuid, directory, record };
  const limits = { limit: callLimit(config.worker), moneyUsedUp: run.moneyUsedUp ?? null };
  try {
    const cutShort = await calls({ ...calling, ...limits }, watch.signal);
    const failed = cutShort === null ? null : { kind: 'failed' as const, ...cutShort };
    return { fault: faultOf(watch.fault(), surroundings.now()) ?? failed, isLate: false };
  } catch (error) {
    if (signal.aborted) return { fault: { kind: 'interrupted' }, isLate: false };
    const fault = faultOf(watch.fault() ?? error, surroundings.now());
    if (fault === null) throw error;
    return { fault, isLate: error instanceof CallTimeout };
  }
}

/** The API itself has said no, be it in an answer that had begun well: that costs nothing. */
function isRefusal(fault: Ending['fault']): boolean {
  switch (fault?.kind) {
    case 'waiting':
      return fault.reason !== 'network';
    case 'failed':
      return fault.failure === 'prompt_too_long';
    default:
      return fault?.kind === 'not_ready';
  }
}

function isWhole(last: Answer | undefined): boolean {
  return typeof last?.stopReason === 'string' && !['tool_use', 'pause_turn'].includes(last.stopReason);
}

/** A request that was left before any answer to it began: nobody was told what it cost, and it may have cost. */
async function unansweredAfter(
  last: Answer | undefined,
  { attempt, directory }: AgentRun,
): Promise<readonly ModelMessage[]> {
  const request = await readRequest(directory);
  if (request === null) return [];
  if (last === undefined) return [unanswered(attempt, request)];
  // A turn of a loop repeats the one before it; what tools said comes on top.
  const input = promptTokens(last.tokens) + last.tokens.output;
  return [{ ...unanswered(attempt, request), tokens: { ...noTokens, input } }];
}

/** As if its whole prompt was charged for, uncached. */
function unanswered({ sessionId }: AgentPlace['attempt'], { model, characters }: SentRequest): ModelMessage {
  const tokens = { ...noTokens, input: estimateTokens(characters) };
  // A pack that is asked again has another session.
  return { id: `${sessionId}:unanswered`, model, tokens, isSidechain: false, isEstimate: true };
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
    return { ...nothing, messages: [unanswered(attempt, request)], lastSeenAt };
  }
  const outcome = isOver ? outcomeOf(last, request.isStructured) : null;
  return {
    messages: answers.map(messageOf),
    ended: outcome === null ? null : { outcome, turns: answers.length, durationMs: 0 },
    reported: null,
    lastSeenAt,
  };
}
