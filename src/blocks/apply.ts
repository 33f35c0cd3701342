import type { Applied, SplitFile, Unfit } from '../model/block.js';
import { RegenError } from '../model/errors.js';
import { strangeCharacter } from './characters.js';
import { fitResult } from './fit.js';
import type { Splitter } from './region.js';
import { faultAlone, refusal } from './refusal.js';
import type { Answered } from './refusal.js';
import { splitterFor } from './split.js';

/**
 * The file with each result in its block's place, and every other byte as it was. A result after which the file would no longer
 * have the same blocks in the same places is left out and named. Results go by the block's key.
 */
export async function applyResults(file: SplitFile, results: ReadonlyMap<string, string>): Promise<Applied> {
  const splitter = await splitterFor(file.source, file.path);
  const { writings, unfit } = fitAll(file, results, splitter);
  const changed = [...writings.keys()];
  const trial = { indexes: changed, splitter };
  const admitted = new Set(holds(file, writings, trial) ? changed : sound(file, writings, trial));
  const refused = changed.filter((index) => !admitted.has(index));
  return {
    text: writeInto(file, writings, admitted).text,
    unfit: [...unfit, ...refused.map((index) => refusal(file, blockAt(file, index, writings), splitter))],
  };
}

/** What is to stand in place of the block of that index. */
type Writings = ReadonlyMap<number, string>;

interface Fits {
  readonly writings: Writings;
  readonly unfit: readonly Unfit[];
}

function fitAll(file: SplitFile, results: ReadonlyMap<string, string>, splitter: Splitter): Fits {
  const writings = new Map<number, string>();
  const unfit: Unfit[] = [];
  const unknown = new Set(results.keys());
  for (const [index, block] of file.blocks.entries()) {
    const result = results.get(block.key);
    unknown.delete(block.key);
    if (result === undefined) continue;
    const fitted = fitResult(block, result);
    if ('reason' in fitted) {
      unfit.push({ kind: 'unfit', key: block.key, reason: fitted.reason });
      continue;
    }
    const written = splitter.mended?.(file.text, block, fitted.text) ?? fitted.text;
    if (fitted.text === block.text || written === block.text) continue;
    const objection =
      strangeCharacter(block.text, written) ?? splitter.objection?.(file.text, block, written) ?? null;
    if (objection === null) writings.set(index, written);
    else unfit.push({ kind: 'unfit', key: block.key, reason: objection });
  }
  const strangers = [...unknown].map((key) => ({
    kind: 'unfit' as const,
    key,
    reason: `has no block in ${file.path}`,
  }));
  return { writings, unfit: [...unfit, ...strangers] };
}

interface Trial {
  readonly indexes: readonly number[];
  readonly splitter: Splitter;
}

/** As many of the results as can stand together. Those that alone are not what they should be are looked at no further. */
function sound(file: SplitFile, writings: Writings, { indexes, splitter }: Trial): readonly number[] {
  const plausible = indexes.filter(
    (index) => faultAlone(file, blockAt(file, index, writings), splitter) === null,
  );
  const admit = (accepted: readonly number[], candidates: readonly number[]): readonly number[] => {
    const both = [...accepted, ...candidates];
    if (candidates.length === 0 || holds(file, writings, { indexes: both, splitter })) return both;
    if (candidates.length === 1) return accepted;
    const half = Math.ceil(candidates.length / 2);
    return admit(admit(accepted, candidates.slice(0, half)), candidates.slice(half));
  };
  return admit([], plausible);
}

/** Whether the file with these results is cut where it was cut before. */
function holds(file: SplitFile, writings: Writings, { indexes, splitter }: Trial): boolean {
  if (indexes.length === 0) return true;
  const wanted = new Set(indexes);
  const { text, places } = writeInto(file, writings, wanted);
  const { regions, faults } = splitter.split(text);
  if (faults > file.faults) return false;
  let next = 0;
  for (const [index, { shape }] of file.blocks.entries()) {
    const [region, place] = [regions[next], places[index]];
    if (region?.start === place?.start && region?.end === place?.end && region?.shape === shape) next += 1;
    else if (splitter.mayVanish !== true || !wanted.has(index)) return false;
  }
  return next === regions.length;
}

function blockAt(file: SplitFile, index: number, writings: Writings): Answered {
  const block = file.blocks[index];
  if (block === undefined) throw new RegenError('bug', `${file.path} has no block number ${index}`);
  return { block, writing: writings.get(index) ?? block.text };
}

interface Written {
  readonly text: string;
  /** Where each of the blocks is now. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

function writeInto(file: SplitFile, writings: Writings, wanted: ReadonlySet<number>): Written {
  const parts: string[] = [];
  let from = 0;
  let moved = 0;
  const places = file.blocks.map(({ start, end, text }, index) => {
    const writing = wanted.has(index) ? writings.get(index) : undefined;
    const begin = start + moved;
    if (writing === undefined) return { start: begin, end: end + moved };
    parts.push(file.text.slice(from, start), writing);
    from = end;
    moved += writing.length - text.length;
    return { start: begin, end: begin + writing.length };
  });
  return { text: [...parts, file.text.slice(from)].join(''), places };
}
