/** The forecast in the text of `regen cost`. */
import { formatDuration } from '../model/duration.js';
import { formatUsd } from '../model/format.js';
import type { BudgetForecast, Forecast, ForecastBasis, PlanPlace, Spread } from '../model/forecast.js';

export function forecastLines(forecast: Forecast): string[] {
  const { target, items, remaining, basis, perItem, toEnd } = forecast;
  const head = `Forecast for ${target}`;
  if (remaining === 0) return [`${head}: none of its ${items} items is left to do.`];
  return [
    `${head}: ${remaining} of ${items} items to do${basisOf(basis)}`,
    `  cost to the end  ${spread(toEnd.costUsd, formatUsd)}${each(perItem.costUsd, formatUsd)}`,
    `  time to the end  ${spread(toEnd.durationMs, formatDuration)}${each(perItem.durationMs, formatDuration)}`,
    ...forecast.budgets.map((budget) => `  ${budgetLine(budget, forecast)}`),
  ];
}

function basisOf({ plan, target, others }: ForecastBasis): string {
  const sources = [
    ...(plan > 0 ? [`${plan} of this plan`] : []),
    ...(target > 0 ? [`${target} of the target’s earlier plans`] : []),
    ...(others > 0 ? [`${others} of other targets`] : []),
  ];
  return sources.length === 0 ? '' : `; drawn from finished items: ${sources.join(', ')}`;
}

function spread(figures: Spread | null, format: (value: number) => string): string {
  return figures === null ? 'no figure yet' : `${format(figures.p50)} (P50), ${format(figures.p90)} (P90)`;
}

function each(figures: Spread | null, format: (value: number) => string): string {
  return figures === null ? '' : `; an item ${spread(figures, format)}`;
}

function budgetLine(budget: BudgetForecast, { items, remaining }: Forecast): string {
  const limit = `${budget.budget} ${formatUsd(budget.limit)}`;
  if (budget.budget === 'itemUsd') return `${limit}${itemLimit(budget.probability, remaining)}`;
  if (budget.spentUsd === null) return `${limit} can’t be watched: a model without a price took part`;
  const isDay = budget.budget === 'dayUsd';
  const head = `${limit} (${formatUsd(budget.spentUsd)} spent${isDay ? ' today' : ''})`;
  const { probability, runsOutAt, earliestAt } = budget;
  if (budget.spentUsd >= budget.limit) return `${limit} is used up${isDay ? ' for today (UTC)' : ''}`;
  if (probability === null) return `${head}: no figure yet`;
  const end = isDay ? 'for today (UTC)' : 'to the end of the plan';
  if (earliestAt === null) return `${head} lasts ${end}`;
  if (runsOutAt === null)
    return `${head} lasts ${end}, in one case of ten only to item ${place(earliestAt, items)}`;
  const early =
    earliestAt.position === runsOutAt.position
      ? ''
      : `, in one case of ten only to item ${place(earliestAt, items)}`;
  return `${head} lasts to about item ${place(runsOutAt, items)}${early}`;
}

function itemLimit(probability: number | null, remaining: number): string {
  if (probability === null) return ': no figure yet';
  const stopped = Math.round(probability * remaining);
  return stopped === 0
    ? ': no item is likely to reach it'
    : `: about ${stopped} of the ${remaining} items reach it`;
}

function place({ item, position }: PlanPlace, items: number): string {
  return `${position} of ${items} (${item})`;
}
