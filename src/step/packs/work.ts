/** A pack from its call to the last of its shipments. */
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { PackPrompt } from '../../model/prompt.js';
import type { PackedItem } from '../../model/step-result.js';
import { textDigest } from '../../system/work-digests.js';
import { answeredBefore, askPack, numberOf, packedBlocks } from './ask.js';
import type { AskedItem } from './ask.js';
import { baseFor } from './base.js';
import { onBaseOf, openPackLine, packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { asData, historyOf, settledOf, settleKey } from './history.js';
import type { ItemHistory, SettledPack, WaitingAnswer } from './history.js';
import { passagesFor } from './references.js';
import { closePack, isPackClosed } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';
import { markSettled, settlePack } from './settle.js';
import { takenNames } from './taken-names.js';
import { recordMarked, recordStale, ship } from './shipment.js';
import type { Shipped } from './shipment.js';

/** What a pack came to in this invocation. */
export interface PackEnd {
  readonly pack: PackJournal;
  /** Items that the answer itself has come to an end of: left as they are, or given up. */
  readonly marked: readonly PackedItem[];
  readonly shipped: readonly Shipped[];
}

export interface PackWork {
  readonly pack: PackJournal;
  /** Calls of the same model that are to be made, this one included. */
  readonly callsToCome: number;
  /** Whether it was opened just now. */
  readonly isFresh: boolean;
}

/** Goes on from wherever the pack's journal says; what is done is not done again. */
export async function workOn(packLine: PackLine, work: PackWork): Promise<PackEnd> {
  const { pack } = work;
  const settled = settledOf(pack) ?? (await asked(packLine, work));
  const marked = await markSettled(packLine, pack, settled);
  await recordMarked(packLine.line, pack);
  const shipped = await shipAll(packLine, pack);
  const { surroundings } = packLine.line;
  if (!isPackClosed(pack)) await closePack(surroundings, pack);
  return { pack, marked, shipped };
}

async function asked(now: PackLine, { pack, callsToCome, isFresh }: PackWork): Promise<SettledPack> {
  // The base may have moved while the answer was on its way.
  const packLine = await onBaseOf(now, pack);
  const { worker, signal } = packLine;
  // Without an answer there is nothing to go on with: its items are packed anew, as they and regen.yaml are by now.
  if (!isFresh && (await answeredBefore(packLine, pack)) === null)
    return settleAs(pack, { lost: 'the call that was begun has no answer' });
  const history = historyOf(await packsOfPlan(packLine));
  const { items, prompt, missed } = await questionOf(packLine, pack, history);
  if (missed !== null) return failPack(pack, missed);
  const reply = await askPack(packLine, pack, { prompt, callsToCome });
  const counted = await worker.countPrefix({ model: pack.attempt.model, parts: prompt.parts }, signal);
  const prefix = { characters: prompt.prefix.length, tokens: counted };
  return settlePack(packLine, pack, { items, reply: { ...reply, prefix }, history });
}

/** Nobody's fault: the items are to be done as if they had not been asked about. */
export async function settleAs(
  pack: PackJournal,
  { lost, isCanceled = false }: { readonly lost: string; readonly isCanceled?: boolean },
): Promise<SettledPack> {
  const settled: SettledPack = { good: [], kept: [], again: [], failed: [], reasons: {}, call: null };
  await pack.append(settleKey, 'end', { ...asData(settled), lost, isCanceled });
  return settled;
}

/** Nothing is asked and nothing is paid. */
export async function failPack(pack: PackJournal, reason: string): Promise<SettledPack> {
  const { members } = pack.attempt;
  // One of several may be what nothing was found for: the halves tell.
  const isAlone = members.length === 1;
  const middle = Math.ceil(members.length / 2);
  const settled: SettledPack = {
    ...{ good: [], kept: [], call: null },
    again: isAlone ? [] : [members.slice(0, middle), members.slice(middle)],
    failed: isAlone ? members.map((id) => ({ id, reason })) : [],
    reasons: Object.fromEntries(members.map((id) => [id, reason])),
  };
  await pack.append(settleKey, 'end', asData(settled));
  return settled;
}

interface PackQuestion {
  readonly items: readonly AskedItem[];
  readonly prompt: PackPrompt;
  /** Why it can't be asked: the references say nothing about it. null: it can. */
  readonly missed: string | null;
}

/** The pack's members as they are numbered in its message; a block that the base has no longer is left out. */
export async function questionOf(
  packLine: PackLine,
  pack: PackJournal,
  history: ReadonlyMap<string, ItemHistory>,
): Promise<PackQuestion> {
  const { line, plan, rules, signal } = packLine;
  const items = pack.attempt.members.flatMap((member, index): AskedItem[] => {
    const item = packLine.items.get(member);
    return item === undefined ? [] : [{ id: numberOf(index), item }];
  });
  const tree = line.stations.workspace.tree(rules);
  const blocks = packedBlocks(items, packLine, history);
  const passages = await passagesFor(
    packLine,
    pack,
    items.map(({ item }) => item.block.content),
  );
  const found = passages.kind === 'found' ? passages : { whole: [], passages: [] };
  const facts = { target: plan.target, tree, blocks, references: found.whole, passages: found.passages };
  const prompt = await line.stations.prompts.pack(facts, signal);
  return { items, prompt, missed: passages.kind === 'missed' ? passages.reason : null };
}

/** One shipment after the other, until none of the pack's answers waits any more. */
async function shipAll(before: PackLine, pack: PackJournal): Promise<readonly Shipped[]> {
  // While the model answered, another clone may have taken a name.
  const taken = takenNames(before.line, before.plan.target, before.signal);
  const begun = { ...before, taken };
  await dropStale(begun, pack);
  const shipped: Shipped[] = [];
  for (let packLine = begun; ; packLine = await onTopOf(packLine, shipped)) {
    const next = await nextShipment(packLine, pack);
    if (next === null) return shipped;
    const { line } = packLine;
    const names = next.answers.length === 1 ? next.answers[0]?.id : `${next.answers.length} items`;
    line.surroundings.progress(`pack ${pack.attempt.number}: ships ${names ?? ''}`);
    const done = await ship(packLine, next);
    shipped.push(done);
    // The plan is gone, or a person is at work on it: another look, another time.
    if (done.end.outcome === 'stopped' && !(await isStillThere(packLine))) return shipped;
  }
}

/** A target's one branch has grown by what was shipped last: the next goes on top of it. Names are as they are by now. */
async function onTopOf(packLine: PackLine, shipped: readonly Shipped[]): Promise<PackLine> {
  const { line, plan, signal } = packLine;
  const last = shipped.at(-1)?.end.outcome;
  if (last !== 'shipped' && last !== 'outrun') return packLine;
  const taken = last === 'outrun' ? takenNames(line, plan.target, signal) : packLine.taken;
  if (line.config.ship.per !== 'target') return { ...packLine, taken };
  const bases = await baseFor(line, { plan, isShipping: true, taken }, signal);
  return openPackLine(line, { plan, ...bases, taken }, signal);
}

async function isStillThere({ line, plan }: PackLine): Promise<boolean> {
  const now = await line.stations.plans.read();
  return now !== null && planKey(now) === planKey(plan) && now.target === plan.target;
}

/** An answer for a text that the base doesn't have any more is not used: its item is asked about anew, as it stands. */
async function dropStale(packLine: PackLine, pack: PackJournal): Promise<void> {
  const plan = await packLine.line.stations.plans.read();
  if (plan === null) return;
  const history = historyOf(await packsOfPlan(packLine));
  const stale = waitingAnswers(plan, history).filter(
    (answer) => answer.pack.attempt.number === pack.attempt.number && !isCurrent(packLine, answer),
  );
  if (stale.length === 0) return;
  const members = stale.map(({ id }) => id);
  packLine.line.surroundings.progress(
    `pack ${pack.attempt.number}: the base has other text now than was asked about: ${members.join(', ')}`,
  );
  await recordStale(pack, members);
}

async function nextShipment(packLine: PackLine, pack: PackJournal) {
  const { line } = packLine;
  const plan = await line.stations.plans.read();
  if (plan === null || !(await isStillThere(packLine))) return null;
  const history = historyOf(await packsOfPlan(packLine));
  const waiting = waitingAnswers(plan, history).filter(
    (answer) => answer.pack.attempt.number === pack.attempt.number,
  );
  const [first] = waiting.filter((answer) => isCurrent(packLine, answer));
  if (first === undefined) return null;
  const isSingle = line.config.ship.per === 'item';
  const sameGroup = waiting.filter(
    (answer) => isCurrent(packLine, answer) && answer.group?.join('\n') === first.group?.join('\n'),
  );
  const answers = isSingle ? [first] : sameGroup;
  return { pack, answers, alone: history.get(first.id)?.alone ?? 0 };
}

/** Whether the base still has the text that the answer is for. */
function isCurrent({ items }: PackLine, { id, asked: text }: WaitingAnswer): boolean {
  const item = items.get(id);
  return item !== undefined && textDigest(item.block.text) === text;
}

/** Results of items that are still to be done, in the plan's order. */
export function waitingAnswers(
  plan: Plan,
  history: ReadonlyMap<string, ItemHistory>,
): readonly WaitingAnswer[] {
  return plan.items.flatMap(({ id, state }) => {
    const answer = state === 'todo' ? (history.get(id)?.answer ?? null) : null;
    return answer === null ? [] : [answer];
  });
}
