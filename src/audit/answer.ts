/** From the judge's answer to change requests. The text is a model's, made of files that anybody may have written. Pure. */
import * as z from 'zod';
import { cut } from '../model/excerpt.js';
import { oneLine } from '../model/one-line.js';
import type { NewChangeRequest } from '../model/plan.js';
import type { CopyCluster, Findings } from './findings.js';

export type Judgement =
  | {
      readonly kind: 'judged';
      readonly requests: readonly NewChangeRequest[];
      /** A sentence for each entry that was dropped, or part of one. */
      readonly warnings: readonly string[];
    }
  /** A sentence per problem. */
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

const answerSchema = z.object({
  clusters: z.array(
    z.object({ id: z.string(), isCopy: z.boolean(), items: z.array(z.string()), request: z.string() }),
  ),
});

type Entry = z.output<typeof answerSchema>['clusters'][number];

/** Characters: a request is a line of the plan and of the agent's message. */
const longestRequest = 300;

/** What equals what, and what to choose instead; a model that needs more tells a story. */
const mostSentences = 2;

/** More wouldn't be read. */
const mostWarnings = 20;

/**
 * Unusable as a whole is what has another shape or says nothing of a cluster. Else one request comes of each confirmed
 * cluster, to the last of the confirmed items that is to be done; an entry that fits no cluster is dropped.
 *
 * @param mask - hides secrets.
 */
export function judgeAnswer(findings: Findings, answer: unknown, mask: (text: string) => string): Judgement {
  if (answer === null || answer === undefined) return malformed(['there is no structured answer']);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    return malformed(
      parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'answer'}: ${message}`),
    );
  }
  const entries = parsed.data.clusters;
  const missing = findings.clusters.filter(({ id }) => !entries.some((entry) => entry.id === id));
  if (missing.length > 0) return malformed(missing.map(({ id }) => `cluster ${id} is missing`));

  // Once more afterwards: a secret may have been cut in two by what isn't seen.
  const plain = (text: string): string => mask(visible(mask(text)));
  const read = entries.map((entry, index) =>
    readEntry(findings, { entry, earlier: entries.slice(0, index) }, plain),
  );
  const requests = read.flatMap(({ request }) => request ?? []);
  const warnings = read.flatMap((each) => each.warnings);
  const more = warnings.length - mostWarnings;
  return {
    kind: 'judged',
    requests: requests.filter(
      ({ item, text }, index) =>
        requests.findIndex((each) => each.item === item && each.text === text) === index,
    ),
    warnings: [
      ...warnings.slice(0, mostWarnings),
      ...(more > 0 ? [`${more} more entries were dropped`] : []),
    ],
  };
}

function malformed(problems: readonly string[]): Judgement {
  return { kind: 'malformed', problems: problems.slice(0, mostWarnings) };
}

interface ReadEntry {
  readonly request: NewChangeRequest | null;
  readonly warnings: readonly string[];
}

function readEntry(
  findings: Findings,
  { entry, earlier }: { readonly entry: Entry; readonly earlier: readonly Entry[] },
  plain: (text: string) => string,
): ReadEntry {
  const named = JSON.stringify(cut(plain(entry.id), 40));
  const cluster = findings.clusters.find(({ id }) => id === entry.id);
  if (cluster === undefined) return dropped([], `${named} is no cluster: the entry was dropped`);
  if (earlier.some(({ id }) => id === entry.id)) {
    return dropped([], `${cluster.id} was answered twice: the first answer counts`);
  }
  return entry.isCopy ? readConfirmed(cluster, entry, plain) : { request: null, warnings: [] };
}

function readConfirmed(cluster: CopyCluster, entry: Entry, plain: (text: string) => string): ReadEntry {
  const { id } = cluster;
  const strays = [...new Set(entry.items)]
    .filter((item) => !cluster.items.includes(item))
    .map((item) => `${id} has no item ${JSON.stringify(cut(plain(item), 40))}: it was left out`);
  const confirmed = cluster.items.filter((item) => entry.items.includes(item));
  if (confirmed.length < 2) {
    return dropped(strays, `${id} names fewer than two items that copy: it was dropped`);
  }
  const later = confirmed.findLast((item) => cluster.todo.includes(item));
  if (later === undefined) {
    return dropped(
      strays,
      `${id}: ${confirmed.join(' and ')} copy, but none of them is to be done: it was dropped`,
    );
  }
  const { text, isWhole } = sentenceOf(plain(entry.request));
  if (text === '') return dropped(strays, `${id} comes without a request: it was dropped`);
  const shortened = isWhole ? [] : [`${id}: the request was longer than a sentence and was cut`];
  return { request: { item: later, text }, warnings: [...strays, ...shortened] };
}

function dropped(strays: readonly string[], warning: string): ReadEntry {
  return { request: null, warnings: [...strays, warning] };
}

/** Without list marks; two sentences become one with a semicolon, more are cut off. */
function sentenceOf(text: string): { readonly text: string; readonly isWhole: boolean } {
  const line = text.replace(/^(?:[-*+>#]+\s+)+/, '');
  const sentences = [...sentenceEnds.segment(line)].map(({ segment }) => segment.trim());
  const kept = sentences.slice(0, mostSentences);
  const joined = kept
    .map((each, index) => (index < kept.length - 1 ? each.replace(/[.!?…]+$/, '') : each))
    .join('; ');
  return {
    text: cut(joined, longestRequest),
    isWhole: sentences.length <= mostSentences && joined.length <= longestRequest,
  };
}

const sentenceEnds = new Intl.Segmenter('en', { granularity: 'sentence' });

/** One line without what a person who reads the plan wouldn't see, and an agent would. */
function visible(text: string): string {
  return oneLine(oneLine(text).replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, ''));
}
