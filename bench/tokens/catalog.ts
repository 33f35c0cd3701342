/** The repository of the bench: nine items of one target, guides that the agent reads, a suite that fails until it is done. */

const vocabulary =
  'axis legend marker the a of colour size scale draws value series title when range each label grid with is shown above never plain light dark theme data point line'.split(
    ' ',
  );

export const items = Array.from({ length: 9 }, (_, at) => `library-${at + 1}`);

/** Guides that a session may read. */
export const guides = Array.from({ length: 20 }, (_, at) => `guides/guide-${at + 1}.md`);

export function itemFile(item: string): string {
  return `catalog/scatter/items/${item}.md`;
}

export const testCommand = (item: string): string => `node tests/suite.mjs ${item}`;

/** What all items share. */
export interface Shared {
  readonly rules: string;
  readonly specification: string;
}

/** @param characters - of both together, four fifths of them rules. */
export function sharedTexts(characters: number): Shared {
  return {
    rules: `# How items are written\n\n${prose(characters * 0.8, 1)}\n`,
    specification: `# scatter: a scatter plot\n\n${prose(characters * 0.2, 2)}\n`,
  };
}

export const task = (item: string): string =>
  `Bring every entry of ${itemFile(item)} up to date, as the rules and the specification say. ${testCommand(item)} tests it.`;

/** What an item brings along of its own. */
export interface Content {
  /** Lines of an item that are to be edited, one by one. */
  readonly entries: number;
  /** Characters of a guide that is read. */
  readonly guide: number;
  /** Tracebacks of a failing test run. */
  readonly tracebacks: number;
}

export function repositoryFiles(
  { rules, specification }: Shared,
  { entries, guide: length, tracebacks }: Content,
): Record<string, string> {
  return {
    'CLAUDE.md': `# This repository\n\n${prose(1000, 3)}\n`,
    'prompts/rules.md': rules,
    'catalog/scatter/specification.md': specification,
    'tests/suite.mjs': suite.replace('MOST', String(tracebacks)),
    ...Object.fromEntries(
      guides.map((guide, at) => [guide, `# Guide ${at + 1}\n\n${prose(length, 10 + at)}\n`]),
    ),
    ...Object.fromEntries(
      items.map((item, at) => [
        itemFile(item),
        `# ${item}\n\n${prose(800, 50 + at)}\n\n${entriesOf(entries)}\n`,
      ]),
    ),
  };
}

export const stale = (entry: number): string => `- entry ${entry}: stale`;
export const fresh = (entry: number): string => `- entry ${entry}: fresh, ${prose(120, 100 + entry)}`;

function entriesOf(count: number): string {
  return Array.from({ length: count }, (_, at) => stale(at + 1)).join('\n');
}

/** Prints what pytest prints: a traceback of half a kilobyte for each stale entry, as many as MOST says. */
const suite = String.raw`import { readFileSync } from 'node:fs';
const text = readFileSync('catalog/scatter/items/' + process.argv[2] + '.md', 'utf8');
const all = [...text.matchAll(/^- entry (\d+): (\w+)/gm)].map(([, number, state]) => ({ number, isStale: state === 'stale' }));
const failed = all.filter(({ isStale }) => isStale).slice(0, MOST);
console.log('=================== test session starts ===================\ncollected ' + all.length + ' items\n');
if (failed.length > 0) console.log('======================== FAILURES =========================');
for (const { number } of failed) {
  console.log('_______________________ test_entry_' + number + ' _______________________\n');
  console.log('    def test_entry_' + number + '(page):\n        entry = page.entry(' + number + ')');
  for (let line = 0; line < 5; line += 1) console.log('        # what the page says of it is read from the catalog, line ' + line);
  console.log('>       assert entry.state == "fresh"\nE       AssertionError: entry ' + number + ' is stale\n\ntests/test_page.py:' + number + ': AssertionError');
}
if (failed.length > 0) console.log('================= short test summary info =================');
for (const { number } of failed) console.log('FAILED tests/test_page.py::test_entry_' + number + ' - AssertionError: entry ' + number + ' is stale');
const passed = all.length - failed.length;
console.log('=========== ' + [failed.length && failed.length + ' failed', passed && passed + ' passed'].filter(Boolean).join(', ') + ' in 1.23s ============');
process.exit(failed.length > 0 ? 1 : 0);
`;

/** Words of a small vocabulary, the same for the same seed. */
function prose(characters: number, seed: number): string {
  const words: string[] = [];
  let length = 0;
  let state = seed;
  while (length < characters) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const word = vocabulary[Math.floor(state / 65_536) % vocabulary.length] ?? 'axis';
    words.push(words.length % 14 === 13 ? `${word}.\n` : word);
    length += word.length + 1;
  }
  return words.join(' ').slice(0, characters);
}
