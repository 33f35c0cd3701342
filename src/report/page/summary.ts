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
    spent(
      'Cost in all',
      all,
      doubts.length === 0 ? null : markup`<a href="#exactness">${doubts.join(', ')}</a>`,
    ),
    ...(plan === null ? [] : [spent('Cost of this plan', plan.spending, null)]),
    { name: 'Tokens', ...tokens(all) },
    { name: 'Prompt from cache', ...fromCache(all) },
  ];
}

/** Where there is no ledger, nobody knows what was spent. */
const notBooked = { value: '–', detail: 'nothing is booked' };

function spent(title: string, spending: Spending, doubts: Html | null): Tile {
  const { requests } = spending.usage;
  if (requests === 0) return { name: title, ...notBooked };
  return { name: title, value: headline(spending), detail: doubts ?? counted(requests, 'request') };
}

function tokens({ usage }: Spending): Omit<Tile, 'name'> {
  if (usage.requests === 0) return notBooked;
  return { value: shortCount(totalTokens(usage)), detail: `${shortCount(usage.output)} of them output` };
}

function fromCache({ usage, netCacheSavingUsd }: Spending): Omit<Tile, 'name'> {
  const rate = hitRate(usage);
  if (rate === null) return notBooked;
  const saving =
    netCacheSavingUsd === null ? 'saving not known' : `${formatUsd(netCacheSavingUsd)} saved, net of writes`;
  return { value: percent(rate), detail: saving };
}

/** The known part; what is missing is said beside it. */
function headline(spending: Spending): string {
  return spending.pricedUsd > 0 ? formatUsd(spending.pricedUsd) : money(spending);
}
