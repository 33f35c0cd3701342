/** What is not exact, not known or not in agreement: never hidden in a sum. */
import { formatUsd } from '../../model/format.js';
import type { Mismatch, ReportPage } from '../../model/report-page.js';
import { totalTokens } from '../../model/usage.js';
import { markup, nothing } from './html.js';
import type { Html } from './html.js';
import { table } from './table.js';
import { count, counted, groupName, instant, name } from './words.js';

export function reservations({ spending, gaps }: ReportPage): Html {
  const parts = [
    ...estimates(spending.all),
    ...unknownPrices(spending.models),
    ...mismatches(spending),
    ...(gaps.length === 0
      ? []
      : [
          markup`<li>
            Not everything could be read:
            <ul>
              ${gaps.map((gap) => markup`<li>${gap}</li>`)}
            </ul>
          </li> `,
        ]),
  ];
  if (parts.length > 0)
    return markup`<ul>
        ${parts}
      </ul>
      ${mismatchTable(spending)}`;
  if (spending.all.usage.requests === 0) return markup`<p class="empty">Nothing was booked yet.</p>`;
  return markup`<p>Every figure is booked exactly and has a price, and no run reported other sums.</p>`;
}

function estimates({ estimated }: ReportPage['spending']['all']): Html[] {
  if (estimated.requests === 0) return [];
  const price = formatUsd(estimated.costUsd);
  return [
    markup`<li>
      <b>Estimated:</b> ${counted(estimated.requests, 'answer')} with
      ${counted(totalTokens(estimated), 'token')}, ${price}. They were in flight when their run ended, and no
      record shows what was billed. All sums here include them.
    </li> `,
  ];
}

function unknownPrices(models: ReportPage['spending']['models']): Html[] {
  const unpriced = models.filter(({ unpricedRequests }) => unpricedRequests > 0);
  if (unpriced.length === 0) return [];
  const told = unpriced.map(
    (model) => markup`<code>${groupName(model)}</code> (${counted(model.unpricedRequests, 'request')})`,
  );
  return [
    markup`<li>
      <b>Unknown prices:</b> ${told.map((one, index) => [index === 0 ? null : ', ', one])}. No cost on this
      page includes them; <code>prices</code> in regen.yaml gives a model its price for what comes.
    </li> `,
  ];
}

function mismatches({ mismatchCount }: ReportPage['spending']): Html[] {
  if (mismatchCount === 0) return [];
  return [
    markup`<li>
      <b>Mismatches:</b> ${counted(mismatchCount, 'run')} of the agent reported other sums than were booked
      message by message. The sums here are the booked ones.
    </li> `,
  ];
}

function mismatchTable({ mismatches: shown, mismatchCount }: ReportPage['spending']): Html {
  if (shown.length === 0) return nothing;
  return table<Mismatch>({
    caption: `What runs reported beyond (+) or short of (−) what was booked${mismatchCount > shown.length ? `, the newest ${shown.length}` : ''}`,
    columns: [
      {
        title: 'Item',
        cell: ({ item, target }) => (item === null ? markup`${name(target)} (planning)` : name(item)),
      },
      { title: 'Stage', cell: ({ stage }) => stage },
      { title: 'When', cell: ({ at }) => instant(at) },
      { title: 'Input', cell: ({ difference }) => signed(difference.input), isNumber: true },
      { title: 'Output', cell: ({ difference }) => signed(difference.output), isNumber: true },
      { title: 'Cache read', cell: ({ difference }) => signed(difference.cacheRead), isNumber: true },
      { title: 'Cache write', cell: ({ difference }) => signed(difference.cacheWrite), isNumber: true },
      {
        title: 'Cost',
        cell: ({ difference: { costUsd } }) =>
          costUsd === null
            ? 'unknown'
            : `${costUsd > 0 ? '+' : costUsd < 0 ? '−' : ''}${formatUsd(Math.abs(costUsd))}`,
        isNumber: true,
      },
    ],
    rows: shown,
  });
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${count(Math.abs(value))}`;
}
