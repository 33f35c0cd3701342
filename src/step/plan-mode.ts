/** Plan mode: pick the target, list its items, write the checklist. */
import { RegenError } from '../model/errors.js';
import { formatInstant } from '../model/instant.js';
import type { NewPlan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { closest } from '../model/suggest.js';
import type { Choice } from '../model/target.js';
import { noUsage } from '../model/usage.js';
import { ensureNobodyWorks } from './item-lock.js';
import { leaseInTheWay } from './lease.js';
import { lastShipped } from './shipped-log.js';
import { withRunLock } from './run-lock.js';
import { ensureUntouched } from './watch.js';
import { clearWait } from './wait-state.js';
import { waitingResult } from './waiting.js';
import type { Line } from './stage.js';
import type { BaseCommit } from './workspace-station.js';

export interface PlanRequest {
  /** The name on the command line; null: the configured order decides. */
  readonly wanted: string | null;
  /** What else the name may have been meant to be. */
  readonly commands: readonly string[];
  /** Decide and write nothing; nothing is fetched either. */
  readonly dryRun: boolean;
}

/** What plan mode decided. */
export interface Planning {
  readonly base: BaseCommit;
  readonly choice: Exclude<Choice, { kind: 'unknown' }>;
  /** The plan that was, or would be, written; null when there is nothing to pick. */
  readonly plan: NewPlan | null;
}

/** The part of the line that planning needs. */
export type Planner = Pick<Line, 'config' | 'surroundings'> & {
  readonly stations: Pick<Line['stations'], 'plans' | 'picker' | 'prompts' | 'workspace' | 'forge'>;
};

/** `regen plan`: plan mode and nothing else. A wait is a step's result, as in any other mode. */
export async function makePlan(
  line: Planner,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Planning | StepResult> {
  const startedAt = line.surroundings.now();
  try {
    if (request.dryRun) return await decidePlan(line, request, signal);
    const planning = await planUnderLock(line, request, signal);
    await clearWait(line.surroundings, { mode: 'plan', startedAt });
    return planning;
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    return waitingResult(line.surroundings, null, { error, ref: null, startedAt });
  }
}

/** A plan that is there already is never overwritten. */
async function planUnderLock(line: Planner, request: PlanRequest, signal: AbortSignal): Promise<Planning> {
  return withRunLock(line.surroundings, async () => {
    await ensureUntouched(line.surroundings, line.stations.workspace, signal);
    const planning = await decidePlan(line, request, signal);
    const existing = await line.stations.plans.read();
    if (existing !== null) {
      throw new RegenError('usage', `the plan of ${existing.target} is in the way (.regen-plan.md)`, {
        hint: 'Run "regen" to go on with it, or "regen abandon" to drop it; "regen plan --dry-run" only looks.',
      });
    }
    // A person may have taken a plan away whose item is still being worked on.
    const lease = await leaseInTheWay(line.surroundings);
    if (lease !== null) throw lease;
    await ensureNobodyWorks(line.surroundings);
    if (planning.plan !== null) await writePlan(line, planning.plan, signal);
    return planning;
  });
}

/** Decides; the caller writes the plan with `writePlan`. */
export async function decidePlan(
  line: Planner,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Planning> {
  const { plans, picker, prompts, workspace } = line.stations;
  const base = request.dryRun ? await workspace.knownBase(signal) : await workspace.fetchBase(signal);
  const tree = workspace.tree(base.sha);
  const choice = await picker.choose(
    {
      tree,
      wanted: request.wanted,
      archives: await plans.archives(),
      shipped: await lastShipped(line.surroundings),
      openPullRequests: request.dryRun ? null : await openPullRequests(line, signal),
      now: line.surroundings.now(),
    },
    signal,
  );
  if (choice.kind === 'unknown') throw unknownTargetIn(choice, request.commands);
  if (choice.kind === 'none') return { base, choice, plan: null };
  // A plan none of whose items could be begun is told of now.
  const items = choice.items.filter(({ skipped }) => skipped === null).map(({ id }) => id);
  await prompts.ensureFiles({ target: choice.target.id, items, tree }, signal);
  return { base, choice, plan: newPlan(line, choice, base) };
}

/** Writes the plan, and before it what keeps it out of git. */
export async function writePlan(line: Planner, plan: NewPlan, signal: AbortSignal): Promise<void> {
  await line.stations.workspace.ensureIgnored(signal);
  await line.stations.plans.create(plan, signal);
}

/** The step's document. */
export function planResult(line: Planner, planning: Planning, startedAt: Date): StepResult {
  const { choice, plan } = planning;
  const todo = plan?.items.filter(({ skipped }) => skipped === undefined).length ?? 0;
  return {
    mode: 'plan',
    target: plan?.target ?? null,
    item: null,
    outcome: plan === null ? 'nothing' : 'planned',
    reason: choice.kind === 'picked' ? choice.why : nothingToDo(line, planning.base, choice.passedOver),
    attempt: null,
    score: null,
    verdict: null,
    pr: null,
    checks: [],
    usage: noUsage,
    durationMs: line.surroundings.now().getTime() - startedAt.getTime(),
    remaining: todo,
    retryAt: null,
    evidence: null,
  };
}

async function openPullRequests(
  line: Planner,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]> | null> {
  if (line.config.ship.to !== 'github') return null;
  try {
    return await (await line.stations.forge()).openByTarget(signal);
  } catch (error) {
    // Planning costs nothing: without a token it goes on, the step that ships will stop for it.
    if (!isUnready(error)) throw error;
    line.surroundings.progress(`open pull requests weren't looked at: ${error.message}`);
    return null;
  }
}

function isUnready(error: unknown): error is RegenError {
  return error instanceof RegenError && (error.code === 'environment' || error.code === 'config');
}

function newPlan(line: Planner, choice: Extract<Choice, { kind: 'picked' }>, base: BaseCommit): NewPlan {
  const { target, items } = choice;
  return {
    target: target.id,
    title: target.title,
    updated: target.updated === null ? null : formatInstant(target.updated),
    base: `${base.ref}@${base.sha.slice(0, 7)}`,
    created: line.surroundings.now(),
    heading: line.config.items.heading,
    items: items.map(({ id, skipped }) => ({ id, skipped: skipped ?? undefined })),
  };
}

/** The error of a name that means nothing here. */
export function unknownTargetIn({ wanted, known }: Unknown, commands: readonly string[]): RegenError {
  const near = closest(wanted, [...commands, ...known]);
  const all =
    known.length <= 8
      ? `Known targets: ${known.join(', ') || 'none'}.`
      : `${known.length} targets are known.`;
  return new RegenError('usage', `"${wanted}" is neither a command nor a target on the base`, {
    hint: near === null ? all : `Did you mean "${near}"? ${all}`,
  });
}

function nothingToDo(
  { config }: Planner,
  base: BaseCommit,
  passedOver: Extract<Choice, { kind: 'none' }>['passedOver'],
): string {
  const { glob, command } = config.targets;
  if (passedOver.length === 0) {
    if (glob !== undefined) return `no file of ${base.ref} fits targets.glob, ${JSON.stringify(glob)}`;
    return command === undefined ? 'targets.list is empty' : 'targets.command printed no target';
  }
  const shown = passedOver.slice(0, 3).map(({ target, reason }) => `${target}: ${reason}`);
  const more = passedOver.length > shown.length ? ` and ${passedOver.length - shown.length} more` : '';
  return `every target is passed over (${shown.join('; ')}${more})`;
}

interface Unknown {
  readonly wanted: string;
  readonly known: readonly string[];
}
