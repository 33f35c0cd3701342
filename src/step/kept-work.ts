/**
 * Work that outlives a failure. What the agent finished is kept as a commit, `refs/regen/<attempt>`; where it failed only
 * at being recorded, published or shipped, a retry goes on from there and asks no model.
 */
import type { ItemRef, JournalRecord } from '../model/attempt.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { ended } from './journal.js';
import type { EffectKey, Journal } from './journal.js';
import type { Line, StageContext } from './stage.js';
import { isUnjudged, stageResultSchema } from './stage.js';
import { prepared } from './stages/prepare.js';
import { asCommit } from './stages/shipped-data.js';
import { sourceOf, takenUp } from './taken-up.js';
import type { KeptWork } from './taken-up.js';
import { isUntouched } from './watch.js';
import { isSameOnBoth, reviewKey, workKey } from './work-key.js';
import { writesOf } from '../model/writes.js';

const keepKey: EffectKey = { stage: 'attempt', round: 0, effect: 'keep' };
const resumeKey: EffectKey = { stage: 'attempt', round: 0, effect: 'resume' };

/** Keeps what the failed attempt may leave behind; null when there is nothing, or nothing that may be committed. */
export async function keepWork(context: Omit<StageContext, 'round'>): Promise<string | null> {
  const { attempt, journal, stations, signal } = context;
  const before = ended(journal, keepKey);
  if (before !== null) return asCommit(before).sha;
  const sha = commitOf(journal) ?? (await commitLeftovers(context));
  if (sha === null) return null;
  await stations.workspace.keep(attempt, sha, signal);
  await journal.append(keepKey, 'end', { sha });
  return sha;
}

/** Whether the attempt failed where a retry need not start afresh; only then is the kept commit more than evidence. */
export function isTakenUp(journal: Journal): boolean {
  const failed = failedStage(journal.records());
  return ended(journal, keepKey) !== null && failed !== null && isWorkDone(failed);
}

/** The stages before the failed one are done with the work: it failed later, or a judge didn't answer about it. */
function isWorkDone({ stage, data }: JournalRecord): boolean {
  return afterTheWork.has(stage) || isUnjudged(data);
}

/**
 * The work of the item's last failed attempt, if a new attempt may go on from it: nothing that it was made from has
 * changed since, neither in regen.yaml and the plan nor on the base. Deleting the ref gives it up.
 */
export async function findKept(
  line: Line,
  { plan, ref, base }: { readonly plan: Plan; readonly ref: ItemRef; readonly base: string },
  signal: AbortSignal,
): Promise<{ readonly work: KeptWork; readonly base: string } | null> {
  const source = lastWork(await line.journals.attempts(planKey(plan), ref));
  if (source === null || !isTakenUp(source)) return null;
  const { attempt } = source;
  const { workspace } = line.stations;
  const sha = (await workspace.kept(signal)).get(attempt.uuid);
  if (sha === undefined) return null;
  const requests = plan.changeRequests.filter(({ item }) => item === ref.item).map(({ text }) => text);
  const made = prepared({ journal: source });
  if (made.work !== workKey(line.config, requests)) return null;
  const failed = failedStage(source.records());
  const wasJudged = failed !== null && !isUnjudged(failed.data);
  if (wasJudged && made.review !== reviewKey(line.config)) return null;
  const trees = { before: workspace.tree(attempt.base), now: workspace.tree(base) };
  if (!(await isSameOnBoth(line.config, ref, trees, signal))) return null;
  return { work: { attempt: attempt.uuid, sha }, base: attempt.base };
}

/** Copies what the attempt that it takes up has ended, so that the walk goes on behind it; again after a kill. */
export async function takeUp(line: Line, journal: Journal): Promise<void> {
  const kept = takenUp(journal);
  if (kept === null || ended(journal, resumeKey) !== null) return;
  const source = await sourceOf(line, journal.attempt, kept);
  for (const { stage, round, effect, data } of source === null ? [] : endedBeforeFailure(source.records())) {
    await journal.append({ stage, round, effect }, 'end', data);
  }
  await journal.append(resumeKey, 'end', { ...kept });
  line.surroundings.progress(
    `${journal.attempt.item}: goes on from the commit ${kept.sha.slice(0, 7)} that attempt ${source?.attempt.number ?? '?'} left`,
  );
}

/** Lets go of what was kept for these attempts. */
export async function forgetWork(
  line: Pick<Line, 'stations'>,
  journals: readonly Journal[],
  signal: AbortSignal,
): Promise<void> {
  const uuids = journals.map(({ attempt }) => attempt.uuid);
  if (uuids.length > 0) await line.stations.workspace.forget(uuids, signal);
}

/** There is no plan: whatever is kept of ours belongs to one that a person removed. */
export async function forgetOrphans(line: Line, signal: AbortSignal): Promise<void> {
  const kept = await line.stations.workspace.kept(signal);
  if (kept.size > 0) await forgetWork(line, await line.journals.all(), signal);
}

/** Stages that work on what the agent and the checks are done with. */
const afterTheWork: ReadonlySet<string> = new Set(['record', 'publish', 'ship']);

/** The newest attempt that did any work: one that failed before the agent began leaves the one before it in force. */
function lastWork(attempts: readonly Journal[]): Journal | null {
  return (
    attempts.findLast(
      (journal) =>
        takenUp(journal) !== null ||
        journal.records().some(({ stage, effect }) => stage === 'agent' && effect === 'stage'),
    ) ?? null
  );
}

function commitOf(journal: Journal): string | null {
  const record = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'ship' && effect === 'commit' && event === 'end');
  return record === undefined ? null : asCommit(record.data).sha;
}

/** A commit of what the item may write and the agent left; its trailers make it the attempt's. */
async function commitLeftovers(context: Omit<StageContext, 'round'>): Promise<string | null> {
  const { attempt, config, journal, stations, signal } = context;
  const { workspace, texts } = stations;
  const hasWorked = journal
    .records()
    .some(({ stage, effect, event }) => stage === 'agent' && effect === 'stage' && event === 'end');
  if (!hasWorked || !(await workspace.isOpen(attempt, signal))) return null;
  if (!(await isUntouched(context))) return null;
  const guard = await workspace.guard(attempt, writesOf(config.items), signal);
  if (guard.kind !== 'clean') return null;
  const paths = guard.changes.map((change) => change.path);
  const commit = await workspace.commit(attempt, { paths, subject: texts.title(attempt) }, signal);
  return commit.kind === 'committed' ? commit.sha : null;
}

/** The ended stages in front of the one that failed, and the commit, if it was made. */
function endedBeforeFailure(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return records.filter(
    (record) =>
      record.event === 'end' &&
      record.stage !== 'prepare' &&
      ((record.effect === 'stage' && resultKind(record) !== 'fail') ||
        (record.stage === 'ship' && record.effect === 'commit')),
  );
}

/** The end of the stage that the attempt failed in. */
function failedStage(records: readonly JournalRecord[]): JournalRecord | null {
  const last = records.findLast(({ effect, event }) => effect === 'stage' && event === 'end');
  return last !== undefined && resultKind(last) === 'fail' ? last : null;
}

function resultKind({ data }: JournalRecord): string | null {
  return stageResultSchema.safeParse(data['result']).data?.kind ?? null;
}
