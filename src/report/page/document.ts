import type { ReportPage } from '../../model/report-page.js';

/** `regen report --json`: where the page is, and the sums that it shows. */
export function reportDocument(
  page: ReportPage,
  place: { readonly file: string; readonly bytes: number },
): unknown {
  const { archives, failures, forecast, gaps, generatedAt, plan, repository, spending } = page;
  const plans = plan === null ? archives : [plan, ...archives];
  const { usage, estimated, pricedUsd, unpricedRequests, netCacheSavingUsd } = spending.all;
  return {
    ...place,
    generatedAt,
    repository,
    plan: plan === null ? null : { target: plan.target, title: plan.title, counts: plan.counts },
    archivedPlans: archives.length,
    pullRequests: new Set(plans.flatMap(({ items }) => items.flatMap(({ pr }) => pr?.url ?? []))).size,
    failures: failures.length,
    usage,
    estimated,
    pricedUsd,
    unpricedRequests,
    netCacheSavingUsd,
    mismatches: spending.mismatchCount,
    forecast,
    gaps,
  };
}
