import { decodePlanId } from '../model/ids.js';
import type { ChangeRequest, LogEntry, Plan, PlanItem } from '../model/plan.js';
import { readEntryLine } from './entry-line.js';
import { readItemLine } from './item-line.js';
import { readOutline, sectionsNamed } from './outline.js';
import type { Section, VisibleLine } from './outline.js';
import { planError } from './plan-error.js';

/** The section that regen writes to. */
export const logTitle = 'Log';

export const requestsTitle = 'Change Requests';

/** Read whatever the configuration says: ours, and the original tool's. */
const usualHeadings = ['Items', 'Libraries'];

export interface PlanReading {
  /** What `items.heading` is; Items and Libraries are always read. */
  readonly headings: readonly string[];
}

/** @throws RegenError `plan` that names the line. */
export function parsePlan(text: string, { headings }: PlanReading): Plan {
  const sections = readOutline(text);
  const header = readHeader(sections[0]?.lines ?? []);
  const section = itemsSection(sections, headings);
  return {
    target: readTarget(header),
    title: header.get('title')?.value ?? null,
    updated: (header.get('last updated') ?? header.get('latest implementation update'))?.value ?? null,
    base: header.get('base')?.value ?? null,
    created: header.get('plan created')?.value ?? null,
    heading: section.title,
    items: readItems(section),
    changeRequests: sectionsNamed(sections, requestsTitle).flatMap(readRequests),
    log: sectionsNamed(sections, logTitle).flatMap(readLog),
  };
}

interface HeaderValue {
  readonly value: string;
  readonly line: number;
}

function readHeader(lines: readonly VisibleLine[]): ReadonlyMap<string, HeaderValue> {
  const header = new Map<string, HeaderValue>();
  for (const { number, text } of lines) {
    const match = /^[-*+][ \t]+([A-Za-z][A-Za-z ]*?)[ \t]*:(.*)$/s.exec(text);
    const key = match?.[1]?.toLowerCase();
    const value = withoutTicks((match?.[2] ?? '').trim());
    if (key !== undefined && value !== '' && !header.has(key)) header.set(key, { value, line: number });
  }
  return header;
}

function withoutTicks(value: string): string {
  return /^`.+`$/s.test(value) ? value.slice(1, -1) : value;
}

function readTarget(header: ReadonlyMap<string, HeaderValue>): string {
  const target = header.get('target') ?? header.get('spec');
  if (target !== undefined) return decodePlanId(target.value);
  throw planError(1, 'the plan names no target', 'Add a line "- Target: `<id>`" above the first section.');
}

function itemsSection(sections: readonly Section[], headings: readonly string[]): Section {
  const names = [...new Set([...headings, ...usualHeadings])];
  const [section, second] = sectionsNamed(sections, ...names);
  if (section === undefined) {
    const wanted = names.map((name) => `"## ${name}"`).join(' or ');
    const hint = `Put the items under one heading, ${wanted}, or let items.heading in regen.yaml name theirs.`;
    throw planError(1, 'the plan has no section of items', hint);
  }
  if (second !== undefined) {
    throw planError(
      second.line,
      `"## ${second.title}" is a second section of items; "## ${section.title}" in line ${section.line} is the first`,
      'Put all items under one of the two headings.',
    );
  }
  return section;
}

function readItems(section: Section): readonly PlanItem[] {
  const items = new Map<string, PlanItem>();
  for (const line of section.lines) {
    const item = readItemLine(line);
    if (item === null) continue;
    const first = items.get(item.id);
    if (first !== undefined) {
      throw planError(
        item.line,
        `"${item.id}" is listed a second time; line ${first.line} has it first`,
        'Remove one of the two lines.',
      );
    }
    items.set(item.id, item);
  }
  if (items.size > 0) return [...items.values()];
  throw planError(
    section.line,
    `"## ${section.title}" lists no item`,
    'List them as "- [ ] <id>" at the start of a line, or remove the plan to have a new one written.',
  );
}

function readLog({ lines }: Section): readonly LogEntry[] {
  return lines.flatMap(({ number, text }) => {
    const entry = readEntryLine(text);
    return entry === null ? [] : [{ ...entry, line: number }];
  });
}

/** A request may go on over more lines: those that Markdown counts as the same list item. */
function readRequests({ lines }: Section): readonly ChangeRequest[] {
  const requests: { item: string; texts: string[]; line: number }[] = [];
  let isOpen = false;
  let isAfterBlank = false;
  for (const { number, text } of lines) {
    const entry = readEntryLine(text);
    const isBlank = text.trim() === '';
    if (entry !== null) requests.push({ item: entry.item, texts: [entry.text], line: number });
    isOpen = entry !== null || (isOpen && (isBlank || goesOn(text, isAfterBlank)));
    if (isOpen && entry === null && !isBlank) requests.at(-1)?.texts.push(text.trim());
    isAfterBlank = isBlank;
  }
  return requests.map(({ item, texts, line }) => ({
    item,
    line,
    text: texts.filter((text) => text !== '').join('\n'),
  }));
}

function goesOn(text: string, isAfterBlank: boolean): boolean {
  return /^[ \t]/.test(text) || (!isAfterBlank && !/^(?:[-*+]|\d+[.)]|#{1,6})(?:[ \t]|$)/.test(text));
}
