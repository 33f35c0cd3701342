/** The part of the composition root for `bench packing`: a labelled set, asked about as a step would ask. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from './model/errors.js';
import type { LabelledSet, PackingReport, PackingResults } from './model/packing-bench.js';
import type { Surroundings } from './model/surroundings.js';
import { readLabelledSet } from './packing-bench/labelled-set.js';
import type { Measured } from './packing-bench/measure.js';
import { recommend } from './packing-bench/recommend.js';
import { regressions } from './packing-bench/regressions.js';
import { packingReport } from './packing-bench/report.js';
import {
  demandSameSet,
  packingResultsFile,
  packingResultsText,
  readPackingResults,
} from './packing-bench/results.js';
import { cellsToCheck, cellsToMeasure } from './packing-bench/wanted.js';
import type { Planner } from './step/decide-plan.js';
import { isErrno, isSystemError } from './system/errno.js';
import { refuseOtherThings, writeOutput } from './system/output-file.js';
import { readOptional } from './system/read-optional.js';
import { wirePlanner } from './wire.js';
import { runPackingBench } from './wire-bench-run.js';
import type { BenchOrder } from './wire-bench-run.js';

export interface PackingBenchRequest {
  readonly configFile: string | undefined;
  /** Where the command was called, absolute: file names are relative to it. */
  readonly cwd: string;
  /** null: the stored results' own. */
  readonly set: string | null;
  /** null: the default. */
  readonly output: string | null;
  /** null: the usual ones. */
  readonly sizes: readonly number[] | null;
  readonly models: readonly string[] | null;
  /** null: the first. */
  readonly target: string | null;
  /** US dollars; null: no limit. */
  readonly maxUsd: number | null;
  readonly isExact: boolean;
}

export interface PackingBench {
  readonly report: PackingReport;
  /** Where results are stored, as a person would name it. */
  readonly file: string;
}

/** Measures, and stores what was measured. */
export async function measurePacking(
  surroundings: Surroundings,
  request: PackingBenchRequest,
  signal: AbortSignal,
): Promise<PackingBench & { readonly stopped: RegenError | null }> {
  const store = storeOf(surroundings, request);
  if (request.output !== null) await refuseOtherThings(store.file);
  if (request.set === null) {
    throw new RegenError('usage', '"regen bench packing" needs a labelled set', {
      hint: 'Name it with --set FILE: JSON lines such as {"id": "intro-1", "text": "…", "expected": "…"}.',
    });
  }
  const set = await readSet(surroundings, path.resolve(request.cwd, request.set), request.set);
  const planner = await wirePlanner(surroundings, request.configFile);
  const agreement = request.isExact ? 'exact' : 'normal';
  const wanted = cellsToMeasure(set, request, planner.config.worker.model);
  const bench = { set, wanted, target: request.target, agreement } as const;
  const { stopped, ...measured } = await runPackingBench(
    planner,
    { ...bench, maxUsd: request.maxUsd },
    signal,
  );
  const results = resultsOf(planner, { set, agreement }, measured);
  if (request.output === null) await mkdir(path.dirname(store.file), { recursive: true });
  await writeOutput(store.file, packingResultsText(results));
  return { report: packingReport(results), stopped, file: store.name };
}

export interface PackingCheck extends PackingBench {
  /** When the stored results were measured. */
  readonly since: string;
  /** A sentence each. */
  readonly regressions: readonly string[];
}

/** Measures what is stored once more; stores nothing. */
export async function checkPacking(
  surroundings: Surroundings,
  request: PackingBenchRequest,
  signal: AbortSignal,
): Promise<PackingCheck> {
  const store = storeOf(surroundings, request);
  if (request.output !== null) await refuseOtherThings(store.file);
  const content = await readOptional(store.file);
  if (content === null) {
    throw new RegenError('usage', `--check: nothing is stored in ${store.name}`, {
      hint: 'Run "regen bench packing --set FILE" first: it stores what later runs are compared with.',
    });
  }
  const stored = readPackingResults(content, store.name);
  demandSameQuestion(stored, request);
  const set = await readSet(
    surroundings,
    request.set === null
      ? path.resolve(surroundings.root, stored.set.file)
      : path.resolve(request.cwd, request.set),
    request.set ?? stored.set.file,
  );
  demandSameSet(stored.set, set);
  const planner = await wirePlanner(surroundings, request.configFile);
  const { agreement, target } = stored;
  const wanted = cellsToCheck(stored, request);
  const bench = { set, wanted, target, agreement, maxUsd: request.maxUsd };
  const { stopped, ...measured } = await runPackingBench(planner, bench, signal);
  // Half a check says nothing.
  if (stopped !== null) throw stopped;
  const results = resultsOf(planner, { set, agreement }, measured);
  return {
    report: packingReport(results),
    file: store.name,
    since: stored.at,
    regressions: regressions(stored, results),
  };
}

function storeOf({ root }: Surroundings, { cwd, output }: PackingBenchRequest) {
  return output === null
    ? { file: path.join(root, packingResultsFile), name: packingResultsFile }
    : { file: path.resolve(cwd, output), name: output };
}

/** @param shown - as it was named. */
async function readSet({ root }: Surroundings, file: string, shown: string): Promise<LabelledSet> {
  const hint = 'Name the labelled set with --set: a file of JSON lines.';
  const content = await readOptional(file).catch((cause: unknown) => {
    if (!isSystemError(cause)) throw cause;
    const why = isErrno(cause, 'EISDIR') ? 'is a folder' : `can’t be read (${cause.code})`;
    throw new RegenError('usage', `the labelled set ${shown} ${why}`, { hint, cause });
  });
  if (content === null) throw new RegenError('usage', `there is no file ${shown}`, { hint });
  // Found again from wherever a check is called.
  return { ...readLabelledSet(content, shown), file: path.relative(root, file).split(path.sep).join('/') };
}

/** Other words, or another way to compare them, would be another bench. */
function demandSameQuestion(stored: PackingResults, { target, isExact }: PackingBenchRequest): void {
  const hint = 'Leave the flag out, or run without --check to store new results.';
  if (target !== null && target !== stored.target) {
    throw new RegenError('usage', `--target ${target}: the stored results are of ${stored.target}`, { hint });
  }
  if (isExact && stored.agreement !== 'exact') {
    throw new RegenError('usage', '--exact: the stored results were not compared exactly', { hint });
  }
}

function resultsOf(
  { surroundings }: Planner,
  { set, agreement }: Pick<BenchOrder, 'set' | 'agreement'>,
  { cells, target }: Pick<Measured, 'cells'> & { readonly target: string },
): PackingResults {
  const { file, hash, items } = set;
  const recommendation = recommend(cells);
  if (recommendation === null) throw new Error('a bench without a cell has no results');
  const at = surroundings.now().toISOString();
  return { v: 1, at, set: { file, hash, items }, target, agreement, cells, recommendation };
}
