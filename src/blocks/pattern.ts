import { runInNewContext } from 'node:vm';
import { blockPattern } from '../model/block-pattern.js';
import { RegenError } from '../model/errors.js';
import { indentedLayout } from './layout.js';
import type { Region, Splitter } from './region.js';

/** Longer than any sensible pattern takes for a file of megabytes. */
const defaultTimeLimitMs = 2000;

interface PatternPlace {
  readonly pattern: string;
  readonly path: string;
  readonly timeLimitMs?: number;
}

/** Regions that a regular expression finds. Throws `config` for one that is no pattern, has no group, or takes for ever. */
export function patternSplitter(place: PatternPlace): Splitter {
  const regExp = compiled(place.pattern);
  return { mayVanish: true, split: (text) => ({ regions: patternRegions(text, regExp, place), faults: 0 }) };
}

type Match = RegExpExecArray & { readonly indices: RegExpIndicesArray };

function compiled(pattern: string): RegExp {
  const regExp = blockPattern(pattern);
  if (regExp instanceof RegExp) return regExp;
  const { fault, mend, cause } = regExp;
  throw new RegenError('config', `the pattern ${pattern} ${fault}`, { cause, hint: mend });
}

function patternRegions(text: string, regExp: RegExp, place: PatternPlace): readonly Region[] {
  const regions: Region[] = [];
  let before = 0;
  for (const match of matchesOf(text, regExp, place)) {
    const range = match.indices.groups?.['block'] ?? match.indices[1];
    if (range === undefined) continue; // an alternative of the pattern that has no region
    const [start, end] = range;
    if (match[0] === '' && start === end) throw matchesNothing(text, place, match.index);
    if (start < before) throw overlaps(text, place, start);
    const key = match.groups?.['key']?.trim() ?? '';
    const layout = indentedLayout({ text, start, end });
    regions.push({
      key: key === '' ? `${regions.length + 1}` : key,
      kind: 'match',
      shape: 'match',
      start,
      end,
      layout,
    });
    before = end;
  }
  return regions;
}

/** A context of its own is the only way to stop a pattern that runs for ever. */
function matchesOf(
  text: string,
  regExp: RegExp,
  { pattern, path, timeLimitMs }: PatternPlace,
): readonly Match[] {
  const timeout = timeLimitMs ?? defaultTimeLimitMs;
  try {
    return runInNewContext('[...text.matchAll(regExp)]', { text, regExp }, { timeout }) as Match[]; // has the flag d
  } catch (cause) {
    if (!isTimeout(cause)) throw cause;
    throw new RegenError('config', `the pattern ${pattern} took longer than ${timeout} ms for ${path}`, {
      cause,
      hint: 'avoid a repetition within a repetition, such as (a+)+',
    });
  }
}

// The error is one of the other context, where `Error` is another class.
function isTimeout(cause: unknown): boolean {
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'code' in cause &&
    cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function matchesNothing(text: string, { pattern, path }: PatternPlace, at: number): RegenError {
  return new RegenError(
    'config',
    `the pattern ${pattern} matches nothing at all in line ${lineOf(text, at)} of ${path}`,
    {
      hint: 'let it match at least one character: + instead of *',
    },
  );
}

function overlaps(text: string, { pattern, path }: PatternPlace, at: number): RegenError {
  return new RegenError(
    'config',
    `the pattern ${pattern} finds a region in line ${lineOf(text, at)} of ${path} twice`,
    {
      hint: 'keep the region within what the match consumes: no group in (?=…) or (?<=…)',
    },
  );
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
