/** Figures and names as the page writes them. */
import { formatDuration } from '../../model/duration.js';
import { formatUsd } from '../../model/format.js';
import type { LedgerGroup } from '../../model/ledger.js';
import type { Spending } from '../../model/spending.js';
import { promptTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import type { ItemState } from '../../model/plan.js';
import { harmless, markup } from './html.js';
import type { Html } from './html.js';

/** `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 item`, `1,000 items` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `812`, `41.2k`, `1.25M`: for charts. */
export function shortCount(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_950) return `${trimmed((value / 1000).toFixed(1))}k`;
  return value < 999_500_000
    ? `${trimmed((value / 1e6).toFixed(2))}M`
    : `${trimmed((value / 1e9).toFixed(2))}G`;
}

/** `850 ms`, `9.3 s`, `4 m 00 s` */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms);
}

/** `94.1 %` */
export function percent(share: number): string {
  // What isn't all of it must not read as all of it.
  const shown = share < 1 && share > 0.999 ? 0.999 : share;
  return `${trimmed((shown * 100).toFixed(1))}\u00A0%`;
}

/** The known part of the cost; what has no price is said. */
export function money({
  pricedUsd,
  unpricedRequests,
  usage,
}: Pick<Spending, 'pricedUsd' | 'unpricedRequests' | 'usage'>): string {
  if (unpricedRequests === 0) return formatUsd(pricedUsd);
  return unpricedRequests >= usage.requests ? 'price unknown' : `${formatUsd(pricedUsd)} + unknown`;
}

/** US dollars of it that are estimated, as far as they have a price. */
export function estimatedUsd({ estimated }: Pick<Spending, 'estimated'>): number {
  return estimated.costUsd ?? 0;
}

/** A group's name; what has none is said. */
export function groupName({ key }: LedgerGroup): string {
  return key === null || key === '' ? '(none)' : key;
}

/** Which part of the prompts was read from the cache; null: nothing was sent. */
export function hitRate(tokens: TokenCounts): number | null {
  const prompt = promptTokens(tokens);
  return prompt === 0 ? null : tokens.cacheRead / prompt;
}

/** `2026-05-02 14:02` */
export function instant(iso: string): Html {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return markup`${iso}`;
  const text = date.toISOString();
  return markup`<time datetime="${text}">${text.slice(0, 10)}&nbsp;${text.slice(11, 16)}</time>`;
}

/** An id or a title: its direction is its own. */
export function name(text: string): Html {
  return markup`<bdi>${text}</bdi>`;
}

/** Of a name that shows when one points at something in a chart. */
export const longestName = 80;

/** At most so many characters, for charts, which have their tables beside them. Names often differ only at their ends. */
export function shortened(text: string, length: number): string {
  const letters = Array.from(harmless(text).replaceAll('\n', ' '));
  if (letters.length <= length) return letters.join('');
  const end = Math.floor((length - 1) / 2);
  return `${letters.slice(0, length - 1 - end).join('')}…${letters.slice(-end).join('')}`;
}

interface StateWords {
  readonly word: string;
  readonly mark: string;
}

/** No state is told by its colour alone. */
export const stateWords: Readonly<Record<ItemState, StateWords>> = {
  done: { word: 'done', mark: '✓' },
  failed: { word: 'failed', mark: '!' },
  skipped: { word: 'skipped', mark: '–' },
  waiting: { word: 'handed off', mark: '~' },
  todo: { word: 'to do', mark: '·' },
};

/** In the order of their bars. */
export const states: readonly ItemState[] = ['done', 'failed', 'skipped', 'waiting', 'todo'];

/** `✓ done` */
export function stateBadge(state: ItemState): Html {
  const { mark, word } = stateWords[state];
  return markup`<span class="state ${state}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
}

function trimmed(digits: string): string {
  return digits.replace(/\.0+$|(\.\d*?)0+$/, '$1');
}
