/** Which models it was spent on. */
import type { LedgerGroup } from '../../model/ledger.js';
import { formatUsd } from '../../model/format.js';
import { totalTokens } from '../../model/usage.js';
import { markup } from './html.js';
import type { Html } from './html.js';
import { table } from './table.js';
import { count, groupName, hitRate, money, percent } from './words.js';

export function models(all: readonly LedgerGroup[]): Html {
  if (all.length === 0) return markup`<p class="empty">No model has been asked yet.</p>`;
  return table({
    caption: 'Models, the dearest first',
    columns: [
      { title: 'Model', cell: (model) => markup`<code>${groupName(model)}</code>` },
      { title: 'Requests', cell: ({ usage }) => count(usage.requests), isNumber: true },
      { title: 'Tokens', cell: ({ usage }) => count(totalTokens(usage)), isNumber: true },
      { title: 'From cache', cell: ({ usage }) => percent(hitRate(usage) ?? 0), isNumber: true },
      { title: 'Peak context', cell: ({ peakContext }) => count(peakContext), isNumber: true },
      {
        title: 'Net cache saving',
        cell: ({ netCacheSavingUsd }) => formatUsd(netCacheSavingUsd),
        isNumber: true,
      },
      { title: 'Cost', cell: (model) => money(model), isNumber: true },
    ],
    rows: [...all].sort((left, right) => right.pricedUsd - left.pricedUsd),
  });
}
