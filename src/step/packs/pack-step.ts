/** One invocation of the worker: the next pack, from its call to the last of its shipments. */
import { RegenError } from '../../model/errors.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { StepResult } from '../../model/step-result.js';
import { budgetGate } from '../budget.js';
import { strayRequests } from '../change-requests.js';
import { heldError } from '../item-lock.js';
import type { Line } from '../stage.js';
import { ensureShippable } from '../stages/prepare.js';
import { endWaiting } from '../waiting.js';
import { baseFor } from './base.js';
import { openPackLine, packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { historyOf, samplesOf, settledOf } from './history.js';
import { holdItems } from './locks.js';
import type { HeldItems } from './locks.js';
import { nextPack, sizeOf } from './next-pack.js';
import { isPackClosed, openPack } from './pack-journals.js';
import { packResult } from './pack-result.js';
import { packLimitsFor } from './limits.js';
import { waitingAnswers, workOn } from './work.js';
import type { PackEnd, PackWork } from './work.js';

export async function packStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  strayRequests(plan).forEach((warning) => {
    line.surroundings.progress(warning);
  });
  await using held = holdItems(line.surroundings, plan.target);
  try {
    await line.stations.workspace.ensureIgnored(signal);
    await line.stations.ledger.ensureWritable();
    const packLine = await openPackLine(line, { plan, base: await baseFor(line, plan, signal) }, signal);
    const ends: PackEnd[] = [];
    // A pack whose answer was no good at all is asked for anew, in halves, until something has come of it.
    for (;;) {
      const work = await takePack(packLine, held, ends.length === 0);
      if (work === null) break;
      const end = await workOn(packLine, work);
      ends.push(end);
      if (hasCome(end)) break;
    }
    return await packResult(line, { plan, ends, startedAt });
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    return await endWaiting(line.surroundings, plan, { error, ref: null, startedAt });
  }
}

/** Whether anything was marked. */
function hasCome({ settled, shipped }: PackEnd): boolean {
  const isMarked = shipped.some(({ end }) => !['rejected', 'split', 'stale'].includes(end.outcome));
  return settled.kept.length > 0 || settled.failed.length > 0 || isMarked;
}

/**
 * The pack to work on: one that a kill interrupted or whose answers wait to be shipped, else a new one.
 *
 * @param mustBe - whether there has to be one.
 * @throws RegenError `wait` when every item is in somebody's hands.
 */
async function takePack(packLine: PackLine, held: HeldItems, mustBe: boolean): Promise<PackWork | null> {
  const begun = await begunPack(packLine, held);
  if (begun !== null) return { pack: begun, callsToCome: 1 };
  const fresh = await freshPack(packLine, held);
  if (fresh !== null || !mustBe) return fresh;
  const holder = held.holder();
  if (holder !== null) throw heldError('every open item is being worked on', holder);
  throw new RegenError('wait', 'the open items were marked meanwhile, and no other is open');
}

async function begunPack(packLine: PackLine, held: HeldItems) {
  const plan = await packLine.line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const waiting = new Set(waitingAnswers(plan, historyOf(packs)).map(({ pack }) => pack.attempt.number));
  const todo = new Set(plan.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  for (const pack of packs) {
    const { number, members, batch } = pack.attempt;
    const isAsking = settledOf(pack) === null && batch === null && !isPackClosed(pack);
    if (!waiting.has(number) && !isAsking) continue;
    const wanted = members.filter((id) => todo.has(id));
    if (wanted.length === 0) continue;
    const taken = await held.take(members);
    if (taken.size === members.length) return pack;
  }
  return null;
}

async function freshPack(packLine: PackLine, held: HeldItems): Promise<PackWork | null> {
  const { line, base, signal } = packLine;
  const plan = await line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const history = historyOf(packs);
  const open = plan.items.filter(
    ({ id, state }) => state === 'todo' && (history.get(id)?.answer ?? null) === null,
  );
  if (open.length === 0) return null;
  await ensureKnown(
    packLine,
    open.map(({ id, line: at }) => ({ id, at })),
  );
  await ensureShippable(line, signal);
  await budgetGate(line, { key: planKey(plan), target: plan.target });
  const items = open.flatMap(({ id }) => packLine.items.get(id) ?? []);
  const limits = await packLimitsFor(packLine);
  const next = nextPack({
    ...{ items, history },
    modelOf: () => line.config.worker.model,
    pack: (some, model) => {
      const scale = packLine.worker.calibrate(samplesOf(packs, model));
      const sized = some.map((item) => ({ item, ...sizeOf(item, scale) }));
      return packLine.worker.pack(sized, limits(model)).map((call) => call.map(({ item }) => item));
    },
  });
  if (next === null) return null;
  const taken = await held.take(next.items.map(({ id }) => id));
  const now = await line.stations.plans.read();
  const todo = new Set(now?.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  const members = next.items.map(({ id }) => id).filter((id) => taken.has(id) && todo.has(id));
  if (members.length === 0) return null;
  const start = { plan: planKey(plan), target: plan.target, base, members, model: next.model, batch: null };
  return { pack: await openPack(line.surroundings, start), callsToCome: next.callsToCome };
}

/** An item that somebody wrote into the plan must be a block of the base. */
function ensureKnown(
  { items, line, base }: PackLine,
  open: readonly { readonly id: string; readonly at: number }[],
): Promise<void> {
  const stray = open.find(({ id }) => !items.has(id));
  if (stray === undefined) return Promise.resolve();
  throw new RegenError(
    'plan',
    `.regen-plan.md:${stray.at}: "${stray.id}" is no block of ${line.config.base} (${base.slice(0, 7)})`,
    {
      hint: 'Correct the id, take the line out, or mark it [-]; blocks move when their file changes on the base.',
    },
  );
}
