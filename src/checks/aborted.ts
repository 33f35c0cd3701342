/**
 * A run that executed no test says nothing about the item. The set-up's fix is run once; what then still executes none,
 * and doesn't at the base either, is the environment's to mend: no turn of the agent is spent on it.
 */
import { RegenError } from '../model/errors.js';
import { isEnvironmentFault } from '../model/test-report/aborted.js';
import { isSameMessage } from '../model/test-report/compare.js';
import { baselineOf } from './baseline.js';
import { failsAlike } from './excused.js';
import { logPath } from './bench.js';
import { fix } from './setup.js';
import { tryOnce } from './trial.js';
import type { Trial, VariantRun } from './trial.js';

/** Whether the run was to execute tests, or to begin at all, and didn't. */
export function hasRunNothing({ variant }: VariantRun, { failure, report }: Trial): boolean {
  if (report.outcome !== 'aborted') return false;
  if (report.runner !== null) return failure !== null || !variant.check.allowNoTests;
  // Of any other command only what kept it from beginning: whatever else it complains of may be the item's.
  return failure !== null && report.isEnvironment && isNoBeginning.test(report.abortedBy ?? '');
}

/** A shell that finds no program, an interpreter that finds no package, an environment that can't be used. */
const isNoBeginning =
  /\b(?:sh|bash|dash|zsh|env): (?:(?:line )?\d+: )?[^:]+: (?:command )?not found$|command not found|No module named|Cannot find (?:module|package) ['"][^.'"/]|virtual environment|\bno tests? (?:ran|found|to run)|\b0 tests ran|collected 0 items/i;

/**
 * The run once more, after the fix, or as it was when it is the item's own doing.
 *
 * @throws RegenError `environment` when no test can be run here, whatever the item does.
 */
export async function afterFix(run: VariantRun, aborted: Trial, signal: AbortSignal): Promise<Trial> {
  if (isOwnDoing(run, aborted)) return aborted;
  const trial = await fixed(run, aborted, signal);
  if (!hasRunNothing(run, trial) || isOwnDoing(run, trial)) return trial;
  const base = await baselineOf(run, signal);
  if (base.outcome !== 'aborted') return trial;
  if (run.variant.check.baseline && failsAlike(trial, base) && trial.report.runner === null) return trial;
  const isSame = isSameMessage(trial.report.abortedBy ?? '', base.abortedBy ?? '');
  // The base may lack the item's tests; but where it lacks what they need as well, the item can't help it.
  if (isSame || isEnvironmentFault(base.abortedBy ?? '')) throw noTestRan(run, trial);
  return trial;
}

/** What doesn't compile is the work; so is a missing file or module that the item may write, whatever the base has. */
function isOwnDoing({ place }: VariantRun, { report }: Trial): boolean {
  return !report.isEnvironment || namedFiles(report.abortedBy ?? '').some((file) => place.isOwn(file));
}

/** The files that a complaint may mean: paths as they stand, and where a Python module would be. */
function namedFiles(complaint: string): readonly string[] {
  const module = /No module named '?([\w.]+)/.exec(complaint)?.[1]?.replaceAll('.', '/');
  const modules =
    module === undefined
      ? []
      : [`${module}.py`, `${module}/__init__.py`, `src/${module}.py`, `src/${module}/__init__.py`];
  const paths = complaint.match(/[\w@%+=,.-]+(?:\/[\w@%+=,.-]+)*\.\w+/g) ?? [];
  return [...modules, ...paths.map((file) => file.replace(/^\.\//, ''))];
}

async function fixed(run: VariantRun, aborted: Trial, signal: AbortSignal): Promise<Trial> {
  const { bench, place, variant } = run;
  if (bench.hasFixed || bench.config.checks.setup === undefined) return aborted;
  bench.hasFixed = true;
  bench.surroundings.progress(
    `check ${variant.name}: no test ran (${why(aborted)}); the set-up's fix is run`,
  );
  try {
    await fix(bench, place, signal);
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'environment') throw error;
    return aborted; // the item may have broken what the set-up reads: the base tells whose fault it is
  }
  return tryOnce(run, signal);
}

function noTestRan({ bench, place, variant, log }: VariantRun, trial: Trial): RegenError {
  const path = logPath(bench, log);
  const fixed = bench.hasFixed ? ', also after the set-up’s fix' : '';
  const allowed =
    trial.failure === null ? ' If it may pass without a test, set allowNoTests: true for the check.' : '';
  return new RegenError(
    'environment',
    `check "${variant.name}" executed no test${fixed}, and none at the base: ${why(trial)}`,
    {
      hint: `Mend what it names, or the check in regen.yaml, then run regen again: the item's work is kept ("regen skip ${place.attempt.item}" goes on with the others). Its output is in ${path}.${allowed}`,
    },
  );
}

function why({ failure, report }: Trial): string {
  return (
    [failure, report.abortedBy].filter((part) => part !== null && part !== '').join(': ') || 'it said nothing'
  );
}
