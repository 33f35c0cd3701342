/** A session as the report lists it. Pure. */
import type {
  Counting,
  EditedFile,
  MessageKinds,
  ProfiledRequest,
  ProfiledSession,
  ProfiledTestRun,
  ProfiledThread,
  ProfiledUsage,
} from '../model/profile.js';
import { promptTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import { isBeforeTool, isThinkingOnly } from './detectors/narration.js';
import type { Request } from './session.js';
import { noTokens, written } from './tokens.js';
import { toolResults } from './tool-results.js';
import { addTokens } from '../model/usage.js';
import { isFreshStart } from './weigh.js';
import type { WeighedSession, WeighedThread } from './weigh.js';

/** @param withRequests - whether every request is wanted: a list as long as the session. */
export function inventory(session: WeighedSession, withRequests: boolean): ProfiledSession {
  const requests = session.threads.flatMap((thread) => thread.requests);
  return {
    session: session.id,
    files: session.files,
    source: session.source,
    step: session.step,
    models: [...new Set(requests.map(({ model }) => model))],
    startedAt: iso(session.firstAt),
    endedAt: iso(session.lastAt),
    ...usageOf(session, requests),
    reported: session.reported,
    counting: countingOf(session, requests),
    messages: kindsOf(session.threads),
    threads: session.threads.map((thread) => threadOf(thread, withRequests)),
    tools: toolResults(session.threads),
    testRuns: session.threads.flatMap(runsOf),
    edited: editedFiles(requests),
  };
}

function usageOf(session: WeighedSession, requests: readonly Request[]): ProfiledUsage {
  const tokens = requests.reduce((sum, request) => addTokens(sum, request.tokens), noTokens);
  const contexts = session.threads.flatMap((thread) => thread.contexts);
  return {
    requests: requests.length,
    ...tokens,
    output: outputOf(tokens, requests),
    costUsd: costOf(session.threads),
    peakContext: contexts.reduce((most, context) => Math.max(most, context), 0),
    meanContext: requests.length === 0 ? 0 : Math.round(promptTokens(tokens) / requests.length),
    durationMs: durationOf(session),
    toolCalls: requests.reduce((sum, { calls }) => sum + calls.length, 0),
    subagents: session.threads.filter(({ agent }) => agent !== null).length,
  };
}

function outputOf({ output }: TokenCounts, requests: readonly Request[]): number | null {
  return requests.every(({ isOutputKnown }) => isOutputKnown) ? output : null;
}

function costOf(threads: readonly WeighedThread[]): number | null {
  let sum = 0;
  for (const thread of threads) {
    for (const index of thread.requests.keys()) {
      const cost = thread.costOf(index);
      if (cost === null) return null;
      sum += cost;
    }
  }
  return sum;
}

/** In a stream only tool results have times: how long its runs took, their result events tell alone. */
function durationOf({ source, reportedMs, firstAt, lastAt }: WeighedSession): number | null {
  if (source === 'stream') return reportedMs;
  return firstAt === null || lastAt === null ? null : lastAt - firstAt;
}

function countingOf({ perRecord }: WeighedSession, requests: readonly Request[]): Counting {
  const tokens = requests.reduce((sum, request) => addTokens(sum, request.tokens), noTokens);
  const perMessage = {
    requests: requests.length,
    withoutTool: requests.filter(({ calls }) => calls.length === 0).length,
    input: tokens.input,
    output: outputOf(tokens, requests),
    cacheRead: tokens.cacheRead,
    cacheWrite: written(tokens),
  };
  return { perRecord, perMessage, factor: factorOf(perRecord, perMessage) };
}

/** Of all that was sent. */
export function factorOf(
  perRecord: Counting['perRecord'],
  perMessage: Counting['perMessage'],
): number | null {
  const sent = ({ input, cacheRead, cacheWrite }: Counting['perRecord']): number =>
    input + cacheRead + cacheWrite;
  return sent(perMessage) === 0 ? null : sent(perRecord) / sent(perMessage);
}

function kindsOf(threads: readonly WeighedThread[]): MessageKinds {
  const kinds = { withTools: 0, textOnly: 0, thinkingOnly: 0, empty: 0, beforeTool: 0 };
  for (const { requests } of threads) {
    for (const [index, request] of requests.entries()) {
      if (request.calls.length > 0) kinds.withTools += 1;
      else if (request.textCharacters > 0) kinds.textOnly += 1;
      else if (isThinkingOnly(request)) kinds.thinkingOnly += 1;
      else kinds.empty += 1;
      if (isBeforeTool(requests, index)) kinds.beforeTool += 1;
    }
  }
  return kinds;
}

function threadOf(thread: WeighedThread, withRequests: boolean): ProfiledThread {
  const { agent, requests, contexts } = thread;
  const compactions = contexts.filter((_context, index) => isFreshStart(requests, contexts, index)).length;
  return {
    agent,
    requests: requests.length,
    firstContext: contexts[0] ?? 0,
    lastContext: contexts.at(-1) ?? 0,
    peakContext: contexts.reduce((most, context) => Math.max(most, context), 0),
    compactions,
    curve: curveOf(contexts),
    ...(withRequests
      ? { perRequest: requests.map((request, index) => requestOf(thread, request, index)) }
      : {}),
  };
}

const curvePoints = 40;

function curveOf(contexts: readonly number[]): readonly number[] {
  if (contexts.length <= curvePoints) return contexts;
  const step = (contexts.length - 1) / (curvePoints - 1);
  return Array.from({ length: curvePoints }, (_, point) => contexts[Math.round(point * step)] ?? 0);
}

function requestOf(thread: WeighedThread, request: Request, index: number): ProfiledRequest {
  const { id, model, tokens, isOutputKnown, calls } = request;
  return {
    n: index + 1,
    message: id,
    at: iso(request.at ?? request.sentAt),
    model,
    context: thread.contexts[index] ?? 0,
    input: tokens.input,
    output: isOutputKnown ? tokens.output : null,
    cacheRead: tokens.cacheRead,
    cacheWrite: written(tokens),
    calls: calls.map((call) => {
      const resultTokens = thread.resultTokens(call);
      return {
        tool: call.tool,
        what: call.what,
        characters: call.result?.characters ?? 0,
        tokens: resultTokens,
        requests: thread.carried(index, resultTokens).requests,
        isError: call.result?.isError ?? false,
      };
    }),
  };
}

function runsOf(thread: WeighedThread): readonly ProfiledTestRun[] {
  return thread.testRuns.map(({ index, call, framework, isTargeted, output, ...run }) => {
    const tokens = thread.resultTokens(call);
    return {
      thread: thread.agent,
      request: index + 1,
      framework,
      command: call.what,
      outcome: output.outcome,
      passed: output.passed,
      failed: output.failed,
      isTargeted,
      failsAgain: run.failsAgain,
      isUnchanged: run.isUnchanged,
      detail: output.detail,
      durationMs: run.durationMs,
      tokens,
      carriedTokens: thread.carried(index, tokens).tokens,
    };
  });
}

/** The most edited first. */
function editedFiles(requests: readonly Request[]): readonly EditedFile[] {
  const files = new Map<string, { edits: number; messages: number; reads: number }>();
  for (const { calls } of requests) {
    const here = new Set<string>();
    for (const { file, kind } of calls) {
      if (file === null || (kind !== 'edit' && kind !== 'read')) continue;
      const use = files.get(file) ?? { edits: 0, messages: 0, reads: 0 };
      files.set(file, use);
      if (kind === 'read') use.reads += 1;
      else use.edits += 1;
      if (kind === 'edit' && !here.has(file)) use.messages += 1;
      if (kind === 'edit') here.add(file);
    }
  }
  return [...files]
    .map(([file, use]) => ({ file, ...use }))
    .filter(({ edits }) => edits > 0)
    .sort((one, other) => other.edits - one.edits);
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
