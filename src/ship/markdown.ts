/** Text of ids, plans and models, made harmless inside a pull request's Markdown. Pure. */
import { oneLine } from '../model/one-line.js';

/** What keeps GitHub from linking: it looks at the rendered text, where a backslash is gone again. */
const breaker = '&#8203;';

/**
 * One line of plain text: no Markdown, HTML, comment, mention, issue reference (`closes #1` would close it) or link.
 * What ordinary ids are made of stays as it is.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*{}[\]()|~$^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/@/g, `@${breaker}`)
    .replace(/(?<!&)#/g, `\\#${breaker}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${breaker}`)
    .replace(/:\/\//g, `:${breaker}//`)
    .replace(/\bwww\./gi, `www${breaker}.`)
    .replace(/^([-+=])/, '\\$1') // a list, a rule or an underlined heading, were it to stand first in its line
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** The value as a part of a URL's path. */
export function escapeUrlPart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
