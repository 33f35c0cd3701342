/**
 * Which model each item of a new plan gets: by a score that code draws from its text, and where that doesn't tell, by one
 * question to a cheap model for many items at once. Killed at any instant, what was answered isn't asked again.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { blockItems } from '../model/block.js';
import { compileGlob } from '../model/glob.js';
import { modelNote } from '../model/model-note.js';
import type { NewPlan } from '../model/plan.js';
import type { Complexity, ItemFacts, RouteSettings } from '../model/route.js';
import { writesOf } from '../model/writes.js';
import { hashOf } from '../system/content-hash.js';
import { runBooked } from './agent-run.js';
import type { AuditedPlan } from './audit.js';
import { journalForPlan } from './audit-journal.js';
import type { AuditJournal } from './audit-journal.js';
import { grantUsd } from './budget.js';
import type { Planner } from './decide-plan.js';
import { ended } from './journal.js';
import type { EffectKey } from './journal.js';
import type { RunContext } from './run-context.js';
import type { ClassifiedItem, Routing } from './routing-station.js';

interface Subject extends ClassifiedItem {
  readonly complexity: Complexity;
}

interface Choice {
  readonly model: string;
  readonly why: string;
}

/** The plan with a model behind each item that is to be done; as it was, where nothing is routed. */
export async function routePlan(line: Planner, routed: AuditedPlan, signal: AbortSignal): Promise<NewPlan> {
  const settings = line.config.routing;
  const { plan } = routed;
  if (settings === undefined) return plan;
  const routing = await line.stations.routing();
  const subjects = await subjectsOf(line, routed, signal);
  const choices = new Map<string, Choice>();
  const unclear: Subject[] = [];
  for (const subject of subjects) {
    const route = routing.route({ score: subject.complexity.score, failures: 0, planned: null }, settings);
    if (route.kind === 'classify') unclear.push(subject);
    else choices.set(subject.id, { model: route.model, why: route.why });
  }
  const context = { line, routing, settings, signal };
  const { created, classes } = await classified(context, routed, unclear);
  for (const [id, choice] of classes) choices.set(id, choice);
  tell(line, plan.target, { subjects, choices });
  const items = plan.items.map((item) => {
    const choice = choices.get(item.id);
    return choice === undefined ? item : { ...item, note: modelNote(choice.model) };
  });
  return { ...plan, created: created ?? plan.created, items };
}

/** What is known of each item that is to be done. */
async function subjectsOf(
  line: Planner,
  { plan, base }: AuditedPlan,
  signal: AbortSignal,
): Promise<readonly Subject[]> {
  const { config, stations } = line;
  const routing = await stations.routing();
  const todo = plan.items.filter(({ skipped }) => skipped === undefined).map(({ id }) => id);
  const texts = await (config.engine === 'worker' ? blockTexts : fileTexts)(
    line,
    { plan, base, ids: todo },
    signal,
  );
  return texts.map(({ id, kind, text, files }) => {
    const changeRequests = plan.changeRequests.filter(({ item }) => item === id).length;
    const facts = { ...routing.facts(text, kind), files, changeRequests };
    return { id, kind, excerpt: text, complexity: routing.complexity(facts, config.routing?.weights ?? {}) };
  });
}

interface ItemText {
  readonly id: string;
  readonly kind: ItemFacts['kind'];
  readonly text: string;
  readonly files: number;
}

interface Texts {
  readonly plan: NewPlan;
  readonly base: string;
  readonly ids: readonly string[];
}

async function blockTexts(
  { stations }: Planner,
  { plan, base, ids }: Texts,
  signal: AbortSignal,
): Promise<readonly ItemText[]> {
  const files = await stations.picker.blocks(stations.workspace.tree(base), plan.target, signal);
  const byId = new Map(blockItems(files).map((item) => [item.id, item.block]));
  return ids.flatMap((id) => {
    const block = byId.get(id);
    return block === undefined ? [] : [{ id, kind: block.kind, text: block.content, files: 1 }];
  });
}

/** The files that the item may write, as the base has them. */
async function fileTexts(
  { config, stations }: Planner,
  { plan, base, ids }: Texts,
  signal: AbortSignal,
): Promise<readonly ItemText[]> {
  const tree = stations.workspace.tree(base);
  const paths = (await tree.entries(signal)).map((entry) => entry.path);
  const own = new Map(
    ids.map((item) => {
      const globs = writesOf(config.items)
        .filter((source) => source.includes('{item}'))
        .map((source) => compileGlob(source, { target: plan.target, item }));
      return [item, paths.filter((file) => globs.some((glob) => glob.match(file) !== null))];
    }),
  );
  const texts = new Map<string, string>();
  const wanted = [...new Set([...own.values()].flat())];
  await tree.read(wanted, (file, content) => texts.set(file, content?.toString('utf8') ?? ''), signal);
  return ids.map((id) => {
    const files = own.get(id) ?? [];
    return {
      id,
      kind: 'files',
      text: files.map((file) => texts.get(file) ?? '').join('\n'),
      files: files.length,
    };
  });
}

interface RoutingContext {
  readonly line: Planner;
  readonly routing: Routing;
  readonly settings: RouteSettings;
  readonly signal: AbortSignal;
}

/** So many items in one question: the answer is a word each. */
const itemsInQuestion = 50;

async function classified(context: RoutingContext, routed: AuditedPlan, unclear: readonly Subject[]) {
  const classes = new Map<string, Choice>();
  if (unclear.length === 0) return { created: null, classes };
  const { line, routing, settings } = context;
  const journal = await journalForPlan(line.surroundings, routed);
  for (let start = 0; start < unclear.length; start += itemsInQuestion) {
    const some = unclear.slice(start, start + itemsInQuestion);
    const answer = await answerFor(context, journal, { some, number: start / itemsInQuestion });
    const scored = some.map(({ id, complexity }) => ({ id, score: complexity.score }));
    const read = routing.read(scored, answer, settings);
    read.problems.forEach((problem) => {
      line.surroundings.progress(`${routed.plan.target}: routing: ${problem}`);
    });
    for (const [id, of] of read.classes) {
      classes.set(id, { model: routing.modelOf(of, settings), why: `classified as ${of}` });
    }
  }
  return { created: journal.created, classes };
}

const answerSchema = z.object({ question: z.string(), answer: z.unknown() });

interface Asked {
  readonly some: readonly Subject[];
  /** Which question of the plan's; 0 is the first. */
  readonly number: number;
}

/** What was answered before a kill, or what is answered now; null: nothing that is any good. */
async function answerFor(
  { line, routing, settings, signal }: RoutingContext,
  journal: AuditJournal,
  { some, number }: Asked,
): Promise<unknown> {
  const question = routing.question(some);
  const hash = hashOf([question.prefix, question.message].join('\n'));
  const key: EffectKey = { stage: 'classify', round: number, effect: 'answer' };
  const before = answerSchema.safeParse(ended(journal, key));
  if (before.data?.question === hash) return before.data.answer;
  const auditing = await line.stations.auditing();
  const isApi = line.config.engine === 'worker';
  const agent = isApi ? (await line.stations.worker()).model : auditing.agent;
  const { config, surroundings } = line;
  const context: RunContext = {
    ...{ config, surroundings, signal, attempt: journal.attempt, journal, round: number },
    stations: { ...auditing, agent },
    journals: auditing.journals,
  };
  surroundings.progress(
    `${journal.attempt.target}: routing: asks ${settings.classifier} about ${some.length} items`,
  );
  await auditing.ledger.ensureWritable();
  await using grant = await grantUsd(context, { atMost: null, atLeast: 0 });
  if (grant === null) throw new Error('a question about many items has no item whose money could be used up');
  const cwd = path.join(journal.attempt.directory, 'place');
  await mkdir(cwd, { recursive: true });
  const { outcome } = await runBooked(context, {
    ...{ ...question, stage: 'classify', effect: 'run', sessionId: surroundings.newId(), resume: false, cwd },
    ...{ model: settings.classifier, prefixHash: hashOf(question.prefix), grant, isApi },
    readOnly: { folders: [] },
  });
  const answer = outcome.kind === 'completed' ? outcome.structured : null;
  if (answer !== null) await journal.append(key, 'end', { question: hash, answer });
  return answer;
}

interface Told {
  readonly subjects: readonly Subject[];
  readonly choices: ReadonlyMap<string, Choice>;
}

/** How many items each model gets; with --verbose why. */
function tell({ surroundings }: Planner, target: string, { subjects, choices }: Told): void {
  const counts = new Map<string, number>();
  for (const { id, complexity } of subjects) {
    const choice = choices.get(id);
    if (choice === undefined) continue;
    counts.set(choice.model, (counts.get(choice.model) ?? 0) + 1);
    const parts = complexity.parts.map(({ text }) => text).join(', ');
    surroundings.progress(`${id}: ${choice.model}: ${choice.why} (${parts})`, 'detail');
  }
  const sums = [...counts].map(([model, count]) => `${count} ${model}`).join(', ');
  if (sums !== '') surroundings.progress(`${target}: routing: ${sums}`);
}
