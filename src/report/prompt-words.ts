/** Words that the texts of `regen prompt` share. */
import { minimumsAsOf } from '../model/cache-minimum.js';
import type { CacheMinimum } from '../model/cache-minimum.js';
import { formatUsd } from '../model/format.js';
import type { ExpectedRequests, TokenScale } from '../model/prompt-scale.js';

/** Lines are no longer than this where words can be wrapped. */
export const promptWidth = 100;

/** `12,345` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** In a column: `?` where the model has no price. */
export function money(amount: number | null): string {
  return amount === null ? '?' : formatUsd(amount);
}

export function scaleText({ charactersPerToken, source, requests }: TokenScale): string {
  const how =
    source === 'ledger'
      ? `as ${counted(requests, 'first request')} on the ledger came to`
      : 'the usual figure: no run of this agent is on the ledger';
  return `Tokens are estimates, ${charactersPerToken} characters each (${how}).`;
}

export function requestsText({ count, source, items }: ExpectedRequests): string {
  switch (source) {
    case 'flag':
      return `${count} (--requests)`;
    case 'assumed':
      return `${count}, assumed: nothing is on the ledger (--requests N sets it)`;
    case 'plan':
      return `${count}, the mean of ${counted(items, 'item')} of this plan`;
    case 'target':
      return `${count}, the mean of ${counted(items, 'item')} of this target’s earlier plans`;
    case 'others':
      return `${count}, the mean of ${counted(items, 'item')} of other targets`;
  }
}

export function minimumText(model: string, { tokens, source }: CacheMinimum): string {
  const from = {
    config: 'cache.models in regen.yaml',
    table: `table of ${minimumsAsOf}`,
    assumed: 'assumed: the model is in no table',
  } as const;
  return `${model} caches from ${grouped(tokens)} tokens on (${from[source]})`;
}

/** `1 item`, `3 items` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names and lines of files must not look like lines of ours. */
export function inLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
