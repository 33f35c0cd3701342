/** The one call of a pack: asked once, and what was answered before a kill is used and not paid for again. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { AgentOutcome, AgentReport } from '../../model/agent.js';
import type { BlockItem } from '../../model/block.js';
import { RegenError } from '../../model/errors.js';
import type { PackedBlock, PackPrompt } from '../../model/prompt.js';
import { noTokens, promptTokens } from '../../model/usage.js';
import type { ModelMessage, TokenCounts } from '../../model/usage.js';
import { hashOf } from '../../system/content-hash.js';
import { resultOf, runBooked } from '../agent-run.js';
import { grantUsd, outOfShare } from '../budget.js';
import { recoverRunsAt } from '../recover-runs.js';
import { recordsOf, runIntent } from '../run-records.js';
import type { RunContext } from '../run-context.js';
import type { EffectKey } from '../journal.js';
import { runContextOf } from './context.js';
import type { PackLine } from './context.js';
import type { ItemHistory } from './history.js';
import type { PackJournal } from './pack-journals.js';

/** A member of a pack, and the number that the answer calls it by. */
export interface AskedItem {
  readonly id: string;
  readonly item: BlockItem;
}

/** What the message and the answer call the member at that place of its pack. */
export function numberOf(index: number): string {
  return String(index + 1);
}

/** What the model came to: an answer, or why there is none that is any good. */
export interface PackReply {
  readonly outcome: Extract<AgentOutcome, { kind: 'completed' | 'failed' }>;
  readonly messages: readonly ModelMessage[];
  /** Characters of the message that was sent. */
  readonly characters: number;
}

export const workerStage = 'worker';

const callKey: EffectKey = { stage: workerStage, round: 0, effect: 'run' };

/** @throws RegenError for what isn't the items' fault: it stops the step, and the pack is gone on with later. */
export async function askPack(
  packLine: PackLine,
  pack: PackJournal,
  asked: { readonly prompt: PackPrompt; readonly callsToCome: number },
): Promise<PackReply> {
  const context = runContextOf(packLine, pack);
  const { message } = asked.prompt;
  const before = await answeredBefore(packLine, pack);
  if (before !== null) return { ...before, characters: message.length };
  const report = await callModel(context, packLine, asked);
  const outcome = resultOf(report.outcome);
  if (outcome.kind === 'failed' && outcome.failure === 'no_result') {
    throw new RegenError('wait', `the answer for pack ${pack.attempt.number} broke off: ${outcome.detail}`, {
      hint: 'Nothing is lost; a later invocation asks again.',
      waitsFor: 'network',
    });
  }
  return { outcome, messages: report.messages, characters: message.length };
}

/** Books what killed calls of the pack have paid. */
export async function bookKilled(
  { line, worker, signal }: Pick<PackLine, 'line' | 'worker' | 'signal'>,
  pack: PackJournal,
): Promise<void> {
  const { surroundings, stations } = line;
  const recoverer = { surroundings, stations: { agent: worker.model, ledger: stations.ledger } };
  await recoverRunsAt(recoverer, { journal: pack, cwd: () => pack.attempt.directory }, signal);
}

/** What a call that was begun before has answered to its end, booked; null: there is no such answer. */
export async function answeredBefore(
  packLine: PackLine,
  pack: PackJournal,
): Promise<Pick<PackReply, 'outcome' | 'messages'> | null> {
  const last = recordsOf(pack, callKey).findLast(({ event }) => event === 'begin');
  const intent = last === undefined ? null : runIntent(last.data);
  await bookKilled(packLine, pack);
  if (intent === null) return null;
  const { sessionId, directory } = intent;
  const place = {
    attempt: { ...pack.attempt, sessionId },
    cwd: pack.attempt.directory,
    directory: path.join(pack.attempt.directory, directory),
  };
  const { ended, messages } = await packLine.worker.model.recover(place, packLine.signal);
  const outcome = ended?.outcome;
  const isAnswer = outcome?.kind === 'completed' || outcome?.kind === 'failed';
  return isAnswer && messages.length > 0 ? { outcome, messages } : null;
}

async function callModel(
  context: RunContext,
  { line, worker }: PackLine,
  { prompt, callsToCome }: { readonly prompt: PackPrompt; readonly callsToCome: number },
): Promise<AgentReport> {
  const { surroundings } = line;
  const pack = context.journal as PackJournal; // the context was made of it
  const { model, directory } = pack.attempt;
  const wish = wishOf(context, model, { prompt, tools: await worker.toolTokens(context.signal) });
  await using grant = await grantUsd(context, wish);
  if (grant === null) throw new Error('a pack has no item whose money could be used up');
  if (grant.maxUsd !== null && grant.isShare && grant.maxUsd < wish.atLeast)
    throw await outOfShare(context, wish.atLeast);
  surroundings.progress(asking(pack));
  await mkdir(directory, { recursive: true });
  const { parts, prefix, prefixHash, message } = prompt;
  return await runBooked(context, {
    ...{ stage: workerStage, effect: 'run', sessionId: surroundings.newId(), resume: false, cwd: directory },
    ...{ model, message, prefix, prefixHash, parts, messageHash: hashOf(message) },
    schema: worker.schema,
    grant,
    callsToCome,
    isApi: true,
  });
}

function asking({ attempt: { number, model, members } }: PackJournal): string {
  return `pack ${number}: asks ${model} about ${members.length} item${members.length === 1 ? '' : 's'}`;
}

/**
 * US dollars: at least for the prompt and an answer as long as what is asked about, at most for the longest answer, or the
 * longest loop.
 *
 * @param asked - `tools`: tokens of their definitions.
 */
function wishOf(
  { config, stations, surroundings }: RunContext,
  model: string,
  { prompt, tools }: { readonly prompt: PackPrompt; readonly tools: number },
) {
  const { input, ...expected } = expectedTokens(prompt.prefix.length, prompt.message.length);
  const { maxOutput, maxUsd, mcp } = config.worker;
  const price = (tokens: Pick<TokenCounts, 'input' | 'output'>): number | null =>
    stations.ledger.price(model, { ...expected, ...tokens }, surroundings.now());
  const most = price({ input: Math.max(input + tools, mcp?.maxTokens ?? 0), output: maxOutput });
  const least = price({ input: input + tools, output: Math.min(maxOutput, expected.output) }) ?? 0;
  ensureWithin(config, least);
  return { atMost: most === null ? null : Math.min(most, maxUsd ?? Infinity), atLeast: least };
}

/** Of a call, in the worst case that its prompt is cached by nobody. */
export function expectedTokens(prefixCharacters: number, messageCharacters: number): TokenCounts {
  const output = Math.ceil(messageCharacters / 3);
  return { ...noTokens, input: Math.ceil(prefixCharacters / 3) + output, output };
}

/** @throws RegenError `config` when a call is expected to cost more than it may. */
export function ensureWithin({ worker }: RunContext['config'], usd: number): void {
  const { maxUsd } = worker;
  if (maxUsd === undefined || usd <= maxUsd) return;
  const needed = `$${usd.toPrecision(2)}`;
  throw new RegenError(
    'config',
    `worker.maxUsd is $${maxUsd}, and the next call is expected to cost ${needed}`,
    {
      hint: 'Raise worker.maxUsd, or take another model.',
    },
  );
}

/** How the blocks stand in the message. */
export function packedBlocks(
  items: readonly AskedItem[],
  { plan }: Pick<PackLine, 'plan'>,
  history: ReadonlyMap<string, ItemHistory>,
): readonly PackedBlock[] {
  return items.map(({ id, item: { id: itemId, file, block } }) => {
    const digest = history.get(itemId)?.digest ?? null;
    const requests = plan.changeRequests.filter(({ item }) => item === itemId).map(({ text }) => text);
    return {
      id,
      text: block.content.replace(/\n$/, ''),
      path: file.split.path,
      context: block.context ?? '',
      shape: block.shape,
      changeRequests: digest === null ? requests : [...requests, `Your last result failed: ${digest}`],
    };
  });
}

/** The prefix of a call that was answered. */
export interface SentPrefix {
  readonly characters: number;
  /** null: the API doesn't count. */
  readonly tokens: number | null;
}

/**
 * What the prompt of the call took, less the prefix that all packs share. Where nobody has counted that, the message has the
 * share of the whole that its characters have: an estimate of a long prefix is off by more than a message is long.
 *
 * @param added - tokens that the API puts before a prompt.
 */
export function variableTokens(
  { messages, characters }: Pick<PackReply, 'messages' | 'characters'>,
  prefix: SentPrefix,
  added: number,
): number {
  // Later calls of a loop have what tools answered in their prompts.
  const [first] = messages;
  if (first === undefined) return 0;
  const prompt = promptTokens(first.tokens);
  if (prefix.tokens !== null) return Math.max(1, prompt - prefix.tokens);
  const share = characters / Math.max(1, prefix.characters + characters);
  return Math.max(1, Math.round((prompt - Math.min(added, prompt / 2)) * share));
}
