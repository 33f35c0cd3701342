/**
 * Which model each item of a new plan gets: by a score that code draws from its text, and where that doesn't tell, by one
 * question to a cheap model for many items at once. Killed at any instant, what was answered isn't asked again.
 */
import { blockItems } from '../model/block.js';
import { compileGlob } from '../model/glob.js';
import { modelNote } from '../model/model-note.js';
import type { NewPlan } from '../model/plan.js';
import type { ItemFacts } from '../model/route.js';
import { writesOf } from '../model/writes.js';
import type { AuditedPlan } from './audit.js';
import { classified } from './classify.js';
import type { Choice, Subject } from './classify.js';
import type { Planner } from './decide-plan.js';

/**
 * The plan with a model behind each item that is to be done; as it was, where nothing is routed.
 *
 * @throws RegenError when the classifier can't be asked, or money is lacking: no plan is better than one with the wrong models.
 */
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
