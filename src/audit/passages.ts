/** Of the files of a cluster what there is room for: whole ones, or the passages that others share. Pure. */
import { common } from './evidence.js';
import type { ComparedItem } from './evidence.js';
import type { NamedText } from './features.js';
import { familyOf, lex } from './lexer.js';
import { listedNumbers, plainNumber } from './numbers.js';
import { sequencesOf } from './sequences.js';
import { splitWords, spokenTexts } from './words.js';

export interface ItemTexts extends ComparedItem {
  readonly files: readonly NamedText[];
}

/** A file of an item, or what is shown of it. */
export interface ShownText extends NamedText {
  readonly item: string;
}

/** More files of one item hardly show more of what it shares. */
const mostFiles = 4;

/** Lines before and after one with something shared. */
const around = 4;

/** A longer line (data, mostly) counts as several. */
const longestLine = 300;

/** Of a place where data stand, against one of a sequence or a word. */
const numberWeight = 3;

/** @param room - characters for all files together; the shorter files leave what they don't need to the longer ones. */
export function shownTexts(items: readonly ItemTexts[], room: number): readonly ShownText[] {
  const marked = items.flatMap((item) => {
    const shared = sharedParts(item, items);
    return item.files
      .map((file) => ({ item: item.id, ...file, marks: marksIn(file, shared) }))
      .toSorted((left, right) => weightOf(right.marks) - weightOf(left.marks))
      .slice(0, mostFiles)
      .filter(({ marks }, index) => index === 0 || marks.length > 0);
  });
  const rooms = roomsFor(marked, room);
  return marked.map(({ item, path, text, marks }, index) => ({
    ...{ item, path },
    text: passagesOf(text, marks, rooms[index] ?? 0),
  }));
}

interface Mark {
  readonly at: number;
  readonly weight: number;
}

interface SharedParts {
  readonly sequences: ReadonlySet<number>;
  readonly numbers: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

/** What the item shares with any other of the cluster. */
function sharedParts({ id, features }: ItemTexts, items: readonly ItemTexts[]): SharedParts {
  const others = items.filter((other) => other.id !== id).map((other) => other.features);
  return {
    sequences: new Set(others.flatMap(({ sequences }) => common(features.sequences, sequences))),
    words: new Set(others.flatMap(({ words }) => common(features.words, words))),
    numbers: new Set(
      others.flatMap((other) => [
        ...common(features.inRows, other.inRows),
        ...common(features.single, other.single),
      ]),
    ),
  };
}

function marksIn({ path, text }: NamedText, shared: SharedParts): readonly Mark[] {
  const lexed = lex(text, familyOf(path));
  const isShared = (number: string): boolean => shared.numbers.has(number);
  return [
    ...lexed.tokens
      .filter(({ kind, text: token }) =>
        kind === 'number'
          ? isShared(plainNumber(token))
          : kind === 'string' && listedNumbers(token).some(isShared),
      )
      .map(({ at }) => ({ at, weight: numberWeight })),
    ...sequencesOf(lexed)
      .filter(({ hash }) => shared.sequences.has(hash))
      .map(({ at }) => ({ at, weight: 1 })),
    ...spokenTexts(lexed)
      .filter((spoken) => splitWords(spoken.text).some((word) => shared.words.has(word)))
      .map(({ at }) => ({ at, weight: 1 })),
  ];
}

function roomsFor(files: readonly NamedText[], room: number): readonly number[] {
  const rooms = files.map(() => 0);
  let left = room;
  const shortestFirst = [...files.keys()].toSorted((a, b) => lengthOf(files[a]) - lengthOf(files[b]));
  shortestFirst.forEach((file, index) => {
    const own = Math.min(lengthOf(files[file]), Math.floor(left / (files.length - index)));
    rooms[file] = own;
    left -= own;
  });
  return rooms;
}

function lengthOf(file: NamedText | undefined): number {
  return file?.text.length ?? 0;
}

function weightOf(marks: readonly Mark[]): number {
  return marks.reduce((sum, { weight }) => sum + weight, 0);
}

/** The places with most marks first, each with the lines around it, until the room is used up. */
function passagesOf(text: string, marks: readonly Mark[], room: number): string {
  if (text.length <= room) return text;
  const lines = linesOf(text);
  const weights = weightsOf(lines, marks);
  const byWeight = [...lines.keys()].toSorted((left, right) => (weights[right] ?? 0) - (weights[left] ?? 0));
  const chosen = new Set<number>();
  let used = 0;
  for (const line of byWeight) {
    const window = lines
      .slice(Math.max(0, line - around), line + around + 1)
      .filter(({ index }) => !chosen.has(index));
    used += window.reduce((sum, { start, end }) => sum + end - start, gapLength);
    if (used > room) break;
    for (const { index } of window) chosen.add(index);
  }
  return joinLines(text, lines, chosen);
}

interface Line {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(new RegExp(`[^\\n]{0,${longestLine - 1}}(?:\\n|[^\\n]|$)`, 'gu'))]
    .filter(([line]) => line !== '')
    .map((match, index) => ({ index, start: match.index, end: match.index + match[0].length }));
}

function weightsOf(lines: readonly Line[], marks: readonly Mark[]): readonly number[] {
  const weights = lines.map(() => 0);
  let line = 0;
  for (const { at, weight } of marks.toSorted((left, right) => left.at - right.at)) {
    while (at >= (lines[line]?.end ?? Infinity)) line += 1;
    weights[line] = (weights[line] ?? 0) + weight;
  }
  return weights;
}

const gapMark = '[… left out …]\n';
const gapLength = gapMark.length + 1;

function joinLines(text: string, lines: readonly Line[], chosen: ReadonlySet<number>): string {
  const parts: string[] = [];
  let isGap = false;
  for (const { index, start, end } of lines) {
    const isChosen = chosen.has(index);
    if (isChosen) parts.push(text.slice(start, end));
    else if (!isGap) parts.push(parts.length === 0 || text[start - 1] === '\n' ? gapMark : `\n${gapMark}`);
    isGap = !isChosen;
  }
  return parts.join('');
}
