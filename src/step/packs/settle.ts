/** What a pack's answer comes to, item by item: in the journal first, then marked in the plan. */
import { formatInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { ItemState, PlanMarks } from '../../model/plan.js';
import type { PackedItem } from '../../model/step-result.js';
import { textDigest } from '../../system/work-digests.js';
import { ended } from '../journal.js';
import type { EffectKey } from '../journal.js';
import { failureText } from '../taxonomy.js';
import type { PackAnswer, Settled } from '../worker-station.js';
import type { AskedItem, PackReply, SentPrefix } from './ask.js';
import { numberOf, variableTokens } from './ask.js';
import type { PackLine } from './context.js';
import { noteKeptBlocks } from './good-blocks.js';
import { asData, settleKey, settledOf } from './history.js';
import type { ItemHistory, SettledPack } from './history.js';
import type { PackJournal } from './pack-journals.js';
import { noteMarked } from './tell.js';

export interface Reply extends PackReply {
  readonly prefix: SentPrefix;
}

/** Settles the answer once. */
export async function settlePack(
  packLine: PackLine,
  pack: PackJournal,
  asked: {
    readonly items: readonly AskedItem[];
    readonly reply: Reply;
    readonly history: ReadonlyMap<string, ItemHistory>;
  },
): Promise<SettledPack> {
  const before = settledOf(pack);
  if (before !== null) return before;
  const { worker, line } = packLine;
  const { items, reply, history } = asked;
  const answer = forItems(answerOf(packLine, reply), { pack, items });
  const flaws = await flawsOf(packLine, items, answer);
  const settled = worker.settle(items, answer, {
    flawOf: (asked, result) => flaws.get(asked.id) ?? typeFlaw(asked, result),
    hasFailedAlone: ({ item }) => (history.get(item.id)?.alone ?? 0) > 0,
  });
  settled.notes.forEach((note) => {
    line.surroundings.progress(`pack ${pack.attempt.number}: ${note}`);
  });
  const result = {
    ...sorted(settled),
    reasons: reasonsOf(settled, { answer, items, flaws }),
    // The tools stand in the prompt, too, and nobody has counted them.
    call: line.config.worker.mcp === undefined ? callOf(reply, line.config.worker.system) : null,
  };
  await pack.append(settleKey, 'end', asData(result));
  return result;
}

function answerOf({ worker }: PackLine, { outcome }: Reply): PackAnswer {
  if (outcome.kind === 'completed') return worker.read({ structured: outcome.structured, cut: null });
  // What came before the limit may hold whole entries.
  const rest =
    outcome.failure === 'max_tokens' ? worker.read({ structured: null, cut: outcome.text ?? '' }) : null;
  return rest?.kind === 'answered' ? rest : { kind: 'unusable', reason: failureText(outcome) };
}

/** What was asked for an item that is no longer to be done, or whose block is gone, is nobody's: it is dropped without a word. */
function forItems(
  answer: PackAnswer,
  { pack, items }: { readonly pack: PackJournal; readonly items: readonly AskedItem[] },
): PackAnswer {
  if (answer.kind === 'unusable') return answer;
  const wanted = new Set(items.map(({ id }) => id));
  const unwanted = new Set(
    pack.attempt.members.map((_, index) => numberOf(index)).filter((id) => !wanted.has(id)),
  );
  return { ...answer, results: answer.results.filter(({ id }) => !unwanted.has(id)) };
}

function typeFlaw({ item }: AskedItem, result: unknown): string | null {
  if (result === null) return null;
  if (typeof result !== 'string') return 'the result is no text';
  return result.trim() === '' && item.block.content.trim() !== '' ? 'the result is empty' : null;
}

/** Results that would change more than their block, by the items' numbers: tried on the files without writing them. */
async function flawsOf(
  { worker, files }: PackLine,
  items: readonly AskedItem[],
  answer: PackAnswer,
): Promise<ReadonlyMap<string, string>> {
  const flaws = new Map<string, string>();
  if (answer.kind === 'unusable') return flaws;
  const results = new Map(answer.results.map(({ id, result }) => [id, result]));
  for (const { split } of files) {
    const own = items.filter(({ item }) => item.file.split.path === split.path);
    const texts = own.flatMap(({ id, item }) => {
      const result = results.get(id);
      return typeof result === 'string' ? [[item.block.key, result] as const] : [];
    });
    if (texts.length === 0) continue;
    const { unfit } = await worker.apply(split, new Map(texts));
    for (const { key, reason } of unfit) {
      const item = own.find((one) => one.item.block.key === key);
      if (item !== undefined) flaws.set(item.id, `the result ${reason}`);
    }
  }
  return flaws;
}

/** Blank lines at either end are the block's place, and no part of what is said. */
function bare(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}

/** By the items' own ids. */
function sorted({ good, again, failed }: Settled<AskedItem>): Omit<SettledPack, 'call' | 'reasons'> {
  const changed = good.flatMap(({ item: { item }, result }) =>
    typeof result === 'string' && bare(result) !== bare(item.block.content)
      ? [{ id: item.id, result, asked: textDigest(item.block.text) }]
      : [],
  );
  const ids = new Set(changed.map(({ id }) => id));
  return {
    good: changed,
    kept: good.map(({ item }) => item.item.id).filter((id) => !ids.has(id)),
    again: again.map((group) => group.map(({ item }) => item.id)),
    failed: failed.map(({ item, reason }) => ({ id: item.item.id, reason: `${reason}; asked alone twice` })),
  };
}

interface Judged {
  readonly answer: PackAnswer;
  readonly items: readonly AskedItem[];
  readonly flaws: ReadonlyMap<string, string>;
}

function reasonsOf({ again }: Settled<AskedItem>, { answer, flaws }: Judged): Record<string, string> {
  const whole = answer.kind === 'unusable' ? answer.reason : 'the answer had no single result for it';
  return Object.fromEntries(again.flat().map(({ id, item }) => [item.id, flaws.get(id) ?? whole]));
}

function callOf(reply: Reply, added: number): SettledPack['call'] {
  const last = reply.messages.at(-1);
  if (last === undefined || last.isEstimate || reply.outcome.kind === 'failed') return null;
  return {
    characters: reply.characters,
    inputTokens: variableTokens(reply, reply.prefix, added),
    outputTokens: last.tokens.output,
  };
}

const markKey: EffectKey = { stage: 'pack', round: 0, effect: 'mark' };

/**
 * What a pack marks by itself, once: items that stay as they are, and those that are given up. A person's edit wins, also
 * one that is made before the pack's other answers are shipped.
 *
 * @returns what it marked now.
 */
export async function markSettled(
  packLine: PackLine,
  pack: PackJournal,
  settled: SettledPack,
): Promise<readonly PackedItem[]> {
  if (settled.kept.length + settled.failed.length === 0 || ended(pack, markKey) !== null) return [];
  const { line, plan, signal } = packLine;
  const { config, stations, surroundings } = line;
  // Before the marks: a kill after them would lose it.
  await noteKeptBlocks(packLine, pack, settled.kept);
  const isFault = config.items.unchanged === 'fail';
  const markAs = (item: string, to: ItemState, text: string): PlanMarks['marks'][number] => {
    const log = `${text} (${formatInstant(surroundings.now())})`;
    return { item, from: ['todo', 'waiting'], to, log };
  };
  const which = `pack ${pack.attempt.number}`;
  const kept = settled.kept.map((id) => {
    const text = `unchanged: the model left it as it was (${which})`;
    return markAs(id, isFault ? 'failed' : 'skipped', isFault ? `FAILED: ${text}` : text);
  });
  const failed = settled.failed.map(({ id, reason }) => {
    surroundings.progress(`${id}: failed: ${reason}`);
    return markAs(id, 'failed', `FAILED: ${reason} (${which})`);
  });
  const marks = [...kept, ...failed];
  await stations.plans.markAll({ plan: planKey(plan), marks }, signal);
  const asIs = { outcome: isFault ? 'failed' : 'unchanged', reason: 'the model left it as it was' } as const;
  const items: readonly PackedItem[] = [
    ...settled.kept.map((id) => ({ id, ...asIs, pr: null })),
    ...settled.failed.map(({ id, reason }) => ({ id, outcome: 'failed', reason, pr: null }) as const),
  ];
  // Also what was marked before a kill, and not told.
  const states = new Map((await stations.plans.read())?.items.map(({ id, state }) => [id, state]));
  const marked = items.filter(({ id }) => marks.some(({ item, to }) => item === id && states.get(id) === to));
  if (marked.length > 0) await noteMarked(pack, marked);
  await pack.append(markKey, 'end');
  return marked;
}
