/** What the classifier's answer comes to. The text is a model's, made of texts that anybody may have written. Pure. */
import * as z from 'zod';
import { cut } from '../model/excerpt.js';
import { encodePlanId } from '../model/ids.js';
import { oneLine } from '../model/one-line.js';
import type { ItemClass, RouteSettings } from '../model/route.js';
import { classOfScore, itemClasses } from './classes.js';

export interface ReadClass {
  readonly class: ItemClass;
  /** Whether the answer says so; else its score does. */
  readonly isAnswered: boolean;
}

export interface ReadClasses {
  /** Every item that was asked about. */
  readonly classes: ReadonlyMap<string, ReadClass>;
  /** A sentence for whatever was wrong with the answer. */
  readonly problems: readonly string[];
}

const answerSchema = z.object({ items: z.array(z.object({ id: z.string(), class: z.string() })) });

type Entry = z.output<typeof answerSchema>['items'][number];

/** More wouldn't be read. */
const mostProblems = 20;

/**
 * An item counts as classified when the answer has exactly one known class for it; the score decides for the others.
 *
 * @param fault - how an answer that is no such list is called.
 */
export function readClasses(
  items: readonly { readonly id: string; readonly score: number }[],
  answer: unknown,
  settings: Pick<RouteSettings, 'below' | 'above'>,
  fault = 'the answer is no list of ids and classes',
): ReadClasses {
  const parsed = answerSchema.safeParse(answer);
  const { byId, strays } = sorted(items, parsed.success ? parsed.data.items : []);
  const read = items.map(({ id, score }) => {
    const { found, problem } = classOf(id, byId.get(id) ?? []);
    return { id, class: found ?? classOfScore(score, settings), isAnswered: found !== null, problem };
  });
  const problems = parsed.success
    ? [...read.flatMap(({ problem }) => problem ?? []), ...strays]
    : [`${fault}: the scores decide for ${listed(items.map(({ id }) => id))}`];
  const more = problems.length - mostProblems;
  return {
    classes: new Map(read.map(({ id, class: of, isAnswered }) => [id, { class: of, isAnswered }])),
    problems: [...problems.slice(0, mostProblems), ...(more > 0 ? [`${more} more problems like these`] : [])],
  };
}

interface Sorted {
  readonly byId: ReadonlyMap<string, readonly string[]>;
  readonly strays: readonly string[];
}

/** The ids as the question showed them; some models give back the plain id, or the mark's without its escapes. */
function sorted(items: readonly { readonly id: string }[], entries: readonly Entry[]): Sorted {
  const shown = new Map(items.map(({ id }) => [encodePlanId(id), id]));
  const plain = new Map(items.map(({ id }) => [id, id]));
  const byId = new Map<string, string[]>();
  const strays: string[] = [];
  for (const entry of entries) {
    const bare = entry.id.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    const id = shown.get(entry.id) ?? plain.get(entry.id) ?? shown.get(bare) ?? plain.get(bare);
    if (id === undefined) strays.push(`${quoted(entry.id)} wasn’t asked about: its class is dropped`);
    else byId.set(id, [...(byId.get(id) ?? []), entry.class]);
  }
  return { byId, strays };
}

interface Found {
  readonly found: ItemClass | null;
  readonly problem: string | null;
}

function classOf(id: string, given: readonly string[]): Found {
  const bad = (fault: string): Found => ({
    found: null,
    problem: `${quoted(id)} ${fault}: its score decides`,
  });
  const [first] = given;
  if (first === undefined) return bad('has no class');
  if (given.length > 1) return bad(`has ${given.length} classes`);
  const found = itemClasses.find((each) => each === first);
  return found === undefined ? bad(`has the unknown class ${quoted(first)}`) : { found, problem: null };
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, mostProblems).map(quoted).join(', ');
  return ids.length > mostProblems ? `${shown} and ${ids.length - mostProblems} more` : shown;
}

function quoted(text: string): string {
  return JSON.stringify(cut(oneLine(text.replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')), 80));
}
