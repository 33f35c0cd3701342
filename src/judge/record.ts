import { appendFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { BaseTree } from '../model/base-tree.js';
import type { Config, RecordConfig } from '../model/config.js';
import { cut } from '../model/excerpt.js';
import type { Surroundings } from '../model/surroundings.js';
import { fillTemplate } from '../model/template.js';
import type { CheckResult, Evaluation } from '../model/verdict.js';
import { createItemCommands, emptyFolder } from '../system/item-command.js';
import type { ItemPlace } from '../system/item-command.js';
import { fillFields } from './field-values.js';
import type { FieldBench } from './field-values.js';
import type { RecordValues } from './fields.js';
import { fileContent } from './file-content.js';
import { editHeader } from './header.js';
import { editMetadata } from './metadata.js';
import { groundOf } from './metadata-ground.js';
import type { MetadataValue } from './metadata-values.js';
import { reviewBlock } from './review.js';
import { worktreeFile } from './worktree-file.js';
import type { WorktreeFile } from './worktree-file.js';

export interface RecordParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
}

/** What the record is made from, besides the clock. */
export interface Judgement {
  /** null: nothing was evaluated. */
  readonly evaluation: Evaluation | null;
  readonly parentIssue: string | null;
  readonly model: string;
  /** The pinned base: what the agent has lost of the metadata comes from there. */
  readonly base: BaseTree;
}

interface RecordStation {
  record(place: ItemPlace, judgement: Judgement, signal: AbortSignal): Promise<CheckResult>;
}

/** Leaves the verdict in the worktree: metadata and the header of the item's file, both or neither. */
export function createRecorder({ surroundings, config }: RecordParts): RecordStation {
  const run = createItemCommands(surroundings);
  return {
    async record(place, judgement, signal) {
      const started = performance.now();
      const log = join(place.attempt.directory, `record-${place.round}.log`);
      const artifacts = join(place.attempt.directory, `record-${place.round}.artifacts`);
      const now = surroundings.now();
      const names = config.checks.env;
      const values = valuesOf(place, judgement, now);
      const verdict = verdictValues(judgement.evaluation, config);
      const { base } = judgement;
      const bench = { run, place, names, values, verdict, artifacts, log, now, base };
      await rm(log, { force: true });
      await emptyFolder(artifacts);
      try {
        const { digest, notes } = await writeRecord(config.record ?? { fields: {} }, bench, signal);
        await appendFile(log, [...notes, digest ?? 'recorded', ''].join('\n'));
        const durationMs = Math.round(performance.now() - started);
        return {
          name: 'record',
          ok: digest === null,
          durationMs,
          digest,
          notes,
          log: relative(surroundings.root, log),
        };
      } finally {
        await rm(artifacts, { recursive: true, force: true });
      }
    },
  };
}

function valuesOf({ attempt }: ItemPlace, judgement: Judgement, now: Date): RecordValues {
  const { evaluation, parentIssue, model } = judgement;
  const date = now.toISOString().slice(0, 10);
  const { score = null, breakdown = null } = evaluation ?? {};
  return { target: attempt.target, item: attempt.item, model, date, score, breakdown, parentIssue };
}

/** What an evaluation leaves in the metadata, whatever the configured fields are. */
function verdictValues(
  evaluation: Evaluation | null,
  { evaluate }: Config,
): ReadonlyMap<string, MetadataValue> {
  if (evaluation === null) return new Map();
  const hasAttachments = evaluate !== undefined && evaluate.attach.length > 0;
  return new Map<string, MetadataValue>([
    ['quality_score', evaluation.score],
    ['review', reviewBlock(evaluation, hasAttachments)],
  ]);
}

interface Draft {
  readonly file: WorktreeFile;
  readonly text: string;
  /** What a person should know of it; null: nothing. */
  readonly note: string | null;
}

type Drafted =
  { readonly kind: 'draft'; readonly draft: Draft } | { readonly kind: 'refused'; readonly digest: string };

interface Bench extends FieldBench {
  readonly now: Date;
  readonly verdict: ReadonlyMap<string, MetadataValue>;
  readonly base: BaseTree;
}

/** The digest says what went wrong, null when nothing did. Nothing is written before everything is known. */
async function writeRecord(
  record: RecordConfig,
  bench: Bench,
  signal: AbortSignal,
): Promise<Pick<CheckResult, 'digest' | 'notes'>> {
  const drafts: Draft[] = [];
  for (const drafted of [await draftMetadata(record, bench, signal), await draftHeader(record, bench)]) {
    if (drafted === null) continue;
    if (drafted.kind === 'refused') return { digest: cut(drafted.digest, 2000), notes: [] };
    drafts.push(drafted.draft);
  }
  for (const { file, text } of drafts) await file.write(text);
  return { digest: null, notes: drafts.flatMap(({ note }) => note ?? []) };
}

async function draftMetadata(
  { metadata, fields }: RecordConfig,
  bench: Bench,
  signal: AbortSignal,
): Promise<Drafted | null> {
  if (metadata === undefined) return null;
  const path = pathOf(metadata, bench);
  const file = await worktreeFile(bench.place.cwd, path);
  if (file === null) return refused(`record.metadata: ${path} ${notInside}`);
  const filled = await fillFields(fields, bench, signal);
  if (filled.kind === 'failed') return refused(`record.fields: ${filled.digest}`);
  const set = new Map<string, MetadataValue>([['updated', bench.now], ...bench.verdict, ...filled.values]);
  const base = fileContent(await bytesIn(bench.base, path, signal));
  const ground = groundOf({ base, agents: await file.read(), own: new Set(set.keys()) });
  if (ground.kind === 'unreadable')
    return refused(`record.metadata: ${path} can’t be read: ${ground.reason}`);
  const created: ReadonlyMap<string, Date> = new Map(ground.isNew ? [['created', bench.now]] : []);
  const edit = editMetadata(ground.text, new Map([...created, ...set]));
  if (edit.kind === 'edited') return { kind: 'draft', draft: { file, text: edit.text, note: ground.note } };
  const what = edit.kind === 'unreadable' ? 'can’t be read' : 'can’t be kept as it is';
  return refused(`record.metadata: ${path} ${what}: ${edit.reason}`);
}

async function bytesIn(base: BaseTree, path: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const found: Uint8Array[] = [];
  await base.read([path], (_path, content) => found.push(...(content === null ? [] : [content])), signal);
  return found[0] ?? null;
}

async function draftHeader({ header }: RecordConfig, bench: Bench): Promise<Drafted | null> {
  if (header === undefined) return null;
  const path = pathOf(header.file, bench);
  const file = await worktreeFile(bench.place.cwd, path);
  if (file === null) return refused(`record.header: ${path} ${notInside}`);
  const old = await file.read();
  if (old.kind === 'missing') return refused(`record.header: ${path} is not there`);
  if (old.kind === 'foreign') return refused(`record.header: ${path} ${notText}`);
  const edit = editHeader(old.text, header, bench.values);
  if (edit.kind === 'refused') return refused(`record.header: ${path}: ${edit.reason}`);
  return { kind: 'draft', draft: { file, text: edit.text, note: null } };
}

const notInside = 'leads out of the worktree, or through a symbolic link';
const notText = 'is not UTF-8 text';

function refused(digest: string): Drafted {
  return { kind: 'refused', digest };
}

function pathOf(template: string, { values }: Bench): string {
  return fillTemplate(template, { target: values.target, item: values.item });
}
