/** What changed must lie inside `writes`; then the repository's own checks. Their digests go back to the agent. */
import path from 'node:path';
import * as z from 'zod';
import type { GuardResult } from '../../model/change.js';
import type { CheckResult } from '../../model/verdict.js';
import type { Journal } from '../journal.js';
import { ended } from '../journal.js';
import { backTo, fail, next, stageKey, unchanged } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import { writesOf } from '../writes.js';
import { repairsSoFar } from './evaluated.js';
import { checkPlace } from './place.js';
import { prepared } from './prepare.js';

export const check: Stage = { name: 'check', run };

const resultsSchema = z.array(
  z.object({
    name: z.string(),
    ok: z.boolean(),
    durationMs: z.number(),
    digest: z.string().nullable(),
    log: z.string(),
  }),
);

async function run(context: StageContext): Promise<StageEnd> {
  const { attempt, config, stations, signal } = context;
  const guard = await stations.workspace.guard(attempt, writesOf(config.items), signal);
  if (guard.kind === 'unchanged' && config.items.unchanged !== 'evaluate') return nothingChanged(context);
  if (guard.kind === 'violated') return verdict(context, [violation(guard)]);
  const results = await runChecks(context);
  // A check may have written files: nothing is published before that is looked at.
  const after = await stations.workspace.guard(attempt, writesOf(config.items), signal);
  return verdict(context, after.kind === 'violated' ? [...results, violation(after)] : results);
}

async function runChecks(context: StageContext): Promise<readonly CheckResult[]> {
  const { stations, surroundings, signal } = context;
  const before = await stations.workspace.fingerprint(signal);
  const worktree = path.resolve(surroundings.root, prepared(context).worktree);
  const results = await stations.checks.run(checkPlace(context, worktree), signal);
  if ((await stations.workspace.fingerprint(signal)) === before) return results;
  return [...results, failure('git', 'a check changed the repository’s git config, hooks or info/')];
}

function nothingChanged({ config }: StageContext): StageEnd {
  const reason = 'the agent left the item as it was';
  return config.items.unchanged === 'fail' ? fail(`unchanged: ${reason}`) : unchanged(reason);
}

function verdict({ config, journal }: StageContext, results: readonly CheckResult[]): StageEnd {
  const failed = results.find((result) => !result.ok);
  if (failed === undefined) return next({ results });
  if (repairsSoFar(journal.records()) < config.checks.repairs) return backTo('agent', { results });
  return fail(`check "${failed.name}" failed: ${firstLine(failed)}`, { results });
}

function violation(guard: Extract<GuardResult, { kind: 'violated' }>): CheckResult {
  const lines = guard.violations.map(({ path: file, reason }) => `${JSON.stringify(file)}: ${reason}`);
  return failure(
    'writes',
    `changes outside of what this item may write:\n${lines.join('\n')}`.slice(0, 2000),
  );
}

function failure(name: string, digest: string): CheckResult {
  return { name, ok: false, durationMs: 0, digest, log: '' };
}

/** The digest's own headline; where the log is when there is none. */
export function firstLine({ digest, log }: CheckResult): string {
  return (digest ?? '').split('\n').find((line) => line.trim() !== '') ?? `see ${log}`;
}

/** The last round's results; empty when no check ran. */
export function lastResults(journal: Journal): readonly CheckResult[] {
  const record = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'check' && effect === 'stage' && event === 'end');
  return readResults(record?.data);
}

/** What the round before this one failed at: what the agent is to mend. */
export function failuresBefore(context: StageContext): readonly CheckResult[] {
  if (context.round === 0) return [];
  const data = ended(context.journal, stageKey('check', context.round - 1));
  return readResults(data ?? undefined).filter((result) => !result.ok);
}

function readResults(data: Readonly<Record<string, unknown>> | undefined): readonly CheckResult[] {
  return resultsSchema.catch([]).parse(data?.['results'] ?? []);
}
