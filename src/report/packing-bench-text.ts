/** `regen bench packing` for a person. */
import { formatInstant } from '../model/instant.js';
import type { Interval, PackingRecommendation, PackingReport, PackingRow } from '../model/packing-bench.js';
import { columns, wrapped } from './columns.js';

const widest = 100;

export function packingBenchText({ at, set, models, recommendation }: PackingReport): string {
  const title = `Packing bench: ${set.file}, ${set.items} items, ${formatInstant(new Date(at))}`;
  const parts = [
    [title],
    ...models.map((each) => [each.model, ...table(each.rows)]),
    wrapped(adviceText(recommendation), widest),
  ];
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function adviceText({ model, size, why }: PackingRecommendation): string {
  if (model === null) return `Nothing is recommended: ${why}`;
  return `Recommended: ${model} with ${size === 1 ? 'one item' : `up to ${size} items`} per call: ${why}`;
}

/** What `--check` says. */
export function packingCheckText(regressions: readonly string[], storedAt: string): string {
  const since = `since ${formatInstant(new Date(storedAt))}`;
  if (regressions.length === 0) return `No regression ${since}.`;
  const count = regressions.length === 1 ? 'A regression' : `${regressions.length} regressions`;
  return [`${count} ${since}:`, ...regressions.map((each) => `- ${each}`)].join('\n');
}

function table(rows: readonly PackingRow[]): readonly string[] {
  const smallest = rows[0]?.cell.size ?? 1;
  const heads = [
    ['', '', '', '95 %', '', '', 'cost per', 'cost', 'items lost,', ''],
    ['', 'size', 'agreement', 'interval', 'failures', 'calls', 'item', `vs ${smallest}`, 'gained', 'p'],
  ];
  return columns([...heads, ...rows.map(cells)]);
}

function cells({ cell, agreement, interval, ...row }: PackingRow): readonly string[] {
  const { usdPerItem, relativeCost, against } = row;
  return [
    '',
    String(cell.size),
    percent(agreement),
    intervalText(interval),
    String(cell.failed),
    String(cell.requests),
    usdPerItem === null ? 'unknown' : usdText(usdPerItem),
    relativeCost === null ? '?' : `${relativeCost.toFixed(2)}x`,
    against === null ? '' : `${against.lost}, ${against.gained}`,
    against === null ? '' : against.p < 0.001 ? '<0.001' : against.p.toFixed(3),
  ];
}

function intervalText({ low, high }: Interval): string {
  return `${(100 * low).toFixed(1)}–${percent(high)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** An item often costs less than a hundredth of a cent: two digits that say something, however many noughts they need. */
function usdText(amount: number): string {
  return `$${digits.format(amount)}`;
}

const digits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2, useGrouping: false });
