/** `regen run`: steps until done or at a limit. */
import path from 'node:path';
import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { noPlan } from '../model/ledger.js';
import { exitStatusOfRun, isErrorCode } from '../model/run-report.js';
import type { RunReport } from '../model/run-report.js';
import type { Surroundings } from '../model/surroundings.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { runText } from '../report/run-text.js';
import { runBesideName, runJobsName, runPlanName, runTokenName, takeRunLock } from '../step/run-lock.js';
import { createChildren } from '../run/children.js';
import { failuresOf } from '../run/failures.js';
import type { RunLimits } from '../run/loop.js';
import { run as runLoop } from '../run/run.js';
import type { RunObserver, Steps } from '../run/run.js';
import type { ReadStep } from '../model/step-document.js';
import { pullRequestsOf } from '../model/step-result.js';
import type { Ledger } from '../step/ledger-station.js';
import { groupTable } from '../step/token-table.js';
import { readHeading } from '../wire-heading.js';
import { wireStatus } from '../wire-status.js';
import { observeRun } from './run-progress.js';

/** As they stand on the command line. */
export interface RunFlags {
  readonly maxSteps?: string;
  readonly maxUsd?: string;
  readonly maxMinutes?: string;
  readonly targets?: string;
  readonly jobs?: string;
  readonly wait?: boolean;
  readonly jsonl?: boolean;
}

/** Prints the run's document, whatever ended it. */
export async function run(invocation: Invocation, flags: RunFlags): Promise<number> {
  const { options, reporter, signal } = invocation;
  const isStream = flags.jsonl === true;
  if (isStream && options.json === true) {
    throw new RegenError('usage', '--json is one document, --jsonl a stream of them', {
      hint: 'Leave one of them out.',
    });
  }
  const limits = limitsOf(flags);
  const surroundings = await invocation.surroundings();
  const source = { configFile: options.config, readConfig: readHeading };
  const stations = await wireStatus(surroundings, source);
  using progress = observeRun(reporter, { surroundings, isStream });
  const take = () => takeSteps(invocation, surroundings, limits.jobs);
  const steps: ReadStep[] = [];
  const observer: RunObserver = {
    ...progress.observer,
    ended(step, end) {
      if (end.kind === 'step') steps.push(end.result);
      progress.observer.ended(step, end);
    },
  };
  const since = surroundings.now();
  const report = await runLoop({ ...stations, surroundings, observer, take }, limits, signal);
  progress[Symbol.dispose]();
  const groups = await stations.ledger.groups('stage', { since, ofPlans: true });
  const table = groupTable(groups, await stations.ledger.sum({ since, plan: noPlan }));
  const failed = await failedUsage(stations.ledger, steps, since);
  const links = [...new Set(steps.flatMap(pullRequestsOf).map(({ url }) => url))];
  const failures = failuresOf(steps);
  reporter.result(runText(report, { table, failed, failures, links }), runDocument(report));
  return exitStatusOfRun(report);
}

/** What went into items that failed: an agent's steps at them, and of packs their parts; null: none did. */
async function failedUsage(
  ledger: Pick<Ledger, 'groups'>,
  steps: readonly ReadStep[],
  since: Date,
): Promise<Usage | null> {
  const own = steps.filter(({ outcome, items }) => outcome === 'failed' && items === undefined);
  const usages = own.map(({ usage }) => usage);
  for (const target of new Set(steps.flatMap((step) => step.target ?? []))) {
    const packed = steps.filter((step) => step.target === target).flatMap(({ items = [] }) => items);
    const failed = packed.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    if (failed.length === 0) continue;
    const groups = await ledger.groups('item', { since, target, ofPlans: true });
    const parts = groups.filter(({ key }) => key !== null && failed.includes(key));
    usages.push(...parts.map(({ usage }) => usage));
  }
  return usages.length === 0 ? null : usages.reduce(addUsage, noUsage);
}

/** A step's error document within the run's: scripts find it where any other command has it. */
function runDocument(report: RunReport): unknown {
  const { reason, stopped } = report;
  if (!isErrorCode(stopped) || stopped === 'wait') return report;
  const error = { code: stopped, message: reason, hint: null };
  return { ...report, error, exit: exitStatusOfRun(report) };
}

/** Children get our whole environment, the token that lets them pass our lock, and how many they are. */
async function takeSteps(invocation: Invocation, surroundings: Surroundings, jobs: number): Promise<Steps> {
  const { config, verbose, waitState } = invocation.options;
  const lock = await takeRunLock(surroundings);
  const flags = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(verbose === true ? ['--verbose'] : []),
    ...(waitState === false ? ['--no-wait-state'] : []),
  ];
  const children = createChildren(
    {
      file: process.execPath,
      args: [path.resolve(process.argv[1] ?? ''), '--json', ...flags],
      cwd: surroundings.root,
      env: { ...surroundings.env, [runTokenName]: lock.holder.token, [runJobsName]: String(jobs) },
    },
    invocation.signal,
  );
  return {
    run: (onLine, { plan, isBeside }) =>
      children.run(onLine, { [runPlanName]: plan ?? '', [runBesideName]: isBeside ? '1' : '' }),
    async [Symbol.asyncDispose]() {
      children[Symbol.dispose]();
      await lock.release();
    },
  };
}

function limitsOf(flags: RunFlags): RunLimits {
  return {
    maxSteps: wholeNumber('--max-steps', flags.maxSteps),
    maxUsd: amount('--max-usd', flags.maxUsd),
    maxMinutes: amount('--max-minutes', flags.maxMinutes),
    targets: wholeNumber('--targets', flags.targets),
    jobs: wholeNumber('--jobs', flags.jobs) ?? 1,
    wait: flags.wait === true,
  };
}

function wholeNumber(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RegenError('usage', `${flag} takes a whole number from 1 on, not ${JSON.stringify(text)}`, {
    hint: `For example: regen run ${flag} 4`,
  });
}

function amount(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value) && value > 0) return value;
  throw new RegenError('usage', `${flag} takes a number above 0, not ${JSON.stringify(text)}`, {
    hint: `For example: regen run ${flag} 7.5`,
  });
}
