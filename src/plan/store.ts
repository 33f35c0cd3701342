/** The checklist on disk: each edit is read, decided and written under the plan's lock. */
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import { planKey } from '../model/plan.js';
import type { ItemState, MarkResult, NewPlan, Plan, PlanMark, PlanMarks } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { createAtomically, replaceAtomically } from '../system/atomic-write.js';
import { isSystemError } from '../system/errno.js';
import { acquireLockWithin } from '../system/lock.js';
import type { LockHolder } from '../system/lock.js';
import { historyFolder, moveToHistory, readHistory } from './archive.js';
import { appendLog, appendLogs, markItem, markItems } from './edit-plan.js';
import type { Entry } from './entry-line.js';
import { parsePlan } from './parse-plan.js';
import { planFile } from './plan-error.js';
import { readPlanText, removeLeftovers } from './plan-file.js';
import { renderPlan } from './render-plan.js';

/** The lock is held for milliseconds: who holds it this long hangs. */
const defaultLockWaitMs = 10_000;

export interface PlanStoreParts {
  readonly surroundings: Pick<Surroundings, 'root' | 'now'>;
  /** What `items.heading` is; Items and Libraries are always read. */
  readonly headings: readonly string[];
  /** How long another process's edit is waited for. */
  readonly lockWaitMs?: number;
}

interface LogRequest {
  readonly plan: string;
  readonly item: string;
  readonly text: string;
}

export interface PlanFileStore {
  read(): Promise<Plan | null>;
  create(plan: NewPlan, signal: AbortSignal): Promise<void>;
  mark(edit: PlanMark, signal: AbortSignal): Promise<MarkResult>;
  markAll(edit: PlanMarks, signal: AbortSignal): Promise<readonly string[]>;
  log(entry: LogRequest, signal: AbortSignal): Promise<MarkResult>;
  archive(plan: string, signal: AbortSignal, how?: { readonly isAbandoned: boolean }): Promise<string>;
  archives(): Promise<ReadonlyMap<string, Date>>;
}

/** The plan of a repository, `.regen-plan.md` in its root, and `.regen-history/` beside it. */
export function createPlanStore(parts: PlanStoreParts): PlanFileStore {
  const { surroundings, headings } = parts;
  const { root } = surroundings;
  const parse = (text: string): Plan => parsePlan(text, { headings });
  const edit: Editor = (key, change, signal) =>
    underLock(parts, signal, () => changePlan(root, (text) => decide(text, parse(text), { key, change })));

  return {
    async read() {
      const found = await readPlanText(root);
      return found === null ? null : parse(found.text);
    },
    create: (plan, signal) => underLock(parts, signal, () => writeNew(root, plan)),
    mark: ({ plan, ...mark }, signal) => edit(plan, (text, current) => marked(text, current, mark), signal),
    async markAll({ plan, marks }, signal) {
      let done: readonly string[] = [];
      const tell = (ids: readonly string[]) => (done = ids);
      const result = await edit(plan, (text, current) => allMarked(text, current, { marks, tell }), signal);
      return result === 'marked' ? done : [];
    },
    log: ({ plan, ...entry }, signal) => edit(plan, (text) => appendLog(text, entry), signal),
    archive: (plan, signal, { isAbandoned } = { isAbandoned: false }) =>
      underLock(parts, signal, async () => {
        const found = await readPlanText(root);
        const current = found === null ? null : parse(found.text);
        if (current === null || planKey(current) !== plan) throw notThere();
        return moveToHistory(root, { target: current.target, at: surroundings.now(), isAbandoned });
      }),
    archives: () => readHistory(root),
  };
}

/** What becomes of a plan's text; null: a person's edit is in the way. */
type Change = (text: string, plan: Plan) => string | null;

type Editor = (key: string, change: Change, signal: AbortSignal) => Promise<MarkResult>;

type Decision = { readonly kind: 'write'; readonly text: string } | { readonly kind: 'edited' | 'gone' };

function decide(
  text: string,
  plan: Plan,
  { key, change }: { readonly key: string; readonly change: Change },
): Decision {
  if (planKey(plan) !== key) return { kind: 'gone' };
  const changed = change(text, plan);
  return changed === null ? { kind: 'edited' } : { kind: 'write', text: changed };
}

function marked(text: string, plan: Plan, { item, from, to, log }: Omit<PlanMark, 'plan'>): string | null {
  const current = plan.items.find(({ id }) => id === item);
  if (current === undefined || !from.includes(current.state)) return null;
  const ticked = markItem(text, current, to);
  return log === null ? ticked : appendLog(ticked, { item, text: log });
}

interface Marking {
  readonly marks: PlanMarks['marks'];
  readonly tell: (ids: readonly string[]) => void;
}

/** In one pass, however many: those that a person's edit is in the way of are left out. */
function allMarked(text: string, plan: Plan, { marks, tell }: Marking): string | null {
  const items = new Map(plan.items.map(({ id, line, state }) => [id, { line, state }]));
  const states = new Map<number, ItemState>();
  const logs: Entry[] = [];
  const done: string[] = [];
  for (const { item, from, to, log } of marks) {
    const current = items.get(item);
    if (current === undefined || !from.includes(current.state)) continue;
    items.set(item, { ...current, state: to });
    states.set(current.line, to);
    if (log !== null) logs.push({ item, text: log });
    done.push(item);
  }
  tell(done);
  return done.length === 0 ? null : appendLogs(markItems(text, states), logs);
}

/** An editor knows nothing of the lock: when it saves while the change is made, the change is made again from that. */
async function changePlan(root: string, decideOn: (text: string) => Decision): Promise<MarkResult> {
  const file = path.join(root, planFile);
  for (;;) {
    const found = await readPlanText(root);
    if (found === null) return 'gone';
    const decision = decideOn(found.text);
    if (decision.kind !== 'write') return decision.kind;
    if (await replaceAtomically(file, decision.text, found.bytes)) return 'marked';
  }
}

async function writeNew(root: string, plan: NewPlan): Promise<void> {
  const text = renderPlan(plan);
  // What can't be read back, such as an item listed twice, must not be written.
  parsePlan(text, { headings: [plan.heading] });
  if (await createAtomically(path.join(root, planFile), text, { isDurable: true })) return;
  throw new RegenError(
    'plan',
    `${planFile} is there already; no plan of ${plan.target} was written over it`,
    {
      hint: 'Run "regen" to go on with it, or "regen abandon" to put it away.',
    },
  );
}

async function underLock<T>(
  { surroundings, lockWaitMs = defaultLockWaitMs }: PlanStoreParts,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const file = path.join(surroundings.root, '.regen', 'plan.lock');
  try {
    const lock = await acquireLockWithin(file, { now: () => surroundings.now(), waitMs: lockWaitMs }, signal);
    if (lock.kind === 'busy') throw hangs(lock.holder);
    try {
      await removeLeftovers(surroundings.root);
      return await work();
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw isSystemError(error) ? unwritable(error) : error;
  }
}

function hangs({ pid, since, command }: LockHolder): RegenError {
  return new RegenError('wait', `the plan has been locked by process ${pid} ("${command}") since ${since}`, {
    hint: 'It holds the lock for moments only: look whether that process hangs.',
  });
}

function unwritable(cause: Error): RegenError {
  return new RegenError('environment', `the plan can’t be written: ${cause.message}`, {
    hint: `Make the repository’s root, .regen and ${historyFolder} writable, with room on the disk.`,
    cause,
  });
}

function notThere(): RegenError {
  return new RegenError('plan', `${planFile} is gone, or another plan stands in its place`, {
    hint: 'Nothing was moved. See "regen status".',
  });
}
