/** Files cut into blocks, and what comes back written into them. Offsets count UTF-16 code units, as strings do. */

/** What a block is: the pre-filter goes by it. */
export const blockKinds = [
  'file',
  'section',
  'frontmatter',
  'heading',
  'paragraph',
  'image',
  'list',
  'quote',
  'code',
  'table',
  'html',
  'definition',
  'rule',
  'docstring',
  'function',
  'class',
  'match',
] as const;

export type BlockKind = (typeof blockKinds)[number];

export interface Block {
  /**
   * Says where the block stands, not what it says: `usage/2`, `Chart.draw`. No other block of the file has it. Percent-encode it
   * where it becomes part of a ref or a path.
   */
  readonly key: string;
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
  /** Exactly what the file has from `start` to `end`. */
  readonly text: string;
  /** What a reader is shown, and answers in the form of: without indentation and comment signs, lines ending in `\n`. */
  readonly content: string;
  /** What places it: `Usage > Options`, `class Chart: > def draw(self):`. */
  readonly context?: string;
  /** How an answer is written in the block's place. */
  readonly fit: BlockFit;
  /** What of its form an answer must keep, for instance `a heading of level 2`. */
  readonly shape: string;
}

export interface BlockFit {
  /** What stands before the content and after it, within the block: blank lines, indentation. */
  readonly lead: string;
  readonly tail: string;
  /** Begins every line after the first. */
  readonly margin: string;
  readonly lineEnd: string;
  /** Whether something else stands on the block's only line, so that the answer must be one line as well. */
  readonly isOneLine: boolean;
  /** The lead and the tail of what was one line and becomes several; null: as they were. */
  readonly grown: { readonly lead: string; readonly tail: string } | null;
  /** The delimiters around the block, which are no part of it; an answer often repeats them. */
  readonly delimiters: readonly [open: string, close: string] | null;
}

/** Where blocks come from. */
export type BlockSource =
  | { readonly by: 'file' }
  /** `blocks`: what stands at the top level; `leaves`: paragraphs and the like, also those within lists and quotes. */
  | { readonly by: 'markdown'; readonly depth: 'blocks' | 'leaves' }
  /** From a heading of this level or above to the next one; what is below belongs to it. */
  | { readonly by: 'markdown'; readonly depth: 'sections'; readonly level: number }
  /** `docs`: docstrings and doc comments; `functions`: the outermost; `declarations`: what a module declares at its top level. */
  | { readonly by: 'code'; readonly select: 'docs' | 'functions' | 'declarations' }
  /** A regular expression (flags `m` and `u`); the region is its group `block`, or the first; a group `key` names it. */
  | { readonly by: 'pattern'; readonly pattern: string };

/** Ends of the names of files whose code is known. */
export const codeExtensions = [
  ...(['py', 'pyi', 'ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx'] as const),
  ...(['java', 'go', 'rs', 'c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'php'] as const),
] as const;

export type CodeExtension = (typeof codeExtensions)[number];

/** A file with its blocks in order of place; no two overlap. */
export interface SplitFile {
  readonly path: string;
  readonly text: string;
  readonly source: BlockSource;
  readonly blocks: readonly Block[];
  /** Places where the parser found no sense; an answer must not add any. */
  readonly faults: number;
}

/** A result that is not written, since it would change more than its block. */
export interface Unfit {
  readonly kind: 'unfit';
  readonly key: string;
  /** Goes on from "the result for usage/2 …". */
  readonly reason: string;
}

export interface Applied {
  readonly text: string;
  readonly unfit: readonly Unfit[];
}

/** A file of a target, cut into its blocks. */
export interface BlockFile {
  /** The name that its path captured: `{item}`. */
  readonly name: string;
  readonly split: SplitFile;
}

/** A block as an item of a plan. */
export interface BlockItem {
  /** `guide#usage/2`; the file's name alone where the file is the block. */
  readonly id: string;
  readonly file: BlockFile;
  readonly block: Block;
}

/** Cuts a file; RegenError `config` when the source says nothing about it. */
export type SplitInto = (text: string, source: BlockSource, path: string) => Promise<SplitFile>;

/** In the files' order, and in that of their blocks. */
export function blockItems(files: readonly BlockFile[]): readonly BlockItem[] {
  return files.flatMap((file) =>
    file.split.blocks.map((block) => ({
      id: block.kind === 'file' ? file.name : `${file.name}#${shortened(block.key)}`,
      file,
      block,
    })),
  );
}

/** Headings can be as long as paragraphs, and an id is part of the names of files and branches. */
const longestKey = 60;
/** Bytes of a key as such names have it. */
const longestEncoded = 2 * longestKey;

function shortened(key: string): string {
  if (key.length <= longestKey && encodedLength(key) <= longestEncoded) return key;
  let kept = key.replace(/[^A-Za-z0-9/._-]+/g, '-').slice(0, longestKey);
  while (encodedLength(kept) > longestEncoded) kept = kept.slice(0, -1);
  return `${kept}~${fingerprint(key)}`;
}

/** At most what `encodeId` makes of it, which encodes more than the built-in does and takes much longer. */
function encodedLength(key: string): number {
  return encodeURIComponent(key.replace(/[!~*'().]/g, '/')).length;
}

/** FNV-1a, 32 bits, in hex: tells long keys apart that begin alike. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
