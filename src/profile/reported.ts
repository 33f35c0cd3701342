/** What a stream's result events say of the runs themselves. */
import type { ReportedRuns } from '../model/profile.js';
import { countOf, fieldsOf } from './json.js';
import type { Fields } from './json.js';

export interface Reported {
  /** For the result events of one run: several can come in one, and the last one counts. */
  run(): (result: Fields) => void;
  sums(): { readonly reported: ReportedRuns | null; readonly reportedMs: number | null };
}

export function createReported(): Reported {
  const runs: { last: Fields | null }[] = [];
  return {
    run() {
      const run = { last: null as Fields | null };
      runs.push(run);
      return (result) => {
        run.last = result;
      };
    },
    sums() {
      const results = runs.flatMap(({ last }) => (last === null ? [] : [last]));
      if (results.length === 0) return { reported: null, reportedMs: null };
      return {
        reported: results.map(reportedOf).reduce(add),
        reportedMs: results.reduce((sum, result) => sum + countOf(result['duration_ms']), 0),
      };
    },
  };
}

function reportedOf(result: Fields): ReportedRuns {
  const models = Object.values(fieldsOf(result['modelUsage'])).map(fieldsOf);
  const sum = (name: string): number => models.reduce((total, usage) => total + countOf(usage[name]), 0);
  const cost = result['total_cost_usd'];
  return {
    runs: 1,
    input: sum('inputTokens'),
    output: sum('outputTokens'),
    cacheRead: sum('cacheReadInputTokens'),
    cacheWrite: sum('cacheCreationInputTokens'),
    costUsd: typeof cost === 'number' ? cost : null,
  };
}

function add(one: ReportedRuns, other: ReportedRuns): ReportedRuns {
  return {
    runs: one.runs + other.runs,
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    costUsd: one.costUsd === null || other.costUsd === null ? null : one.costUsd + other.costUsd,
  };
}
