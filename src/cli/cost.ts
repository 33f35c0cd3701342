/** `regen cost`: what was paid, for what, and what the rest of the plan will take. */
import type { Invocation } from './invocation.js';
import type { CostAnswer, CostQuestion } from '../model/cost.js';
import { parseDuration } from '../model/duration.js';
import { RegenError } from '../model/errors.js';
import { parseInstant } from '../model/instant.js';
import { ledgerKeys } from '../model/ledger.js';
import type { LedgerKey } from '../model/ledger.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { closest } from '../model/suggest.js';
import { costCsv } from '../report/cost-csv.js';
import { costNotes } from '../report/cost-notes.js';
import { costDocument, costText } from '../report/cost-text.js';
import { wireCost } from '../wire-cost.js';
import { readHeading } from '../wire-heading.js';

/** As they stand on the command line. */
export interface CostFlags {
  readonly by?: string;
  readonly since?: string;
  readonly target?: string;
  readonly plan?: string;
  readonly csv?: boolean;
}

export async function cost(invocation: Invocation, flags: CostFlags): Promise<number> {
  const { options, reporter } = invocation;
  if (flags.csv === true && options.json === true) {
    throw new RegenError('usage', '--json is one document, --csv a table', {
      hint: 'Leave one of them out.',
    });
  }
  const by = keyNamed(flags.by ?? 'stage');
  const since = flags.since === undefined ? null : instantNamed(flags.since, invocation.outside.now());
  const surroundings = await invocation.surroundings();
  const source = { configFile: options.config, readConfig: readHeading };
  const { plans, costs } = await wireCost(surroundings, source);
  const plan = await plans.read();
  const question = { by, since, target: flags.target ?? null, plan: planNamed(flags.plan, plan) };
  const answer = await costs(question, plan);
  ensureKnown(question, answer, plan);
  if (flags.csv === true) {
    reporter.csv(costCsv(answer.report, by));
    for (const note of costNotes(answer.report)) reporter.progress(note);
  } else {
    reporter.result(costText(answer, question), costDocument(answer, question));
  }
  return 0;
}

function keyNamed(text: string): LedgerKey {
  const key = ledgerKeys.find((one) => one === text);
  if (key !== undefined) return key;
  const near = closest(text, ledgerKeys);
  throw new RegenError('usage', `--by takes ${ledgerKeys.join(', ')}, not ${JSON.stringify(text)}`, {
    hint: near === null ? 'For example: regen cost --by item' : `Did you mean "--by ${near}"?`,
  });
}

/** An instant, a date, or how long ago. */
function instantNamed(text: string, now: Date): Date {
  const ms = parseDuration(text);
  const instant = ms === null ? parseInstant(text) : new Date(now.getTime() - ms);
  if (instant !== null && !Number.isNaN(instant.getTime())) return instant;
  throw new RegenError(
    'usage',
    `--since takes an instant, a date or a duration, not ${JSON.stringify(text)}`,
    { hint: 'For example: --since 2026-11-01, --since 2026-11-01T08:00:00Z, --since 7d or --since 90m' },
  );
}

function planNamed(text: string | undefined, plan: Plan | null): string | null {
  if (text !== 'current') return text ?? null;
  if (plan !== null) return planKey(plan);
  throw new RegenError('usage', '--plan current: there is no plan', {
    hint: 'Name a plan by its key, a folder of .regen/runs, or leave --plan out.',
  });
}

/** Where nothing is booked at all, nobody can tell a mistyped name. */
function ensureKnown({ target, plan: key }: CostQuestion, { known }: CostAnswer, plan: Plan | null): void {
  if (known.targets.length === 0) return;
  const current =
    plan === null ? { targets: [], plans: [] } : { targets: [plan.target], plans: [planKey(plan)] };
  ensureOneOf('--target', target, [...new Set([...known.targets, ...current.targets])]);
  ensureOneOf('--plan', key, [...new Set([...known.plans, ...current.plans])]);
}

function ensureOneOf(flag: '--target' | '--plan', name: string | null, known: readonly string[]): void {
  if (name === null || known.includes(name)) return;
  const near = closest(name, known);
  const by = flag === '--target' ? ' "regen cost --by target" lists the targets.' : '';
  throw new RegenError('usage', `${flag} ${name}: the ledger has no row of it`, {
    hint: near === null ? `Known: ${listed(known)}.${by}` : `Did you mean "${flag} ${near}"?`,
  });
}

function listed(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
