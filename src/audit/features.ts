/** What an item is compared by: the sequences, numbers and words of all its files, without those that are dictated. Pure. */
import { familyOf, lex } from './lexer.js';
import type { Family } from './lexer.js';
import { dictatedStrides, numbersOf } from './numbers.js';
import type { NumbersOf } from './numbers.js';
import { sequencesOf } from './sequences.js';
import { domainWords, isAmong } from './words.js';

export interface NamedText {
  readonly path: string;
  readonly text: string;
}

export interface Features extends NumbersOf {
  readonly sequences: ReadonlySet<number>;
  readonly words: ReadonlySet<string>;
}

export function featuresOf(files: readonly NamedText[], dictated: Features): Features {
  return without(union(files.map(({ path, text }) => read(text, familyOf(path)))), dictated);
}

/**
 * What the specification says, read in every way in which an item's file may repeat it: as prose, and its examples as the
 * code that they are.
 */
export function dictatedBy(texts: readonly NamedText[], families: readonly Family[]): Features {
  return union(
    texts.flatMap(({ path, text }) => {
      const examples = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^[ \t]*\1/gm)].map(
        ([, , code = '']) => code,
      );
      return [
        ...[...new Set<Family>([familyOf(path), 'prose'])].map((family) =>
          read(text, family, dictatedStrides),
        ),
        ...families.flatMap((family) => examples.map((code) => read(code, family, dictatedStrides))),
      ];
    }),
  );
}

/** The kinds of texts among an item's files. */
export function familiesOf(files: readonly NamedText[]): readonly Family[] {
  return [...new Set(files.map(({ path }) => familyOf(path)))];
}

function read(text: string, family: Family, strides?: readonly number[]): Features {
  const lexed = lex(text, family);
  return {
    ...numbersOf(lexed, strides),
    sequences: new Set(sequencesOf(lexed).map(({ hash }) => hash)),
    words: domainWords(lexed),
  };
}

function union(parts: readonly Features[]): Features {
  return mapSets((pick) => new Set(parts.flatMap((part) => [...pick(part)])));
}

/** A number that the specification names alone may still stand in a row that it doesn't have: rows are told by their runs. */
function without(own: Features, dictated: Features): Features {
  const numbers = new Set([...dictated.inRows, ...dictated.single]);
  return {
    sequences: minus(own.sequences, dictated.sequences),
    words: new Set([...own.words].filter((word) => !isAmong(dictated.words, word))),
    runs: minus(own.runs, dictated.runs),
    draws: minus(own.draws, dictated.draws),
    inRows: minus(own.inRows, numbers),
    single: minus(own.single, numbers),
  };
}

function minus<Part>(own: ReadonlySet<Part>, taken: ReadonlySet<Part>): ReadonlySet<Part> {
  return new Set([...own].filter((each) => !taken.has(each)));
}

function mapSets(
  make: <Part>(pick: (features: Features) => ReadonlySet<Part>) => ReadonlySet<Part>,
): Features {
  return {
    sequences: make(({ sequences }) => sequences),
    words: make(({ words }) => words),
    runs: make(({ runs }) => runs),
    draws: make(({ draws }) => draws),
    inRows: make(({ inRows }) => inRows),
    single: make(({ single }) => single),
  };
}
