/** `lookup_previous_results`: what earlier rounds and attempts at the item came to. */
import * as z from 'zod';
import { cut } from '../model/excerpt.js';
import type { PastAttempt, PastReview, PastRound } from '../model/past-work.js';
import { definitions } from './definitions.js';
import { refusal } from './tool.js';
import type { Tool } from './tool.js';

export interface PastWork {
  /** The item that is worked on; null: several are, and a call names the one that it is about. */
  readonly item: string | null;
  /** Whether items are kept from each other (`items.isolate`): then nothing of another one is told. */
  readonly isIsolated: boolean;
  /** Attempts at an item of the target, oldest first; null: the target has no such item. */
  attempts(item: string, signal: AbortSignal): Promise<readonly PastAttempt[] | null>;
  /** What the plan's log says of it. */
  log(item: string): Promise<readonly string[]>;
}

const inputSchema = z.object({ item: z.string().optional() });

export function createLookup(work: PastWork): Tool {
  return {
    definition: definitions.lookup_previous_results,
    async call(input, signal) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) return refusal('lookup_previous_results takes {"item"?: text}.');
      const item = parsed.data.item ?? work.item;
      if (item === null)
        return refusal('lookup_previous_results takes {"item": text} here: which one is it about?');
      if (item !== work.item && work.isIsolated) {
        const alone = work.item === null ? '' : `: ask about ${JSON.stringify(work.item)} alone`;
        return refusal(`Items are solved independently of each other${alone}.`);
      }
      const attempts = await work.attempts(item, signal);
      if (attempts === null) return refusal(`${JSON.stringify(item)} is no item of this target.`);
      return { text: resultsText(item, attempts, await work.log(item)) };
    },
  };
}

/** Characters of an answer. */
const longestAnswer = 2000;

/** The newest first: when there is no room for all, the oldest are left out. Pure. */
export function resultsText(item: string, attempts: readonly PastAttempt[], log: readonly string[]): string {
  const told = attempts.filter(({ rounds, end }) => rounds.length > 0 || end !== null);
  if (told.length === 0 && log.length === 0) return `Nothing is known of earlier work at ${item}.`;
  const texts = told.toReversed().map(attemptText);
  const entries =
    log.length === 0 ? [] : [`# In the plan's log\n${log.map((line) => `- ${line}`).join('\n')}`];
  return fitting([...texts, ...entries]);
}

function fitting(texts: readonly string[]): string {
  const shown: string[] = [];
  let room = longestAnswer - 40;
  for (const text of texts) {
    const part = cut(text, room);
    shown.push(part);
    room -= part.length + 2;
    if (room < 200) break;
  }
  const left = texts.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`(${left} older entries left out)`])].join('\n\n');
}

function attemptText({ number, at, isCurrent, end, rounds }: PastAttempt): string {
  const which = isCurrent ? 'this attempt' : at.slice(0, 10);
  const head = `# Attempt ${number} (${which})${end === null ? '' : `: ${end}`}`;
  return [head, ...rounds.toReversed().map(roundText)].join('\n');
}

function roundText({ round, failures, review }: PastRound): string {
  const failed = failures.map(({ name, digest }) => `- check ${name} failed: ${cut(digest, 500)}`);
  return [`Round ${round}:`, ...failed, ...(review === null ? [] : reviewLines(review))].join('\n');
}

function reviewLines({ score, verdict, strengths, weaknesses }: PastReview): string[] {
  return [
    `- score ${score} (${verdict})`,
    ...strengths.slice(0, 3).map((text) => `- keep: ${text}`),
    ...weaknesses.slice(0, 5).map((text) => `- weak: ${text}`),
  ];
}
