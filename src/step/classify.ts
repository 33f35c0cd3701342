/** The questions to a cheap model about how hard items are: paid and answered once, whatever happens in between. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { AgentOutcome } from '../model/agent.js';
import type { Complexity, RouteSettings } from '../model/route.js';
import { hashOf } from '../system/content-hash.js';
import { runBooked } from './agent-run.js';
import type { RunOrder } from './agent-run.js';
import type { AuditedPlan } from './audit.js';
import { journalForPlan } from './audit-journal.js';
import type { AuditJournal } from './audit-journal.js';
import { grantUsd, outOfShare } from './budget.js';
import { classificationOf, ofRefusedRequest } from './classifier-answer.js';
import type { Classification } from './classifier-answer.js';
import type { Planner } from './decide-plan.js';
import { ended } from './journal.js';
import type { EffectKey } from './journal.js';
import type { RunContext } from './run-context.js';
import type { ClassifiedItem, Routing } from './routing-station.js';

export interface Subject extends ClassifiedItem {
  readonly complexity: Complexity;
}

export interface Choice {
  readonly model: string;
  readonly why: string;
}

interface RoutingContext {
  readonly line: Planner;
  readonly routing: Routing;
  readonly settings: RouteSettings;
  readonly signal: AbortSignal;
}

/** So many items in one question: the answer is a word each. */
const itemsInQuestion = 50;

/** The model of each of these items; `created` is when the plan was first asked for. null: nobody was asked. */
export async function classified(context: RoutingContext, routed: AuditedPlan, unclear: readonly Subject[]) {
  const classes = new Map<string, Choice>();
  if (unclear.length === 0) return { created: null, classes };
  const { line, routing, settings } = context;
  const journal = await journalForPlan(line.surroundings, routed);
  for (let start = 0; start < unclear.length; start += itemsInQuestion) {
    const some = unclear.slice(start, start + itemsInQuestion);
    const answer = await answerFor(context, journal, { some, number: start / itemsInQuestion });
    const scored = some.map(({ id, complexity }) => ({ id, score: complexity.score }));
    const given = answer.kind === 'answered' ? answer.structured : null;
    const read = routing.read(
      scored,
      given,
      settings,
      answer.kind === 'unusable' ? answer.reason : undefined,
    );
    read.problems.forEach((problem) => {
      line.surroundings.progress(`${routed.plan.target}: routing: ${problem}`);
    });
    for (const [id, { class: of, isAnswered }] of read.classes) {
      const why = isAnswered ? `classified as ${of}` : `${of} by its score, without a usable answer`;
      classes.set(id, { model: routing.modelOf(of, settings), why });
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

/** What was answered before a kill or a wait, or what is answered now. */
async function answerFor(
  { line, routing, settings, signal }: RoutingContext,
  journal: AuditJournal,
  { some, number }: Asked,
): Promise<Classification> {
  const question = routing.question(some);
  const hash = hashOf([question.prefix, question.message].join('\n'));
  const key: EffectKey = { stage: 'classify', round: number, effect: 'answer' };
  const before = answerSchema.safeParse(ended(journal, key));
  if (before.data?.question === hash) return { kind: 'answered', structured: before.data.answer };
  const auditing = await line.stations.auditing();
  const isApi = line.config.engine === 'worker';
  const agent = isApi ? (await line.stations.worker()).model : auditing.agent;
  const { config, surroundings } = line;
  const context: RunContext = {
    ...{ config, surroundings, signal, attempt: journal.attempt, journal, round: number },
    stations: { ...auditing, agent },
    journals: auditing.journals,
  };
  await auditing.ledger.ensureWritable();
  await using grant = await grantUsd(context, { atMost: null, atLeast: 0 });
  if (grant === null) throw new Error('a question about many items has no item whose money could be used up');
  const { classifier } = settings;
  surroundings.progress(`${journal.attempt.target}: routing: asks ${classifier} about ${itemsText(some)}`);
  const cwd = path.join(journal.attempt.directory, 'place');
  await mkdir(cwd, { recursive: true });
  const outcome = await ask(context, classifier, {
    ...{ ...question, stage: 'classify', effect: 'run', sessionId: surroundings.newId(), resume: false, cwd },
    ...{ model: classifier, prefixHash: hashOf(question.prefix), grant, isApi },
    readOnly: { folders: [] },
  });
  if (outcome.kind === 'failed' && outcome.failure === 'max_budget') throw await outOfShare(context);
  const answer = classificationOf(outcome, classifier);
  if (answer.kind === 'answered') {
    await journal.append(key, 'end', { question: hash, answer: answer.structured });
  }
  return answer;
}

async function ask(context: RunContext, classifier: string, order: RunOrder): Promise<AgentOutcome> {
  try {
    return (await runBooked(context, order)).outcome;
  } catch (error) {
    throw ofRefusedRequest(error, classifier) ?? error;
  }
}

function itemsText({ length }: readonly Subject[]): string {
  return length === 1 ? '1 item' : `${length} items`;
}
