/**
 * Requests that were most likely charged and whose answer no record shows: on their way when the run was killed, or on a
 * subagent's stream that broke off. All of them are estimates. Pure.
 */
import { estimateTokens } from '../model/api-usage.js';
import { noTokens, promptTokens } from '../model/usage.js';
import type { ModelMessage, TokenCounts } from '../model/usage.js';
import type { Diagnostics } from './diagnostics.js';
import type { ThreadAnswer, TranscriptThread } from './threads.js';

export interface UnrecordedFacts {
  /** The run's folder below the attempt's: part of the made-up message ids. */
  readonly run: string;
  /** Whether the run came to its own end: then nothing was on its way any more. */
  readonly isOver: boolean;
  /** A request of the main conversation that no answer had begun to come for; null: there was none. */
  readonly asking: { readonly model: string } | null;
  /** What the run began with: its prefix and its message. */
  readonly firstPromptCharacters: number;
  /** What stream and transcripts list. */
  readonly listed: readonly ModelMessage[];
  readonly threads: readonly TranscriptThread[];
  readonly diagnostics: Diagnostics | null;
}

/** One message for each of those requests. */
export function unrecordedMessages(facts: UnrecordedFacts): readonly ModelMessage[] {
  const lost = lostAnswers(facts);
  return facts.isOver ? lost : [...lost, ...mainOnItsWay(facts), ...subagentsOnTheirWay(facts)];
}

/**
 * Answers that broke off in subagents: their streams aren't passed on to us. The request was sent again at once, so its
 * prompt is the next answer's, and what that answer read from the cache beyond the one before, the lost one had written.
 * Its output is taken for that answer's: how far it had got nobody knows.
 */
function lostAnswers({ run, listed, threads, diagnostics }: UnrecordedFacts): ModelMessage[] {
  const repeated = (diagnostics?.brokenStreams ?? []).flatMap((at) => firstAfter(threads, at) ?? []);
  const inMain = repeated.filter(({ thread }) => !thread.isSidechain).length;
  // The stream itself shows the main conversation's, and they are listed: those not matched above are taken off here.
  const shown = listed.filter(({ isEstimate, isSidechain }) => isEstimate && !isSidechain).length;
  return repeated
    .filter(({ thread }) => thread.isSidechain)
    .slice(Math.max(0, shown - inMain))
    .map(({ thread, answer }, index) => {
      const before = thread.answers[thread.answers.indexOf(answer) - 1];
      return estimate(`${run}:lost-${index + 1}`, answer.model, {
        tokens: asSentBefore(answer.tokens, before?.tokens),
        isSidechain: true,
      });
    });
}

function firstAfter(
  threads: readonly TranscriptThread[],
  at: number,
): { readonly thread: TranscriptThread; readonly answer: ThreadAnswer } | null {
  const later = threads.flatMap((thread) =>
    thread.answers.filter((answer) => answer.at >= at).map((answer) => ({ thread, answer })),
  );
  return later.reduce<(typeof later)[number] | null>(
    (first, one) => (first === null || one.answer.at < first.answer.at ? one : first),
    null,
  );
}

function asSentBefore(tokens: TokenCounts, before: TokenCounts | undefined): TokenCounts {
  const cachedBefore =
    before === undefined ? 0 : before.cacheRead + before.cacheWrite5m + before.cacheWrite1h;
  const cacheRead = Math.min(tokens.cacheRead, cachedBefore);
  return written({ ...tokens, cacheRead }, tokens.cacheRead - cacheRead, before);
}

function mainOnItsWay(facts: UnrecordedFacts): ModelMessage[] {
  const { run, asking, listed, threads } = facts;
  if (asking === null) return [];
  const thread = threads.find(({ isSidechain }) => !isSidechain);
  const recorded = thread?.answers.at(-1);
  // The transcript is written a while after the stream.
  const streamed = listed.findLast(
    ({ id, isSidechain }) => !isSidechain && thread?.answers.every((answer) => answer.id !== id) !== false,
  );
  const last = streamed?.tokens ?? recorded?.tokens ?? null;
  const question = streamed === undefined ? (thread?.question?.characters ?? 0) : 0;
  const characters = last === null ? facts.firstPromptCharacters : question;
  return [
    estimate(`${run}:unanswered`, asking.model, { tokens: nextPrompt(last, characters), isSidechain: false }),
  ];
}

/** A subagent that was asked last is taken for one at work: its stream isn't passed on to us, so nobody knows. */
function subagentsOnTheirWay({ run, threads, diagnostics, asking, listed }: UnrecordedFacts): ModelMessage[] {
  const since = diagnostics?.startedAt ?? Infinity;
  const model = asking?.model ?? listed.at(-1)?.model ?? 'unknown';
  return threads.flatMap(({ name, isSidechain, answers, question }) => {
    if (!isSidechain || question === null || question.at < since) return [];
    const last = answers.at(-1);
    const tokens =
      last === undefined
        ? firstPrompt({ threads, listed }, question.characters)
        : nextPrompt(last.tokens, question.characters);
    return [estimate(`${run}:${name}:unanswered`, last?.model ?? model, { tokens, isSidechain: true })];
  });
}

/** A subagent's tools and instructions are nobody's but its own: taken for as long as another's, or the main ones. */
function firstPrompt(
  { threads, listed }: Pick<UnrecordedFacts, 'threads' | 'listed'>,
  newCharacters: number,
): TokenCounts {
  const recorded = threads.flatMap(({ isSidechain, answers: [first] }) =>
    first === undefined ? [] : [{ isSidechain, tokens: first.tokens }],
  );
  const firsts = [...recorded, ...listed]; // the stream is written sooner than the transcripts
  const { tokens } = firsts.find(({ isSidechain }) => isSidechain) ?? firsts[0] ?? { tokens: noTokens };
  return { ...tokens, input: tokens.input + estimateTokens(newCharacters), output: 0 };
}

/** The prompt after an answer: all of the one before, read from the cache if it was kept there, the answer, and the new. */
function nextPrompt(last: TokenCounts | null, newCharacters: number): TokenCounts {
  const added = estimateTokens(newCharacters);
  if (last === null) return { ...noTokens, input: added };
  const cached = promptTokens(last) - last.input;
  const fresh = last.input + last.output + added;
  return cached === 0
    ? { ...noTokens, input: fresh }
    : written({ ...noTokens, cacheRead: cached }, fresh, last);
}

/** Written to the cache for as long as what was written before. */
function written(tokens: TokenCounts, count: number, before: TokenCounts | undefined): TokenCounts {
  const isOneHour = before !== undefined && before.cacheWrite1h > before.cacheWrite5m;
  return isOneHour
    ? { ...tokens, cacheWrite1h: tokens.cacheWrite1h + count }
    : { ...tokens, cacheWrite5m: tokens.cacheWrite5m + count };
}

function estimate(
  id: string,
  model: string,
  { tokens, isSidechain }: Pick<ModelMessage, 'tokens' | 'isSidechain'>,
): ModelMessage {
  return { id, model, tokens, isSidechain, isEstimate: true };
}
