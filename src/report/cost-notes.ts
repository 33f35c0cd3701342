/** What has to be said beside the sums: a sum is never wrong in silence. */
import type { CostReport, Differences, RunDifference } from '../model/cost.js';
import { formatTokens, formatUsd } from '../model/format.js';
import type { LedgerGroup, ReportedUsage } from '../model/ledger.js';
import { totalTokens } from '../model/usage.js';

/** A sentence or two each. */
export function costNotes({ total, unpriced, unread, differences, drifts }: CostReport): string[] {
  return [
    ...estimateNote(total),
    ...unpriced.map(
      ({ model, requests }) =>
        `Price unknown for ${count(requests, 'request')} of model ${model}, which no sum of money holds. Add it to "prices:" in regen.yaml for what is booked from then on.`,
    ),
    ...unreadNote(unread),
    ...differenceNote(differences),
    ...driftNote(drifts),
  ];
}

function estimateNote({ estimated, unpricedRequests }: LedgerGroup): string[] {
  if (estimated.requests === 0) return [];
  const usd =
    estimated.costUsd === null && unpricedRequests > 0 ? 'price unknown' : formatUsd(estimated.costUsd);
  return [
    `Of which estimated: ${count(estimated.requests, 'request')}, ${formatTokens(totalTokens(estimated))}, ${usd}: answers in flight when a run was killed or its stream broke off.`,
  ];
}

function unreadNote({ torn, unknown }: CostReport['unread']): string[] {
  const kinds = [
    ...(torn > 0 ? [`${torn} cut off by a crash`] : []),
    ...(unknown > 0 ? [`${unknown} not written by this version of regen`] : []),
  ];
  return kinds.length === 0 ? [] : [`Lines of .regen/ledger.jsonl that no sum holds: ${kinds.join(', ')}.`];
}

function differenceNote({ runs, sum, first }: Differences): string[] {
  if (runs === 0) return [];
  return [
    `Claude Code’s own sums differ from what was booked for ${count(runs, 'run')}: ${signed(sum)}.`,
    ...first.slice(0, mostRuns).map((one) => `  ${placeOf(one)}: ${signed(one.difference)}`),
    ...(runs > mostRuns ? [`  … and ${runs - mostRuns} more`] : []),
  ];
}

function driftNote({ runs, last }: CostReport['drifts']): string[] {
  if (runs === 0) return [];
  const what = last === null ? '' : ` The last time: ${last}.`;
  return [
    `Prefix drifted in ${count(runs, 'run')}: written again although it should have been in the cache.${what}`,
  ];
}

const mostRuns = 5;

function placeOf({ target, item, run }: RunDifference): string {
  return `${item === null ? target : `${target}/${item}`}, run ${run}`;
}

/** `+12 input, -300 cache read, $0.0100 more`; what doesn't differ is left out. */
function signed({ input, output, cacheRead, cacheWrite, costUsd }: ReportedUsage): string {
  const tokens = [
    [input, 'input'],
    [output, 'output'],
    [cacheRead, 'cache read'],
    [cacheWrite, 'cache write'],
  ] as const;
  const parts = tokens.flatMap(([value, name]) =>
    value === 0 ? [] : [`${value > 0 ? '+' : ''}${value} ${name}`],
  );
  const money = costUsd === null || costUsd === 0 ? [] : [`${costUsd > 0 ? '+' : ''}${formatUsd(costUsd)}`];
  return [...parts, ...money].join(', ');
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
