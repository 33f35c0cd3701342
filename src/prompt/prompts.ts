import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { hashOf } from '../system/content-hash.js';
import { enclose } from '../model/enclosure.js';
import type { PackPrompt, Prompt, Segment } from '../model/prompt.js';
import { fillTemplate } from '../model/template.js';
import type { Evaluation } from '../model/verdict.js';
import { ensureFiles, promptFiles, readSegments } from './files.js';
import { goOnMessage } from './go-on.js';
import { improveMessage } from './improve.js';
import { lastReview } from './last-review.js';
import { messageSegments } from './message.js';
import { buildPack } from './pack.js';
import type { PackQuestion } from './pack.js';
import { repairMessage } from './repair.js';
import type { CheckRounds } from './repair.js';
import { workingRules } from './rules.js';

interface PromptQuestion {
  readonly target: string;
  readonly item: string;
  readonly tree: BaseTree;
  readonly worktree: string | null;
  readonly writes: readonly string[];
  readonly changeRequests: readonly string[];
}

interface PromptItems {
  readonly target: string;
  readonly items: readonly string[];
  readonly tree: BaseTree;
}

interface PromptBuilder {
  ensureFiles(facts: PromptItems, signal: AbortSignal): Promise<void>;
  build(facts: PromptQuestion, signal: AbortSignal): Promise<Prompt>;
  pack(facts: PackQuestion, signal: AbortSignal): Promise<PackPrompt>;
  repair(round: CheckRounds): string;
  improve(evaluation: Evaluation): string;
  goOn(text: string | null): string;
}

/** The texts that the agent is sent. Segments go from the most to the least shared, which is what the cache wants. */
export function createPrompts({ config }: { readonly config: Config }): PromptBuilder {
  return {
    ensureFiles: ({ target, items, tree }, signal) =>
      ensureFiles(
        items.flatMap((item) => promptFiles(config.prompt, target, item)),
        tree,
        signal,
      ),
    async build(facts, signal) {
      const files = promptFiles(config.prompt, facts.target, facts.item);
      const [read, review] = await Promise.all([
        readSegments(files, facts.tree, signal),
        lastReview(metadataOf(config, facts), facts.tree, signal),
      ]);
      const segments = inOrder({ read, review }, facts, config);
      const prefix = join(segments, ['static', 'target']);
      return {
        prefix,
        prefixHash: hashOf(prefix),
        message: join(segments, ['item', 'task']),
        segments,
      };
    },
    pack: (facts, signal) => buildPack(config, facts, signal),
    repair: repairMessage,
    improve: improveMessage,
    goOn: goOnMessage,
  };
}

function metadataOf({ record }: Config, { target, item }: PromptQuestion): string | null {
  return record?.metadata === undefined ? null : fillTemplate(record.metadata, { target, item });
}

interface FromTheBase {
  /** Of the files that `prompt` names. */
  readonly read: readonly Segment[];
  /** The last review's, if there was one. */
  readonly review: readonly Segment[];
}

function inOrder({ read, review }: FromTheBase, facts: PromptQuestion, config: Config): readonly Segment[] {
  const own = { target: facts.target, item: facts.item };
  const rules: Segment = {
    layer: 'static',
    source: 'working rules',
    text: workingRules(config.items.isolate),
  };
  const task = read.find((segment) => segment.layer === 'task') ?? {
    layer: 'task',
    source: 'prompt.task',
    text: fillTemplate(config.prompt.task, own),
  };
  return [
    rules,
    ...read.filter((segment) => segment.layer !== 'task').map(enclosed),
    { ...task, text: `# Task\n\n${enclose({ path: task.source, text: task.text }, 'task')}` },
    ...review,
    ...messageSegments({
      ...facts,
      writes: facts.writes.map((path) => fillTemplate(path, own)),
      checks: config.checks.run.map((check) => check.name),
    }),
  ];
}

function enclosed(segment: Segment): Segment {
  return { ...segment, text: enclose({ path: segment.source, text: segment.text }) };
}

function join(segments: readonly Segment[], layers: readonly Segment['layer'][]): string {
  return segments
    .filter((segment) => layers.includes(segment.layer))
    .map((segment) => segment.text)
    .join('\n\n');
}
