/** Lines of a prompt that look as if they changed from one request to the next. Guesses, each with its reason. Pure. */
import { cut } from '../../model/excerpt.js';
import type { DynamicKind, Evidence } from '../../model/prompt-file-report.js';

/** One piece of evidence per line, the strongest; what stands in code is told, and doesn't count. */
export function findDynamicLines(lines: readonly string[]): readonly Evidence[] {
  let fence: string | null = null;
  return lines.flatMap((line, index) => {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) {
      fence = fence === null ? mark : null;
      return [];
    }
    const found = findIn(line, fence !== null);
    return found === null ? [] : [{ line: index + 1, ...found }];
  });
}

/** A heading of what is different each time, with the rest of its line. */
export function isSection(line: string): boolean {
  return sectionPattern.test(line);
}

type Found = Omit<Evidence, 'line'>;

function findIn(line: string, isCode: boolean): Found | null {
  const plain = isCode ? '' : line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
  return firstOf(plain, true) ?? firstOf(line, false);
}

function firstOf(text: string, counts: boolean): Found | null {
  for (const [kind, pattern] of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: cut(found.trim(), 60), counts };
  }
  return null;
}

const sectionNames = [
  ...['(?:current |your |the )?task(?: description)?', '(?:current )?working directory', 'current directory'],
  ...[
    'project (?:root|directory|path)',
    'cwd',
    "(?:today[’']s |current )date",
    'timestamp',
    'session(?: id)?',
  ],
  ...['run id', 'user (?:request|input|prompt)'],
].join('|');

/** `Task: …`, `**Working directory:** …`, `## Task`. */
const sectionPattern = new RegExp(
  `^\\s{0,3}(?:#{1,6}\\s+(?:${sectionNames})\\s*:?\\s*$|(?:#{1,6}\\s+|[-*]\\s+)?(?:\\*\\*)?(?:${sectionNames})(?:\\*\\*)?:)`,
  'i',
);

/** Folders of one machine; those of every system (`/usr/bin`) are the same everywhere. */
const ownRoots =
  'home|Users|root|tmp|var/folders|private|mnt|media|srv|work|workspace|workspaces|repo|repos|build|data';

const patterns: readonly (readonly [DynamicKind, RegExp])[] = [
  ['section', sectionPattern],
  // Not `${x}` (a variable), `{}` or a brace of JSON; `{{x}}` and `{x}` are what templates fill in.
  ['placeholder', /\{\{\s*[A-Za-z_][\w.-]*\s*\}\}|(?<![$\w{])\{[A-Za-z_][\w.-]*\}(?!\})/],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i],
  ['time', /\b\d{4}-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d\S*/],
  ['date', /\b(?:19|20)\d\d-[01]\d-[0-3]\d\b/],
  ['path', new RegExp(`(?<![\\w.:/~-])/(?:${ownRoots})(?:/[^\\s\`"'<>()]*)+|\\b[A-Z]:\\\\[^\\s"']+`)],
  ['variable', /\$\{[A-Za-z_]\w*\}|\$[A-Z_][A-Z0-9_]*\b/],
];
