/** Title, body, branch and labels of a pull request. Pure. */
import type { ItemRef } from '../model/attempt.js';
import type { Config } from '../model/config.js';
import { cut } from '../model/excerpt.js';
import { encodeId } from '../model/ids.js';
import { fillTemplate } from '../model/template.js';
import type { Values } from '../model/template.js';
import type { TokenTable } from '../model/token-table.js';
import { labelNames } from './label-names.js';
import { oneLine } from '../model/one-line.js';
import { escapeMarkdown, escapeUrlPart } from './markdown.js';
import { formatMarker } from './marker.js';
import { placeTokens, renderTokens, replaceTokens } from './token-table.js';
import type { TokensChange } from './token-table.js';

/** GitHub's limits are 256 for a title and 65,536 for a body; table and marker have to fit in as well. */
const maxTitle = 256;
const maxBody = 60_000;
const maxQuote = 500;
const mostItems = 200;

export interface Draft {
  readonly branch: string;
  /** The branch it is to be merged into. */
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

interface ShipFacts extends ItemRef {
  readonly attempt: string;
  readonly score: number | null;
  readonly breakdown: string | null;
  readonly parentIssue: string | null;
  readonly changeRequests: readonly string[];
  /** Of what a pack ships: the items that it is made for; else empty. */
  readonly items: readonly string[];
  /** Changed files that belong to the target, not to the item. */
  readonly targetFiles: readonly string[];
  /** What a reviewer should know of the checks, a line each. */
  readonly checkNotes: readonly string[];
  readonly date: Date;
  readonly tokens: TokenTable | null;
}

/** What a title is made from: work that is kept without a review has no score. */
type Titled = ItemRef & Partial<Pick<ShipFacts, 'score' | 'breakdown'>>;

const unscored = '–';

interface ShipTexts {
  branch(ref: ItemRef): string;
  title(titled: Titled): string;
  draft(facts: ShipFacts): Draft;
  labels(facts: ShipFacts): readonly string[];
  tokens(table: TokenTable): string;
  withTokens(body: string, table: TokenTable): TokensChange;
}

export function createShipTexts(config: Config): ShipTexts {
  const { ship } = config;
  const branch = ({ target, item }: ItemRef) =>
    fillTemplate(ship.branch, { target: encodeId(target), item: encodeId(item) });
  const title = ({ target, item, score, breakdown }: Titled) => {
    const values = { target, item, score: String(score ?? unscored), breakdown: breakdown ?? unscored };
    return cut(oneLine(fillTemplate(ship.title, values)), maxTitle);
  };
  return {
    branch,
    title,
    draft: (facts): Draft => ({
      branch: branch(facts),
      base: config.base.slice(config.base.indexOf('/') + 1),
      title: title(facts),
      body: renderBody(ship.body, facts),
    }),
    labels: (facts) => labelNames(ship.labels, facts),
    tokens: renderTokens,
    withTokens: (body, table) => replaceTokens(body, renderTokens(table)),
  };
}

function renderBody(template: string, facts: ShipFacts): string {
  const paragraphs = [
    fillMarkdown(template, bodyValues(facts)).trim(),
    parentIssueLine(facts.parentIssue),
    itemLines(facts.items),
    changeRequestLines(facts.changeRequests),
    targetFilesLine(facts.targetFiles),
    checkNoteLines(facts.checkNotes),
  ].filter((paragraph) => paragraph !== '');
  const text = cut(paragraphs.join('\n\n'), maxBody);
  const body = facts.tokens === null ? text : placeTokens(text, renderTokens(facts.tokens));
  return `${body}\n\n${formatMarker(facts)}\n`;
}

/** Values stand for text, but inside a URL that the template spells out they are parts of its path. */
function fillMarkdown(template: string, values: Values): string {
  const fill = (text: string, some: Values, escape: (value: string) => string) =>
    fillTemplate(
      text,
      Object.fromEntries(Object.entries(some).map(([name, value]) => [name, escape(value)])),
    );
  // The rubric's ids are letters and digits, and the rest is ours: nothing in it could break the structure.
  const { breakdown = '', ...untrusted } = values;
  return template
    .split(/(\bhttps?:\/\/[^\s)>\]"']*)/i)
    .map((part, index) => fill(part, untrusted, index % 2 === 1 ? escapeUrlPart : escapeMarkdown))
    .join('')
    .replaceAll('{breakdown}', () => breakdown);
}

function bodyValues(facts: ShipFacts): Values {
  return {
    target: facts.target,
    item: facts.item,
    attempt: facts.attempt,
    score: facts.score === null ? 'none' : String(facts.score),
    breakdown: facts.breakdown ?? 'none',
    parentIssue: facts.parentIssue ?? 'none',
    date: facts.date.toISOString().slice(0, 10),
  };
}

function parentIssueLine(issue: string | null): string {
  if (issue === null || issue.trim() === '') return '';
  const number = /^\s*#?(\d+)\s*$/.exec(issue)?.[1];
  return `**Parent Issue:** ${number === undefined ? quote(issue) : `#${number}`}`;
}

function itemLines(items: readonly string[]): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, mostItems).map((item) => `- ${code(item)}`);
  const more = items.length > shown.length ? [`- and ${items.length - shown.length} more`] : [];
  return ['**Items:**', '', ...shown, ...more].join('\n');
}

/** As a span of code, which an id can't end. */
function code(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.includes('`') ? ' ' : '';
  return `${fence}${pad}${cut(oneLine(text), maxQuote)}${pad}${fence}`;
}

function changeRequestLines(requests: readonly string[]): string {
  if (requests.length === 0) return '';
  return ['**Change requests** taken up:', '', ...requests.map((one) => `- ${quote(one)}`)].join('\n');
}

function targetFilesLine(files: readonly string[]): string {
  if (files.length === 0) return '';
  return `Changed for the whole target: ${files.map(quote).join(', ')}`;
}

function checkNoteLines(notes: readonly string[]): string {
  if (notes.length === 0) return '';
  return ['The checks pass, but:', '', ...notes.map((one) => `- ${quote(one)}`)].join('\n');
}

function quote(text: string): string {
  return escapeMarkdown(cut(oneLine(text), maxQuote));
}
