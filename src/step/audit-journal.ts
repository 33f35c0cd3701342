/**
 * The journal of an audit: `.regen/audits/<plan>/<target>/journal.jsonl`, like an attempt's. `.regen/audit` points to the
 * one that is open: plans are made one at a time.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Commission } from '../model/attempt.js';
import { encodeId } from '../model/ids.js';
import { formatInstant } from '../model/instant.js';
import { planKey } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';
import { journalOf } from './journal-file.js';
import { parseRecords } from './journal-records.js';
import type { EffectKey, Journal } from './journal.js';

export interface AuditJournal extends Journal<Commission> {
  /** The creation instant of the plan that the audit is for: a plan that is made after a kill is still that one. */
  readonly created: Date;
}

export interface NewAudit {
  readonly target: string;
  /** 40 hex digits. */
  readonly base: string;
  readonly created: Date;
}

const openingKey: EffectKey = { stage: 'audit', round: 0, effect: 'open' };

const openingSchema = z.object({
  uuid: z.string(),
  sessionId: z.string(),
  plan: z.string(),
  target: z.string(),
  base: z.string(),
  created: z.iso.datetime(),
});

/** The audit whose plan wasn't written yet; null: there is none. */
export async function openAudit(surroundings: Surroundings): Promise<AuditJournal | null> {
  const pointed = await readOptional(pointerIn(surroundings));
  if (pointed === null) return null;
  const directory = path.join(surroundings.root, pointed.trim());
  const records = parseRecords((await readOptional(path.join(directory, 'journal.jsonl'))) ?? '');
  const opening = openingSchema.safeParse(records[0]?.data);
  if (!opening.success) return null; // killed before anything was begun
  const { created, ...owner } = opening.data;
  const journal = journalOf({ ...owner, ...ofNoItem, directory }, records, surroundings);
  return { ...journal, created: new Date(created) };
}

/** Writes the opening record, and with it the audit. */
export async function startAudit(surroundings: Surroundings, audit: NewAudit): Promise<AuditJournal> {
  const { target, base, created } = audit;
  const plan = planKey({ created: formatInstant(created) });
  const relative = path.join('.regen', 'audits', plan, encodeId(target));
  const directory = path.join(surroundings.root, relative);
  const opening = { uuid: surroundings.newId(), sessionId: surroundings.newId(), plan, target, base };
  await mkdir(directory, { recursive: true });
  await writeAtomically(pointerIn(surroundings), `${relative}\n`);
  const journal = journalOf({ ...opening, ...ofNoItem, directory }, [], surroundings);
  await journal.append(openingKey, 'begin', { ...opening, created: created.toISOString() });
  return { ...journal, created };
}

/** After this nothing of the audit is left to do. */
export async function closeAudit(surroundings: Surroundings): Promise<void> {
  await rm(pointerIn(surroundings), { force: true });
}

const ofNoItem = { item: null, number: 1 };

function pointerIn({ root }: Surroundings): string {
  return path.join(root, '.regen', 'audit');
}

/** The open one, when it is for the same plan; else a new one: whatever is asked before a plan is written is kept in one place. */
export async function journalForPlan(
  surroundings: Surroundings,
  { plan, base }: { readonly plan: Pick<NewAudit, 'target' | 'created'>; readonly base: string },
): Promise<AuditJournal> {
  const open = await openAudit(surroundings);
  if (open?.attempt.target === plan.target && open.attempt.base === base) return open;
  return startAudit(surroundings, { target: plan.target, base, created: plan.created });
}
