/** The calls of a packing bench: what a step would send, and each item counted by what comes back the first time. */
import { numberOf } from './ask.js';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentOutcome } from '../../model/agent.js';
import { configuredMode } from '../../model/cache-mode.js';
import { cacheMinimum } from '../../model/cache-minimum.js';
import { usualCharactersPerToken } from '../../model/context-fit.js';
import { formatDuration } from '../../model/duration.js';
import { RegenError } from '../../model/errors.js';
import type { LabelledItem } from '../../model/packing-bench.js';
import type { PackedBlock, PackPrompt } from '../../model/prompt.js';
import { addUsage, noUsage } from '../../model/usage.js';
import type { Usage } from '../../model/usage.js';
import { resultOf } from '../agent-run.js';
import type { BookedRun } from '../agent-run.js';
import { failureText } from '../taxonomy.js';
import type { PackAnswer, Worker } from '../worker-station.js';
import { createBenchCaller } from './bench-calls.js';
import type { BenchCall, BenchLine } from './bench-calls.js';
import { pauseMs } from './bench-pause.js';
import { benchReferences } from './bench-references.js';
import type { BenchReferences } from './bench-references.js';

export interface BenchQuestion {
  readonly model: string;
  readonly items: readonly LabelledItem[];
  /** Calls of the same model that are still to be made, this one included. */
  readonly callsToCome: number;
}

/** A result for each item whose answer is any good; nothing is asked again in smaller packs. */
export interface BenchAnswer {
  readonly results: ReadonlyMap<string, string>;
  readonly usage: Usage;
}

export type AskBench = (question: BenchQuestion) => Promise<BenchAnswer>;

/**
 * The function throws a RegenError `wait` when the money doesn't cover the next call, or the API can't answer for long.
 *
 * @param entries - the whole set: what is chosen for all calls alike goes by it.
 */
export function createBenchAsker(line: BenchLine, entries: readonly LabelledItem[]): AskBench {
  const caller = createBenchCaller(line);
  const referencesFor = benchReferences(line, textsOf(entries));
  const warmed = new Set<string>();
  return async ({ model, items, callsToCome }) => {
    const references = await referencesFor(model, textsOf(items));
    caller.add(references.usage.costUsd);
    if (references.missed !== null) {
      line.surroundings.progress(`nothing is asked about ${itemsText(items)}: ${references.missed}`);
      return { results: new Map(), usage: references.usage };
    }
    const prompt = await promptFor(line, items, references);
    const call = { model, prompt, callsToCome };
    // What misses the references has them all in its prefix.
    const prefix = `${model} ${prompt.prefixHash}`;
    if (!warmed.has(prefix) && isWorthWarming(line, call)) {
      line.surroundings.progress(`${model}: writes the prefix to the cache, so that every call reads it`);
      await caller.warm(call);
    }
    warmed.add(prefix);
    const { outcome, usage } = await insist(line, () => caller.call(call));
    return { results: resultsOf(line, items, outcome), usage: addUsage(usage, references.usage) };
  };
}

function textsOf(items: readonly LabelledItem[]): readonly string[] {
  return items.map(({ text }) => text);
}

function itemsText({ length }: readonly LabelledItem[]): string {
  return length === 1 ? '1 item' : `${length} items`;
}

function promptFor(
  { journal, signal, stations, tree }: BenchLine,
  items: readonly LabelledItem[],
  { whole, passages }: BenchReferences,
): Promise<PackPrompt> {
  const blocks = items.map(({ text }, index): PackedBlock => ({
    ...{ id: numberOf(index), text: text.replace(/\n$/, '') },
    ...{ path: '', context: '', shape: '', changeRequests: [] },
  }));
  const { target } = journal.attempt;
  return stations.prompts.pack({ target, tree, blocks, references: whole, passages }, signal);
}

/** Else the cell that comes first would pay for what all others read, and cells couldn't be compared. */
function isWorthWarming({ config }: BenchLine, { model, prompt, callsToCome }: BenchCall): boolean {
  const tokens = prompt.prefix.length / usualCharactersPerToken;
  const isCached = configuredMode(model, config.cache) !== 'off';
  return (
    config.worker.prewarm && isCached && callsToCome > 1 && tokens >= cacheMinimum(model, config.cache).tokens
  );
}

/** Asks until there is an answer, or no use in asking. Every try is paid for. */
async function insist({ surroundings, signal }: BenchLine, call: () => Promise<BookedRun>) {
  let usage = noUsage;
  for (let tries = 1; ; tries += 1) {
    const { outcome, booked } = await call();
    usage = addUsage(usage, { ...booked, requests: Math.max(1, booked.requests) });
    const wait = waitOf(outcome);
    if (wait === null) return { outcome: resultOf(outcome), usage };
    const pause = pauseMs({ tries, retryAt: wait.retryAt, now: surroundings.now() });
    if (pause === null) throw new RegenError('wait', wait.detail, waitFacts(wait));
    surroundings.progress(`${wait.detail}; asks again in ${formatDuration(pause)}`);
    await delay(pause, undefined, { signal }).catch(() => undefined); // an abort is thrown below
    signal.throwIfAborted();
  }
}

type Wait = Pick<Extract<AgentOutcome, { kind: 'waiting' }>, 'detail' | 'reason' | 'retryAt'>;

function waitOf(outcome: AgentOutcome): Wait | null {
  if (outcome.kind === 'waiting') return outcome;
  if (outcome.kind !== 'failed' || outcome.failure !== 'no_result') return null;
  return { detail: outcome.detail, reason: 'network', retryAt: null };
}

function waitFacts({ reason, retryAt }: Wait) {
  const hint = 'Start the bench again later.';
  return { hint, retryAt: retryAt ?? undefined, waitsFor: reason };
}

function resultsOf(
  { worker, surroundings }: BenchLine,
  items: readonly LabelledItem[],
  outcome: ReturnType<typeof resultOf>,
): ReadonlyMap<string, string> {
  const answer = answerOf(worker, outcome);
  if (answer.kind === 'unusable') surroundings.progress(`a call about ${itemsText(items)}: ${answer.reason}`);
  const numbered = items.map((item, index) => ({ id: numberOf(index), item }));
  const { good } = worker.settle(numbered, answer, {
    flawOf: (_item, result) => flawOf(result),
    hasFailedAlone: () => true,
  });
  // null: the text stays as it is.
  return new Map(
    good.map(({ item: { item }, result }) => [item.id, typeof result === 'string' ? result : item.text]),
  );
}

/** As a step reads it: what came whole before the answer's limit counts. */
function answerOf(worker: Worker, outcome: ReturnType<typeof resultOf>): PackAnswer {
  if (outcome.kind === 'completed') return worker.read({ structured: outcome.structured, cut: null });
  const isCut = outcome.failure === 'max_tokens';
  const rest = isCut ? worker.read({ structured: null, cut: outcome.text ?? '' }) : null;
  return rest?.kind === 'answered' ? rest : { kind: 'unusable', reason: failureText(outcome) };
}

function flawOf(result: unknown): string | null {
  if (result === null) return null;
  return typeof result === 'string' && result.trim() !== '' ? null : 'the result is no text';
}
