/** What changed must lie inside `writes`; then the repository's own checks. Their digests go back to the agent. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { RegenError } from '../../model/errors.js';
import type { BaseCheckout } from '../../model/base-checkout.js';
import type { GuardResult } from '../../model/change.js';
import type { CheckResult } from '../../model/verdict.js';
import type { Journal } from '../journal.js';
import { ended } from '../journal.js';
import { orFallBack } from '../best-work.js';
import { backTo, fail, next, stageKey, unchanged } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { writesOfAttempt } from '../../model/writes.js';
import { isUntouched, touchedReason, watched } from '../watch.js';
import { repairsSoFar } from './evaluated.js';
import type { CheckRounds } from '../stations.js';
import { checkPlace } from './place.js';
import { prepared } from './prepare.js';

export const check: Stage = { name: 'check', run };

const resultsSchema = z.array(
  z.object({
    name: z.string(),
    ok: z.boolean(),
    durationMs: z.number(),
    digest: z.string().nullable(),
    notes: z.array(z.string()).default([]),
    log: z.string(),
  }),
);

async function run(context: StageContext): Promise<StageEnd> {
  return orFallBack(context, await checked(context));
}

async function checked(context: StageContext): Promise<StageEnd> {
  const { attempt, config, stations, signal } = context;
  const guard = await stations.workspace.guard(attempt, writesOfAttempt(config.items, attempt), signal);
  if (guard.kind === 'unchanged' && config.items.unchanged !== 'evaluate') return nothingChanged(context);
  if (guard.kind === 'violated') return verdict(context, [violation(guard)]);
  if (guard.kind === 'clean') {
    const emptied = await emptiedFiles(context, guard);
    if (emptied !== null) return verdict(context, [emptied]);
  }
  const { result: results, touched } = await watched(context, () => runChecks(context));
  if (touched.length > 0) return fail(touchedReason('a check', touched), { results });
  // A check may have written files: nothing is published before that is looked at.
  const after = await stations.workspace.guard(attempt, writesOfAttempt(config.items, attempt), signal);
  return verdict(context, after.kind === 'violated' ? [...results, violation(after)] : results);
}

async function runChecks(context: StageContext): Promise<readonly CheckResult[]> {
  const { config, journal, stations, surroundings, signal } = context;
  const place = checkPlace(context, path.resolve(surroundings.root, prepared(context).worktree));
  const isLast = repairsSoFar(journal.records()) >= config.checks.repairs;
  const base = { ...place.base, open: openUntouched(context, place.base) };
  return stations.checks.run({ ...place, isLast, base }, signal);
}

/** Making a worktree runs what git's settings name, and a check may just have written those. */
function openUntouched(context: StageContext, base: BaseCheckout): BaseCheckout['open'] {
  return async (signal) => {
    if (await isUntouched(context)) return base.open(signal);
    throw new RegenError('item', touchedReason('a check', ['git’s settings, hooks or info']));
  };
}

function nothingChanged({ config, journal, round }: StageContext): StageEnd {
  if (ended(journal, stageKey('agent', round))?.['isSilent'] === true) {
    return fail('empty: the agent changed nothing and said nothing');
  }
  const reason = 'the agent left the item as it was';
  return config.items.unchanged === 'fail' ? fail(`unchanged: ${reason}`) : unchanged(reason);
}

function verdict({ attempt, config, journal }: StageContext, results: readonly CheckResult[]): StageEnd {
  const failed = results.find((result) => !result.ok);
  if (failed === undefined) return next({ results });
  // Of a pack's answers nobody mends one by itself: they are tried in halves, then asked for anew.
  const mayRepair = attempt.pack === undefined && repairsSoFar(journal.records()) < config.checks.repairs;
  if (mayRepair) return backTo('agent', { results });
  const what = failed.name === empty ? 'empty' : `check "${failed.name}" failed`;
  return fail(`${what}: ${firstLine(failed)}`, { results });
}

/** The built-in check's name. */
const empty = 'empty';

/** A result of nothing: every file of the item that was touched is empty or gone, and no check may take it for work. */
async function emptiedFiles(
  context: StageContext,
  { changes, targetFiles }: Extract<GuardResult, { kind: 'clean' }>,
): Promise<CheckResult | null> {
  const root = path.resolve(context.surroundings.root, prepared(context).worktree);
  const isShared = (file: string): boolean =>
    context.attempt.pack === undefined && targetFiles.includes(file);
  const own = changes.map((change) => change.path).filter((file) => !isShared(file));
  const sizes = await Promise.all(
    own.map((file) =>
      lstat(path.join(root, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  if (own.length === 0 || sizes.some((size) => size > 0)) return null;
  const digest = `nothing is left in ${own.join(', ')}`;
  return { name: empty, ok: false, durationMs: 0, digest, notes: [], log: '' };
}

/** The first line is what the plan says of it; the agent gets all of them. */
function violation(guard: Extract<GuardResult, { kind: 'violated' }>): CheckResult {
  const [first = '', ...others] = guard.violations.map(
    ({ path: file, reason }) => `${JSON.stringify(file)}: ${reason}`,
  );
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const digest = [`${first}${more}`, ...others].join('\n').slice(0, 2000);
  return { name: 'writes', ok: false, durationMs: 0, digest, notes: [], log: '' };
}

/** The digest's own headline; where the log is when there is none. */
export function firstLine({ digest, log }: CheckResult): string {
  return (digest ?? '').split('\n').find((line) => line.trim() !== '') ?? `see ${log}`;
}

/** The last round's results of a stage; empty when it had none, as when no check ran. */
export function lastResults(journal: Journal, from: 'check' | 'record' = 'check'): readonly CheckResult[] {
  const record = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === from && effect === 'stage' && event === 'end');
  return readResults(record?.data);
}

/** What the rounds before this one came to; null when the last of them had nothing to mend. */
export function roundsBefore({
  journal,
  round,
}: Pick<StageContext, 'journal' | 'round'>): CheckRounds | null {
  const [now = [], ...earlier] = Array.from({ length: round }, (_, index) =>
    readResults(ended(journal, stageKey('check', round - 1 - index)) ?? undefined),
  );
  if (now.every(({ ok }) => ok)) return null;
  return { now, before: earlier.find((results) => results.length > 0) ?? [] };
}

function readResults(data: Readonly<Record<string, unknown>> | undefined): readonly CheckResult[] {
  return resultsSchema.catch([]).parse(data?.['results'] ?? []);
}
