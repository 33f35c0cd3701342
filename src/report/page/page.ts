/** The page of `regen report`: one file that asks nobody for anything. */
import { createHash } from 'node:crypto';
import type { ReportPage } from '../../model/report-page.js';
import { cacheByItem } from './cache-by-item.js';
import { costOverTime } from './cost-over-time.js';
import { failures } from './failures.js';
import { planInFocus } from './focus.js';
import { forecast } from './forecast.js';
import { history } from './history.js';
import { markup, raw } from './html.js';
import type { Html } from './html.js';
import { models } from './models.js';
import { progress } from './progress.js';
import { reservations } from './reservations.js';
import { scoreAgainstCost } from './score-against-cost.js';
import { stageDurations } from './stage-durations.js';
import { hatch, style } from './style.js';
import { summary } from './summary.js';
import { tokensByStage } from './tokens-by-stage.js';
import { instant, name } from './words.js';

/** The whole page, with one line feed at its end. */
export function reportPage(page: ReportPage): string {
  const sections = sectionsOf(page);
  const title = `regen report: ${page.plan?.target ?? page.repository}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="regen">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>regen report: ${name(page.plan?.target ?? page.repository)}</h1>
<p>Repository ${name(page.repository)}, as of ${instant(page.generatedAt)} UTC</p>
</header>
<nav aria-label="Sections">
<ul>
${sections.map(({ id, title: words }) => markup`<li><a href="#${id}">${words}</a></li>\n`)}</ul>
</nav>
<main id="main" tabindex="-1">
${raw(hatch)}
${sections.map(section)}</main>
<footer>
<p>Written by <code>regen report</code>. Each answer has the price of the day on which it was given; days are UTC.</p>
</footer>
</body>
</html>
`.text;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

function sectionsOf(page: ReportPage): readonly Section[] {
  const { spending } = page;
  return [
    { id: 'overview', title: 'Overview', content: summary(page) },
    { id: 'progress', title: 'Progress', content: progress(page) },
    { id: 'forecast', title: 'Forecast', content: forecast(page) },
    { id: 'failures', title: 'Failures', content: failures(page.failures) },
    { id: 'cost-over-time', title: 'Cost over time', content: costOverTime(spending.days) },
    { id: 'tokens-by-stage', title: 'Tokens by stage and kind', content: tokensByStage(spending.stages) },
    { id: 'cache-by-item', title: 'Cache hit rate', content: cacheByItem(planInFocus(page)) },
    { id: 'score-against-cost', title: 'Cost against score', content: scoreAgainstCost(page) },
    { id: 'stage-durations', title: 'Slowest stages', content: stageDurations(page.stages) },
    { id: 'models', title: 'Models', content: models(spending.models) },
    { id: 'exactness', title: 'How exact this is', content: reservations(page) },
    { id: 'history', title: 'Archived plans', content: history(page.archives) },
  ];
}

function section({ id, title, content }: Section): Html {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${content}
</section>
`;
}

/** Nothing is loaded, nothing runs, nothing is sent; this one style sheet counts, known by its hash. */
const policy = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');
