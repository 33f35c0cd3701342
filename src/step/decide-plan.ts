/** Which target is next, and the plan that it gets: decided, and nothing written. */
import { RegenError } from '../model/errors.js';
import { formatInstant } from '../model/instant.js';
import type { NewChangeRequest, NewPlan } from '../model/plan.js';
import { closest } from '../model/suggest.js';
import type { Choice } from '../model/target.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import type { AuditOutcome } from './audit.js';
import { lastShipped } from './shipped-log.js';
import type { Line } from './stage.js';
import type { BaseCommit } from './workspace-station.js';

export interface PlanRequest {
  /** The name on the command line; null: the configured order decides. */
  readonly wanted: string | null;
  /** What else the name may have been meant to be. */
  readonly commands: readonly string[];
  /** Decide and write nothing; nothing is fetched either, and nothing is paid. */
  readonly dryRun: boolean;
  /** Change requests that somebody has already: then nobody audits. null: as regen.yaml says. */
  readonly requests: readonly NewChangeRequest[] | null;
}

/** What plan mode decided. */
export interface Planning {
  readonly base: BaseCommit;
  readonly choice: Exclude<Choice, { kind: 'unknown' }>;
  /** The plan that was, or would be, written; null when there is nothing to pick. */
  readonly plan: NewPlan | null;
  /** null: nobody was asked to look for copies. */
  readonly audit: AuditOutcome | null;
  /** What was paid for the plan before it was written: its audit, and what routing asked. */
  readonly usage: Usage;
}

/** The part of the line that planning needs. */
export type Planner = Pick<Line, 'config' | 'surroundings'> & {
  readonly stations: Pick<
    Line['stations'],
    'plans' | 'picker' | 'prompts' | 'workspace' | 'forge' | 'auditing' | 'worker' | 'routing'
  >;
};

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
  if (choice.kind === 'none') return { base, choice, plan: null, audit: null, usage: noUsage };
  // A plan none of whose items could be begun is told of now.
  const items = choice.items.filter(({ skipped }) => skipped === null).map(({ id }) => id);
  await prompts.ensureFiles({ target: choice.target.id, items, tree }, signal);
  return { base, choice, plan: newPlan(line, choice, base), audit: null, usage: noUsage };
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
    changeRequests: [],
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

interface Unknown {
  readonly wanted: string;
  readonly known: readonly string[];
}
