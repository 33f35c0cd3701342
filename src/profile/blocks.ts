/** How much of a prompt the content of a record takes, in characters. */
import { fieldsOf, isFields, listOf } from './json.js';

/** An image or a document costs about 1,590 tokens (1,092 px squared / 750), whatever the length of its base64. */
const imageCharacters = Math.round(1590 * 3.5);

/** The content of a tool result or a prompt: a text, or a list of blocks. */
export function charactersOf(content: unknown): number {
  if (typeof content === 'string') return content.length;
  return listOf(content).reduce<number>((sum, block) => sum + blockCharacters(block), 0);
}

function blockCharacters(block: unknown): number {
  const { type, text, content } = fieldsOf(block);
  if (typeof text === 'string') return text.length;
  if (type === 'image' || type === 'document') return imageCharacters;
  return content === undefined ? 0 : charactersOf(content);
}

/** The texts of a content, joined; for one that is a text, the text itself. */
export function plainText(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts = listOf(content).flatMap((block) => {
    const { text } = fieldsOf(block);
    return typeof text === 'string' ? [text] : [];
  });
  return texts.length === 1 ? (texts[0] ?? '') : texts.join('\n');
}

/** Of everything that is text in a value, however deep. */
export function charactersWithin(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value))
    return value.reduce<number>((sum: number, each: unknown) => sum + charactersWithin(each), 0);
  if (!isFields(value)) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + charactersWithin(each), 0);
}
