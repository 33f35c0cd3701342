/** Which pack `regen prompt` looks at: the one that a step would ask about next, packed as a step packs it. Nothing is touched. */
import type { BlockItem } from '../model/block.js';
import type { LedgerRow } from '../model/ledger.js';
import { planKey } from '../model/plan.js';
import type { Plan, PlanItem } from '../model/plan.js';
import type { PackPrompt } from '../model/prompt.js';
import { cacheRows } from './expected-ttl.js';
import { journalOf } from './journal-file.js';
import { isByBatch } from './packs/batch-step.js';
import { openPackLine, packsOfPlan } from './packs/context.js';
import type { PackLine } from './packs/context.js';
import { historyOf, samplesOf, settledOf } from './packs/history.js';
import type { ItemHistory } from './packs/history.js';
import { candidatesFor } from './packs/fresh-packs.js';
import { allPacks, sizeOf } from './packs/next-pack.js';
import { isPackClosed } from './packs/pack-journals.js';
import type { Pack, PackJournal } from './packs/pack-journals.js';
import { questionOf } from './packs/work.js';
import type { PromptSubject } from './prompt-subject.js';
import type { Line } from './stage.js';
import type { TokenScale } from './worker-station.js';
import { billedTokens, plannedCalls } from './packs/planned-calls.js';
import type { PlannedCall } from './packs/planned-calls.js';

export interface PackSubject {
  readonly kind: 'pack';
  readonly target: string;
  /** 40 hex digits. */
  readonly base: string;
  readonly model: string;
  readonly members: readonly string[];
  readonly prompt: PackPrompt;
  /** Of the members: what each takes. */
  readonly own: PlannedCall['items'];
  /** Every call that the plan's open items need, this one among them. */
  readonly calls: readonly PlannedCall[];
  /** The same with an item in each. */
  readonly singles: readonly PlannedCall[];
  readonly isBatch: boolean;
  readonly scale: TokenScale;
  /** Answers that the scale is drawn from. */
  readonly samples: number;
  /** Tokens of the prefix, as calls were billed for it; null: none was. */
  readonly prefixTokens: number | null;
  /** What says how long it is cached. */
  readonly rows: readonly LedgerRow[];
}

interface NoPack {
  readonly kind: 'none';
  readonly reason: string;
}

/** @param asked - the item that was named; null: the next one. */
export async function packSubject(
  line: Line,
  subject: PromptSubject,
  { asked, signal }: { readonly asked: string | null; readonly signal: AbortSignal },
): Promise<PackSubject | NoPack> {
  const { stations, surroundings, config } = line;
  const plan = (await planOf(line, subject)) ?? unwritten(subject);
  const packLine = await openPackLine(line, { plan, base: subject.tree.sha, isLooking: true }, signal);
  const packs = subject.plan === null ? [] : await packsOfPlan(packLine);
  const history = historyOf(packs);
  const item = asked ?? nextOpen(plan, history);
  if (item === null) return { kind: 'none', reason: `No item of ${plan.target} is to be asked about.` };
  if ((history.get(item)?.answer ?? null) !== null)
    return { kind: 'none', reason: `${item} has its answer, which waits to be shipped: nothing is sent.` };
  if (!packLine.items.has(item))
    return {
      kind: 'none',
      reason: `${item} is no block of ${config.base} (${subject.tree.sha.slice(0, 7)}).`,
    };

  const empty = await questionOf(packLine, phantom(packLine, [], config.worker.model), history);
  const rows = await cacheRows(stations.ledger, { plan: subject.plan ?? '', target: plan.target });
  const usualTokens = billedTokens(packLine, rows, empty.prompt);
  const calls = await callsOf(packLine, { plan, packs, history, item, prefixTokens: usualTokens });
  const own = calls.find(({ items }) => items.some(({ id }) => id === item)) ?? {
    items: [],
    model: config.worker.model,
  };
  const begun = packs.find((pack) => isBegun(pack) && pack.attempt.members.includes(item));
  const { model, members } = begun?.attempt ?? { ...own, members: own.items.map(({ id }) => id) };
  const question = await questionOf(packLine, phantom(packLine, members, model), history);
  if (question.missed !== null)
    return { kind: 'none', reason: `${members.join(', ')}: ${question.missed}. Nothing is sent.` };
  const scaleOf = (name: string): TokenScale => packLine.worker.calibrate(samplesOf(packs, name));
  const planning = { scaleOf, rows, usual: empty.prompt };
  const singles = calls.flatMap((call) => call.items.map((one) => ({ ...call, items: [one] })));
  return {
    ...{ kind: 'pack', target: plan.target, base: subject.tree.sha, model, members, rows },
    prompt: question.prompt,
    prefixTokens: billedTokens(packLine, rows, question.prompt),
    calls: await plannedCalls(packLine, calls, planning),
    singles: await plannedCalls(packLine, singles, planning),
    own: members.flatMap((id) => {
      const member = packLine.items.get(id);
      return member === undefined ? [] : [sizeOf(member, scaleOf(model))];
    }),
    isBatch: isByBatch(config, plan, surroundings.now()),
    scale: scaleOf(model),
    samples: samplesOf(packs, model).length,
  };
}

async function planOf({ stations }: Line, { plan, target }: PromptSubject): Promise<Plan | null> {
  const found = await stations.plans.read();
  return found !== null && planKey(found) === plan && found.target === target ? found : null;
}

/** As plan mode would write it. */
function unwritten({ target, left }: PromptSubject): Plan {
  const item = (id: string): PlanItem => ({ id, state: 'todo', line: 0, note: '' });
  return {
    ...{ target, title: null, updated: null, base: null, created: null, heading: 'Items' },
    ...{ items: left.map(item), changeRequests: [], log: [] },
  };
}

/** The first that is to be done and has no answer yet; null: there is none. */
function nextOpen({ items }: Plan, history: ReadonlyMap<string, ItemHistory>): string | null {
  const open = items.find(({ id, state }) => state === 'todo' && (history.get(id)?.answer ?? null) === null);
  return open?.id ?? null;
}

function isBegun(pack: PackJournal): boolean {
  return settledOf(pack) === null && pack.attempt.batch === null && !isPackClosed(pack);
}

interface Calling {
  readonly plan: Plan;
  readonly packs: readonly PackJournal[];
  readonly history: ReadonlyMap<string, ItemHistory>;
  /** Packed as if it were open. */
  readonly item: string;
  readonly prefixTokens: number | null;
}

async function callsOf(
  packLine: PackLine,
  { plan, packs, history, item, prefixTokens }: Calling,
): Promise<readonly { readonly items: readonly BlockItem[]; readonly model: string }[]> {
  const isAnswered = (id: string): boolean => (history.get(id)?.answer ?? null) !== null;
  const open = plan.items.filter(({ id, state }) => id === item || (state === 'todo' && !isAnswered(id)));
  // Nobody is asked to count: what was billed tells, or an estimate does.
  const countPrefix = (): Promise<number | null> => Promise.resolve(prefixTokens);
  // Nor is a server started to be measured.
  const toolTokens = (): Promise<number> => Promise.resolve(0);
  const looking = { ...packLine, worker: { ...packLine.worker, countPrefix, toolTokens } };
  return allPacks(await candidatesFor(looking, { packs, open }));
}

/** A pack that was never opened. */
function phantom(
  { line, plan, base, rules }: PackLine,
  members: readonly string[],
  model: string,
): PackJournal {
  const pack: Pack = {
    ...{ plan: planKey(plan), target: plan.target, base, rules, members, model, asked: {}, batch: null },
    ...{ item: null, number: 0, uuid: '', sessionId: '', directory: line.surroundings.root },
  };
  return journalOf(pack, [], line.surroundings);
}
