/**
 * The marks around texts that come out of the repository: they say where a text comes from, and between them it stands
 * unchanged. Whatever it holds, taking the marks off gives it back byte for byte. Pure.
 */

/** A `review` is what a file says in some of its keys, so it isn't disclosed as the file's text. */
type TagName = 'file' | 'task' | 'review' | 'item';

/** A text and the file that it comes from, or what it is. */
export interface Enclosed {
  readonly path: string;
  readonly text: string;
}

/** The text between its marks. A text that holds the closing mark gets another one: `file-2`, and so on. */
export function enclose({ path, text }: Enclosed, name: TagName = 'file'): string {
  const tag = freeTag(name, text);
  const attribute = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<${tag} path="${attribute}">\n${text}\n</${tag}>`;
}

/** A block among others, under the number by which its answer names it. Attributes say where it stands, and are left out when empty. */
export function encloseBlock(
  { id, text }: { readonly id: string; readonly text: string },
  attributes: Readonly<Record<string, string>>,
): string {
  const tag = freeTag('block', text);
  const told = Object.entries({ id, ...attributes })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `<${tag}${told.join('')}>\n${text}\n</${tag}>`;
}

/** What is demanded of the block of that number, beside it. */
export function encloseDemand(id: string, text: string): string {
  const tag = freeTag('must', text);
  return `<${tag} id="${escaped(id)}">${text}</${tag}>`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\n', ' ');
}

/** The enclosed texts of a prefix or a message, as they stand in their sources; what is between them is regen's own. */
export function disclose(prompt: string): readonly Enclosed[] {
  const found: Enclosed[] = [];
  const opening = /(?<=^|\n\n)<((?:file|task)(?:-\d+)?) path="([^"]*)">\n/g;
  for (let open = opening.exec(prompt); open !== null; open = opening.exec(prompt)) {
    const [, tag = '', attribute = ''] = open;
    const closing = `\n</${tag}>`;
    const end = prompt.indexOf(closing, opening.lastIndex);
    if (end === -1) break;
    const path = attribute.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    found.push({ path, text: prompt.slice(opening.lastIndex, end) });
    opening.lastIndex = end + closing.length;
  }
  return found;
}

function freeTag(name: TagName | 'block' | 'must', text: string): string {
  let tag: string = name;
  for (let number = 2; text.includes(`</${tag}>`); number += 1) tag = `${name}-${number}`;
  return tag;
}
