/** What the trials came to, as a Markdown table. */
import type { TrialResult } from './trial.js';

const columns = [
  'trials',
  'kills',
  'faults',
  'invocations',
  'answers billed',
  'booked to the token',
  'estimated',
  'killed unread',
  'violations',
] as const;

type Row = Readonly<Record<(typeof columns)[number], number>>;

/** One row per kind of disturbance, and the sum. */
export function tableOf(results: readonly TrialResult[]): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const rows = groups.map((group) => [group, sum(results.filter((one) => one.group === group))] as const);
  const all = [...rows, ['**all**', sum(results)] as const];
  return [
    `| disturbance | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '--:').join('|')}|`,
    ...all.map(([name, row]) => `| ${name} | ${columns.map((column) => row[column]).join(' | ')} |`),
  ].join('\n');
}

function sum(results: readonly TrialResult[]): Row {
  const add = (of: (result: TrialResult) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    trials: results.length,
    kills: add(({ kills }) => kills),
    faults: add(({ faults }) => faults),
    invocations: add(({ invocations }) => invocations),
    'answers billed': add(({ billed }) => billed),
    'booked to the token': add(({ exact }) => exact),
    estimated: add(({ estimated }) => estimated),
    'killed unread': add(({ unbooked }) => unbooked),
    violations: add(({ violations }) => violations.length),
  };
}
