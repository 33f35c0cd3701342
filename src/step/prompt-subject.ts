/** Which prompts `regen prompt` looks at: the next step's, decided as the step decides it, and nothing is touched. */
import path from 'node:path';
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import { encodeId } from '../model/ids.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { Prompt } from '../model/prompt.js';
import { closest } from '../model/suggest.js';
import { nextItem } from './execute-mode.js';
import { createJournals, isClosed } from './journal-files.js';
import { decidePlan, unknownTargetIn } from './decide-plan.js';
import type { Planner } from './decide-plan.js';
import { writesOf } from '../model/writes.js';

export interface SubjectRequest {
  /** null: the next one. */
  readonly item: string | null;
  /** null: the plan's, or the one that plan mode would pick. */
  readonly target: string | null;
}

/** An item whose prompt is asked for. */
export interface PromptSubject {
  readonly kind: 'subject';
  readonly target: string;
  readonly item: string;
  readonly tree: BaseTree;
  /** Key of the plan; null: the target has none. */
  readonly plan: string | null;
  /** Every item of the target, in the plan's order. */
  readonly items: readonly string[];
  /** Those that are to be done. */
  readonly left: readonly string[];
  /** Other targets, in the order in which the base has them. */
  readonly otherTargets: readonly string[];
  readonly changeRequests: Plan['changeRequests'];
}

interface NoSubject {
  readonly kind: 'none';
  readonly reason: string;
}

/** @throws RegenError `usage` for a name that means nothing. */
export async function promptSubject(
  line: Planner,
  request: SubjectRequest,
  signal: AbortSignal,
): Promise<PromptSubject | NoSubject> {
  const plan = await line.stations.plans.read();
  const isPlans = plan !== null && (request.target === null || request.target === plan.target);
  const chosen = isPlans ? await ofPlan(line, plan, signal) : await ofTarget(line, request, signal);
  if (chosen.kind === 'none') return chosen;
  const { items } = chosen;
  if (request.item !== null && !items.includes(request.item)) throw unknownItem(request.item, chosen);
  const item = request.item ?? (isPlans ? firstOpen(plan, line.config.engine) : (chosen.left[0] ?? items[0]));
  if (item === undefined) {
    const names = items.length > 8 ? `${items.slice(0, 8).join(', ')}, …` : items.join(', ');
    return { kind: 'none', reason: `No item of ${chosen.target} is open; name one: ${names}.` };
  }
  const tree = isPlans ? await pinnedTree(line, plan, { item, tree: chosen.tree }) : chosen.tree;
  const targets = await line.stations.picker.targets(chosen.tree, signal);
  return { ...chosen, item, tree, otherTargets: targets.filter((target) => target !== chosen.target) };
}

/** Prompts of a subject's item, its target's others, and other targets' first ones. */
export interface SubjectPrompts {
  of(item: string, signal: AbortSignal): Promise<Prompt>;
  /** null: the target has no item. */
  ofTarget(
    target: string,
    signal: AbortSignal,
  ): Promise<{ readonly item: string; readonly prompt: Prompt } | null>;
}

/** Built where a step builds them. */
export function subjectPrompts(line: Planner, subject: PromptSubject): SubjectPrompts {
  const { config, stations, surroundings } = line;
  const { tree, changeRequests } = subject;
  const build = (target: string, item: string, signal: AbortSignal): Promise<Prompt> => {
    const own = changeRequests.filter((request) => target === subject.target && request.item === item);
    return stations.prompts.build(
      {
        ...{ target, item, tree, writes: writesOf(config.items) },
        worktree: path.join(surroundings.root, '.worktrees', encodeId(target), encodeId(item)),
        changeRequests: own.map(({ text }) => text),
      },
      signal,
    );
  };
  return {
    of: (item, signal) => build(subject.target, item, signal),
    async ofTarget(target, signal) {
      const [item] = await stations.picker.ids(tree, target, signal);
      return item === undefined ? null : { item, prompt: await build(target, item, signal) };
    },
  };
}

type Chosen = Omit<PromptSubject, 'item' | 'otherTargets'>;

async function ofPlan({ stations }: Planner, plan: Plan, signal: AbortSignal): Promise<Chosen> {
  const base = await stations.workspace.knownBase(signal);
  return {
    ...{ kind: 'subject', target: plan.target, plan: planKey(plan), tree: stations.workspace.tree(base.sha) },
    items: plan.items.map(({ id }) => id),
    left: plan.items.filter(({ state }) => state === 'todo' || state === 'waiting').map(({ id }) => id),
    changeRequests: plan.changeRequests,
  };
}

async function ofTarget(
  line: Planner,
  { target, item }: SubjectRequest,
  signal: AbortSignal,
): Promise<Chosen | NoSubject> {
  if (target !== null) return ofNamedTarget(line, target, signal);
  const request = { wanted: null, commands: [], dryRun: true, requests: null };
  const { base, choice, plan } = await decidePlan(line, request, signal);
  if (choice.kind === 'none' || plan === null) {
    const passed = choice.passedOver.slice(0, 3).map(({ target: name, reason }) => `${name}: ${reason}`);
    const why = passed.length === 0 ? 'the base has none' : passed.join('; ');
    if (item === null) return { kind: 'none', reason: `Plan mode would pick no target now (${why}).` };
    throw new RegenError('usage', `"${item}" is an item of no target: ${why}`, {
      hint: 'Name its target with --target.',
    });
  }
  const ids = plan.items.map(({ id }) => id);
  const left = plan.items.filter(({ skipped }) => skipped === undefined).map(({ id }) => id);
  const tree = line.stations.workspace.tree(base.sha);
  return { kind: 'subject', target: plan.target, plan: null, tree, items: ids, left, changeRequests: [] };
}

async function ofNamedTarget(line: Planner, target: string, signal: AbortSignal): Promise<Chosen> {
  const { picker, workspace } = line.stations;
  const tree = workspace.tree((await workspace.knownBase(signal)).sha);
  const known = await picker.targets(tree, signal);
  if (!known.includes(target)) throw unknownTargetIn({ wanted: target, known }, []);
  const items = await picker.items(tree, target, signal);
  const left = items.filter(({ skipped }) => skipped === null).map(({ id }) => id);
  const ids = items.map(({ id }) => id);
  return { kind: 'subject', target, plan: null, tree, items: ids, left, changeRequests: [] };
}

/** undefined: every item is marked. */
function firstOpen(plan: Plan, engine: Config['engine']): string | undefined {
  // What is in a batch is with the API.
  if (engine === 'worker') return plan.items.find(({ state }) => state === 'todo')?.id;
  const isOpen = plan.items.some(({ state }) => state === 'todo' || state === 'waiting');
  return isOpen ? nextItem(plan).id : undefined;
}

/** An attempt that was begun goes on with the base that it was begun on. */
async function pinnedTree(
  { surroundings, stations }: Planner,
  plan: Plan,
  { item, tree }: { readonly item: string; readonly tree: BaseTree },
): Promise<BaseTree> {
  const journals = createJournals(surroundings);
  const last = (await journals.attempts(planKey(plan), { target: plan.target, item })).at(-1);
  return last === undefined || isClosed(last) ? tree : stations.workspace.tree(last.attempt.base);
}

function unknownItem(item: string, { target, items }: Chosen): RegenError {
  const near = closest(item, items);
  const all = items.length <= 8 ? `Items of ${target}: ${items.join(', ') || 'none'}.` : '';
  const other = 'An item of another target needs --target.';
  return new RegenError('usage', `"${item}" is neither an item of ${target} nor a file`, {
    hint: [near === null ? '' : `Did you mean "${near}"?`, all, other]
      .filter((part) => part !== '')
      .join(' '),
  });
}
