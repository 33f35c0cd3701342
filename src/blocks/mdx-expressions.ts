/** Braces in MDX that hold no JavaScript. */
import { parser } from '@lezer/javascript';
import type { Block } from '../model/block.js';
import { withoutCode } from './markdown-parser.js';
import { scanMdx } from './mdx-scan.js';
import { shown } from './refusal.js';
import type { Splitter } from './region.js';

/** The splitter, with an eye on what results have between braces: only this needs JavaScript's grammar. */
export function lookingAtExpressions(splitter: Splitter): Splitter {
  return {
    ...splitter,
    objection: (text, block, written) =>
      splitter.objection?.(text, block, written) ?? expressionObjection(block, written),
  };
}

/** A page may have braces of another meaning, such as `{#id}` of a heading: where a block has some, it may have others. */
function expressionObjection(block: Block, written: string): string | null {
  if (block.kind === 'code' || block.kind === 'frontmatter') return null;
  if (noExpression(shown(block, block.text)) !== undefined) return null;
  const found = noExpression(shown(block, written));
  return found === undefined
    ? null
    : `holds {${found}}, which is no JavaScript expression, and MDX refuses it`;
}

function noExpression(markdown: string): string | undefined {
  if (!markdown.includes('{')) return undefined;
  return scanMdx(withoutCode(markdown)).expressions.find((inner) => !isExpression(inner));
}

/** Nothing but comments is one, too. */
function isExpression(inner: string): boolean {
  const code = inner.replaceAll(/\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\r\n]*[\r\n]/g, ' ');
  if (code.trim() === '') return true;
  let isSound = true;
  script.parse(`(${inner}\n)`).iterate({
    enter: ({ type }) => {
      if (type.isError) isSound = false;
    },
  });
  return isSound;
}

const script = parser.configure({ dialect: 'jsx' });
