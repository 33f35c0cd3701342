/** Results after which Markdown has the same blocks, and a reader of the page doesn't. Pure. */
import { isMap, parseDocument } from 'yaml';
import type { Block } from '../model/block.js';
import { linesOf } from './lines.js';
import { htmlOf, withoutCode } from './markdown-parser.js';
import { isMdx, mdxObjection } from './mdx.js';
import { shown } from './refusal.js';

/** Why the result can't stand in the block's place; null when it can. */
export function markdownObjection(block: Block, written: string, path: string): string | null {
  if (block.kind === 'frontmatter') return frontMatterObjection(block.text, written);
  if (/^(?:code|indented code)$/.test(block.shape)) return null;
  const [was, will] = [shown(block, block.text), shown(block, written)];
  return isMdx(path) ? mdxObjection(withoutCode(was), withoutCode(will)) : htmlObjection(was, will);
}

/** TOML isn't looked at, nor what was no YAML before. */
function frontMatterObjection(was: string, written: string): string | null {
  if (!was.startsWith('---')) return null;
  const [before, after] = [readYaml(was), readYaml(written)];
  if (before.fault !== null) return null;
  if (after.fault !== null) return `would be front matter that is no YAML: ${after.fault}`;
  return before.isMap && !after.isMap ? 'would be front matter without a key' : null;
}

interface ReadYaml {
  readonly fault: string | null;
  readonly isMap: boolean;
}

function readYaml(frontMatter: string): ReadYaml {
  const yaml = linesOf(frontMatter).slice(1, -1).join('\n');
  const document = parseDocument(yaml, { prettyErrors: false });
  return { fault: document.errors[0]?.message ?? aliasFault(document), isMap: isMap(document.contents) };
}

/** An alias of nothing is seen only when values are asked for. */
function aliasFault(document: ReturnType<typeof parseDocument>): string | null {
  try {
    document.toJS({ mapAsMap: true });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function htmlObjection(was: string, written: string): string | null {
  if (!written.includes('<')) return null;
  const before = unclosed(htmlOf(was));
  const open = unclosed(htmlOf(written)).find((tag) => !before.includes(tag));
  return open === undefined ? null : `leaves ${open} unclosed, which takes in what follows on the page`;
}

/** Comments, and elements in which a browser sees no other tags or keeps lines as they are. */
function unclosed(html: string): readonly string[] {
  // Of all that is listed only pictures and formulas may end in themselves.
  const rest = html.replaceAll(/<!--[^]*?-->|<(?:svg|math)(?:\s[^<>]*)?\/>/gi, '');
  const count = (pattern: string): number => rest.match(new RegExp(pattern, 'gi'))?.length ?? 0;
  const open = swallowing.filter((name) => count(`<${name}(?=[\\s/>])`) > count(`</${name}\\s*>`));
  return [...(rest.includes('<!--') ? ['<!--'] : []), ...open.map((name) => `<${name}>`)];
}

const swallowing = [
  ...['script', 'style', 'pre', 'textarea', 'title', 'iframe', 'xmp', 'plaintext'],
  ...['noscript', 'noembed', 'noframes', 'select', 'template', 'svg', 'math'],
];
