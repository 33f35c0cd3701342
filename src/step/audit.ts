/**
 * The audit of plan mode: code finds items that look alike, a model says which of them copy, and the plan asks the later
 * one for a change. Killed at any instant, what was paid is booked, and what was answered isn't asked again.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { auditSettings } from '../model/audit-settings.js';
import type { NewChangeRequest, NewPlan } from '../model/plan.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { hashOf } from '../system/content-hash.js';
import { askTwice } from './ask-twice.js';
import type { AuditFindings, AuditJudgement, CopyCluster } from './audit-station.js';
import { closeAudit, journalForPlan, openAudit } from './audit-journal.js';
import type { AuditJournal } from './audit-journal.js';
import { grantUsd, outOfShare } from './budget.js';
import { fittingRequests } from './change-requests.js';
import { ended } from './journal.js';
import type { EffectKey } from './journal.js';
import type { Planner } from './decide-plan.js';
import { recoverRunsAt } from './recover-runs.js';
import type { RunContext } from './run-context.js';
import type { Auditing } from './stations.js';

/** What the audit found, and what the plan asks for because of it. */
export interface AuditOutcome {
  /** What looks alike to code, whoever thought what of it afterwards. */
  readonly suspects: readonly Suspects[];
  readonly requests: readonly NewChangeRequest[];
  /** A sentence each. */
  readonly warnings: readonly string[];
  /** What it cost. */
  readonly usage: Usage;
}

export type Suspects = Pick<CopyCluster, 'items' | 'evidence'>;

const answerKey: EffectKey = { stage: 'audit', round: 0, effect: 'answer' };

const answerSchema = z.object({
  question: z.string(),
  requests: z.array(z.object({ item: z.string(), text: z.string() })),
  warnings: z.array(z.string()),
});

/** A plan that is to be, and the base that it is made from: 40 hex digits. */
export interface AuditedPlan {
  readonly plan: NewPlan;
  readonly base: string;
}

/** Which items look alike; nothing is asked and nothing is written. null: regen.yaml has nobody look. */
export async function suspectsOf(
  line: Planner,
  audited: AuditedPlan,
  signal: AbortSignal,
): Promise<AuditFindings | null> {
  if (auditSettings(line.config) === null) return null;
  const { audit } = await line.stations.auditing();
  const items = audited.plan.items.map(({ id, skipped }) => ({ id, isTodo: skipped === undefined }));
  const tree = line.stations.workspace.tree(audited.base);
  return audit.candidates({ target: audited.plan.target, items, tree }, signal);
}

/**
 * The plan with the requests of its audit; after a kill it is the same plan, with the same creation instant.
 *
 * @throws RegenError `wait` when target or day have no money left for it.
 */
export async function auditPlan(
  line: Planner,
  audited: AuditedPlan,
  signal: AbortSignal,
): Promise<{ readonly plan: NewPlan; readonly audit: AuditOutcome | null }> {
  const findings = await suspectsOf(line, audited, signal);
  const { plan } = audited;
  if (findings === null) return { plan, audit: null };
  if (findings.clusters.length === 0) {
    line.surroundings.progress(`${plan.target}: audit: no two items look alike`);
    return { plan, audit: { suspects: [], requests: [], warnings: [], usage: noUsage } };
  }
  const stations = await line.stations.auditing();
  const journal = await journalForPlan(line.surroundings, audited);
  const answer = await answered({ ...line, stations, journal }, findings, signal);
  const { requests, warnings } = fittingRequests(answer.requests, plan.items);
  const outcome: AuditOutcome = {
    suspects: findings.clusters.map(({ items, evidence }) => ({ items, evidence })),
    requests,
    warnings: [...answer.warnings, ...warnings],
    usage: await usageOf(stations, journal),
  };
  const words = [
    ...outcome.warnings.map((warning) => `audit: ${warning}`),
    ...requests.map(({ item, text }) => `audit: ${item}: ${text}`),
  ];
  words.forEach((text) => {
    line.surroundings.progress(`${plan.target}: ${text}`);
  });
  return { plan: { ...plan, created: journal.created, changeRequests: requests }, audit: outcome };
}

/** Without what was paid for the same plan's routing. */
async function usageOf({ ledger }: Auditing, { attempt }: AuditJournal): Promise<Usage> {
  const stages = await ledger.groups('stage', { plan: attempt.plan, attempt: attempt.uuid });
  return stages.find(({ key }) => key === answerKey.stage)?.usage ?? noUsage;
}

/** To be called when the plan is written. */
export async function endAudit({ surroundings }: Planner): Promise<void> {
  await closeAudit(surroundings);
}

/** Books what a killed audit has paid; one whose plan was written is closed. */
export async function sweepAudit(line: Planner, hasPlan: boolean, signal: AbortSignal): Promise<void> {
  const journal = await openAudit(line.surroundings);
  if (journal === null) return;
  const { agent, ledger } = await line.stations.auditing();
  // Whose run it was: that of the engine.
  const asked = line.config.engine === 'worker' ? (await line.stations.worker()).model : agent;
  const stations = { agent: asked, ledger };
  const { surroundings } = line;
  await recoverRunsAt({ surroundings, stations }, { journal, cwd: () => placeOf(journal) }, signal);
  if (hasPlan) await closeAudit(surroundings);
}

interface AuditContext extends Pick<Planner, 'config' | 'surroundings'> {
  readonly stations: Auditing;
  readonly journal: AuditJournal;
}

type Answer = Pick<AuditOutcome, 'requests' | 'warnings'>;

/** What was answered before a kill, or what is answered now. */
async function answered(
  context: AuditContext,
  findings: AuditFindings,
  signal: AbortSignal,
): Promise<Answer> {
  const { journal, stations, surroundings } = context;
  const question = stations.audit.question(findings);
  const key = hashOf([question.prefix, question.message].join('\n'));
  const before = answerSchema.safeParse(ended(journal, answerKey));
  if (before.data?.question === key) return before.data;

  const names = findings.clusters.map(({ items }) => items.join(' and '));
  surroundings.progress(`${journal.attempt.target}: audit: asks about ${names.join(', ')}`);
  await stations.ledger.ensureWritable();
  const answer = await asked(
    { ...context, attempt: journal.attempt, round: 0, signal, journals: stations.journals },
    stations,
    { findings, question },
  );
  if (answer.kind === 'failed') {
    // A plan without requests is worth more than none: nobody could mend what a model doesn't answer.
    return { requests: [], warnings: [`${answer.reason}; the plan asks nobody for a change`] };
  }
  const { requests, warnings } = answer;
  await journal.append(answerKey, 'end', { question: key, requests, warnings });
  return { requests, warnings };
}

interface AuditAsked {
  readonly findings: AuditFindings;
  readonly question: ReturnType<Auditing['audit']['question']>;
}

type Judged = Extract<AuditJudgement, { kind: 'judged' }>;

async function asked(
  context: RunContext & { readonly journal: AuditJournal },
  { audit }: Auditing,
  { findings, question }: AuditAsked,
): Promise<Judged | { readonly kind: 'failed'; readonly reason: string }> {
  const settings = auditSettings(context.config);
  if (settings === null) throw new Error('nothing is audited without audit in regen.yaml');
  const { model, maxUsd } = settings;
  await using grant = await grantUsd(context, { atMost: maxUsd, atLeast: maxUsd });
  if (grant === null) throw new Error('an audit has no item whose money could be used up');
  const cwd = placeOf(context.journal);
  await mkdir(cwd, { recursive: true });
  const answer = await askTwice<Judged>(context, {
    ...{ model, cwd, grant, stage: 'audit', who: 'the auditor', limit: 'audit.maxUsd' },
    question: { ...question, folders: [] },
    read: (given) => audit.judge(findings, given),
    correction: (problems) => audit.correction(problems),
  });
  if (answer.kind === 'failed' && answer.isOutOfMoney && grant.isShare) throw await outOfShare(context);
  return answer;
}

/** An empty folder: everything that is to be read stands in the message. */
function placeOf({ attempt }: AuditJournal): string {
  return path.join(attempt.directory, 'place');
}
