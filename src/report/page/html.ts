/** Markup in which every text is escaped, unless it is markup itself. */

/** Markup that goes into the page as it stands; only `markup` and `markup` make it. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template; null leaves nothing. */
export type Part = Html | string | number | null | readonly Part[];

/** A template whose texts are escaped: markup`<p>${text}</p>`. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((string, index) => string + written(parts[index] ?? null)).join(''));
}

/** Of a text that is markup already: a chart, a style sheet. */
export function raw(text: string): Html {
  return new Html(text);
}

/** Nothing. */
export const nothing = new Html('');

/** The text with nothing left in it that steers a page or a reader's eye: ids and reasons come from anywhere. */
export function harmless(text: string): string {
  return text.replace(/(?!\n)\p{Cc}|\p{Bidi_Control}|\p{Cs}/gu, '\uFFFD');
}

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'number') return String(part);
  return typeof part === 'string' ? escaped(part) : part.map(written).join('');
}

function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
