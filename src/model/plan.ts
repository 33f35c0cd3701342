/** The plan: the checklist of one target, `.regen-plan.md`. */

export type ItemState = 'todo' | 'done' | 'failed' | 'skipped' | 'waiting';

/** The character between the brackets. `[X]` is read as done too. */
export const stateMarks: Readonly<Record<ItemState, string>> = {
  todo: ' ',
  done: 'x',
  failed: '!',
  skipped: '-',
  waiting: '~',
};

export interface PlanItem {
  readonly id: string;
  readonly state: ItemState;
  /** 1-based line in the file. */
  readonly line: number;
  /** What a person wrote after the id; '' when nothing. */
  readonly note: string;
}

/** A hard requirement for one item's step. */
export interface ChangeRequest extends NewChangeRequest {
  readonly line: number;
}

/** One that is to be written. */
export interface NewChangeRequest {
  readonly item: string;
  readonly text: string;
}

export interface LogEntry {
  readonly item: string;
  readonly text: string;
  readonly line: number;
}

export interface Plan {
  readonly target: string;
  readonly title: string | null;
  /** When the target was last updated, as the plan says it. */
  readonly updated: string | null;
  /** `origin/main@<short sha>` */
  readonly base: string | null;
  /** The creation instant as written: the journals' key. */
  readonly created: string | null;
  readonly heading: string;
  readonly items: readonly PlanItem[];
  readonly changeRequests: readonly ChangeRequest[];
  readonly log: readonly LogEntry[];
}

/** What a new plan is written from. */
export interface NewPlan {
  readonly target: string;
  readonly title: string | null;
  readonly updated: string | null;
  readonly base: string;
  readonly created: Date;
  readonly heading: string;
  readonly items: readonly NewPlanItem[];
  readonly changeRequests: readonly NewChangeRequest[];
}

export interface NewPlanItem {
  readonly id: string;
  /** Set when a pre-filter rule skips the item: `[-]`, and the reason goes to the log. */
  readonly skipped?: string | undefined;
  /** Stands behind the id. */
  readonly note?: string | undefined;
}

/** A change of one item's state. */
export interface PlanMark {
  /** Key of the plan that is meant, see `planKey`; another plan in its place is `gone`. */
  readonly plan: string;
  readonly item: string;
  readonly from: readonly ItemState[];
  readonly to: ItemState;
  /** What the log says after `- <item>: `, or null. */
  readonly log: string | null;
}

/** Changes of several items' states, made at once. */
export interface PlanMarks {
  readonly plan: string;
  readonly marks: readonly Omit<PlanMark, 'plan'>[];
}

/** `marked`; `edited`: the line is gone or a person marked it; `gone`: no plan, or another one. */
export type MarkResult = 'marked' | 'edited' | 'gone';

export type Mode = 'plan' | 'execute' | 'done';

/** What the next invocation does. */
export function modeOf(plan: Plan | null): Mode {
  if (plan === null) return 'plan';
  return plan.items.some((item) => item.state === 'todo' || item.state === 'waiting') ? 'execute' : 'done';
}

/** How many items stand in each state. */
export function countStates(items: readonly Pick<PlanItem, 'state'>[]): Record<ItemState, number> {
  const counts: Record<ItemState, number> = { todo: 0, done: 0, failed: 0, skipped: 0, waiting: 0 };
  for (const item of items) counts[item.state] += 1;
  return counts;
}

/**
 * The folder name of a plan's journals: its creation instant without the characters that paths dislike
 * (`20260502T135000Z`). A plan without one (written by hand) is keyed by its target alone.
 */
export function planKey(plan: Pick<Plan, 'created'>): string {
  if (plan.created === null) return 'undated';
  const key = plan.created.replace(/\.\d+/, '').replace(/[^0-9A-Za-z]/g, '');
  return key.slice(0, 40) || 'undated';
}
