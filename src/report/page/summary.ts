/** The figures that people look for first. */
import { formatUsd } from '../../model/format.js';
import type { ReportPage } from '../../model/report-page.js';
import type { Spending } from '../../model/spending.js';
import { totalTokens } from '../../model/usage.js';
import { markup } from './html.js';
import type { Html, Part } from './html.js';
import { count, counted, hitRate, money, percent, shortCount } from './words.js';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly detail: Part;
}

export function summary(page: ReportPage): Html {
  return markup`<dl class="tiles">
    ${tiles(page).map(
      ({ name, value, detail }) =>
        markup`<div>
          <dt>${name}</dt>
          <dd><span class="value">${value}</span> <span class="detail">${detail}</span></dd>
        </div> `,
    )}
  </dl>`;
}

function tiles({ plan, archives, spending: { all, mismatchCount } }: ReportPage): readonly Tile[] {
  const rate = hitRate(all.usage);
  const doubts = [
    ...(all.unpricedRequests > 0 ? [`${counted(all.unpricedRequests, 'request')} unpriced`] : []),
    ...(all.estimated.requests > 0 ? [`${formatUsd(all.estimated.costUsd)} estimated`] : []),
    ...(mismatchCount > 0 ? [counted(mismatchCount, 'mismatch', 'mismatches')] : []),
  ];
  return [
    plan === null
      ? { name: 'Plan', value: 'none', detail: counted(archives.length, 'archived plan') }
      : {
          name: 'Items done',
          value: `${count(plan.counts.done)} of ${count(plan.items.length)}`,
          detail: `${count(plan.counts.failed)} failed, ${count(plan.counts.todo + plan.counts.waiting)} to go`,
        },
    {
      name: 'Cost in all',
      value: headline(all),
      detail:
        doubts.length > 0
          ? markup`<a href="#exactness">${doubts.join(', ')}</a>`
          : counted(all.usage.requests, 'request'),
    },
    ...(plan === null
      ? []
      : [
          {
            name: 'Cost of this plan',
            value: headline(plan.spending),
            detail: counted(plan.spending.usage.requests, 'request'),
          },
        ]),
    {
      name: 'Tokens',
      value: shortCount(totalTokens(all.usage)),
      detail: `${shortCount(all.usage.output)} of them output`,
    },
    {
      name: 'Prompt from cache',
      value: rate === null ? '–' : percent(rate),
      detail:
        all.netCacheSavingUsd === null
          ? 'saving not known'
          : `${formatUsd(all.netCacheSavingUsd)} saved, net of writes`,
    },
  ];
}

/** The known part; what is missing is said beside it. */
function headline(spending: Spending): string {
  return spending.pricedUsd > 0 ? formatUsd(spending.pricedUsd) : money(spending);
}
