/** What `regen --json` says of plan mode. Pure. */
import type { StepResult } from '../model/step-result.js';
import type { Choice } from '../model/target.js';
import type { AuditOutcome } from './audit.js';
import type { Planner, Planning } from './decide-plan.js';
import type { BaseCommit } from './workspace-station.js';

/** The step's document. */
export function planResult(line: Planner, planning: Planning, startedAt: Date): StepResult {
  const { choice, plan } = planning;
  const { audit } = planning;
  const todo = plan?.items.filter(({ skipped }) => skipped === undefined).length ?? 0;
  return {
    mode: 'plan',
    target: plan?.target ?? null,
    item: null,
    outcome: plan === null ? 'nothing' : 'planned',
    reason:
      choice.kind === 'picked'
        ? whyPicked(choice.why, audit)
        : nothingToDo(line, planning.base, choice.passedOver),
    attempt: null,
    score: null,
    verdict: null,
    pr: null,
    checks: [],
    usage: planning.usage,
    durationMs: line.surroundings.now().getTime() - startedAt.getTime(),
    remaining: todo,
    retryAt: null,
    evidence: null,
  };
}

function whyPicked(why: string, audit: AuditOutcome | null): string {
  const asked = audit?.requests.map(({ item }) => item) ?? [];
  return asked.length === 0 ? why : `${why}; a change is requested of ${asked.join(', ')}`;
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
