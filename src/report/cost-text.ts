/** `regen cost` for a person and for scripts. */
import type { CostAnswer, CostQuestion } from '../model/cost.js';
import { formatInstant } from '../model/instant.js';
import { forecastLines } from './cost-forecast.js';
import { costNotes } from './cost-notes.js';
import { costTable } from './cost-table.js';

export function costText({ report, forecast, known }: CostAnswer, question: CostQuestion): string {
  const notes = costNotes(report);
  const parts = [
    known.targets.length === 0 ? [emptyText(report)] : [title(question), ...table(report, question)],
    ...(notes.length === 0 ? [] : [notes]),
    ...(forecast === null ? [] : [forecastLines(forecast)]),
  ];
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

/** `regen cost --json`: plain numbers, unrounded. */
export function costDocument({ report, forecast }: CostAnswer, question: CostQuestion): unknown {
  const { by, target, plan } = question;
  const since = question.since?.toISOString() ?? null;
  return { by, since, target, plan, ...report, forecast };
}

function emptyText({ unread: { torn, unknown } }: CostAnswer['report']): string {
  return torn + unknown > 0
    ? 'No line of .regen/ledger.jsonl can be read.'
    : 'No ledger yet: .regen/ledger.jsonl has no row, so nothing was paid for here.';
}

function title({ by, since, target, plan }: CostQuestion): string {
  return [
    `Cost by ${by}`,
    ...(target === null ? [] : [`target ${target}`]),
    ...(plan === null ? [] : [`plan ${plan}`]),
    ...(since === null ? [] : [`since ${formatInstant(since)}`]),
  ].join(', ');
}

function table(report: CostAnswer['report'], { by }: CostQuestion): string[] {
  return report.groups.length === 0 ? ['Nothing was booked.'] : costTable(report, by);
}
