/** What a tool answered, as the model may have it: without secrets, and not longer than a conversation can bear. Pure. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Mask } from '../system/mask.js';

type Part = CallToolResult['content'][number];

/** Characters of all texts of one result together. */
const longestResult = 16_000;

/** Base64 of about 3.7 MB: the API takes no larger image. */
const longestImage = 5_000_000;

/** The kinds that the API takes within a tool's result. */
const imageTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Texts and images; what else there was is named. */
export function presentable(result: CallToolResult, mask: Mask): CallToolResult {
  const { structuredContent, isError } = result;
  const isEmpty = result.content.length === 0 && structuredContent !== undefined;
  const given: readonly Part[] = isEmpty ? [textOf(JSON.stringify(structuredContent))] : result.content;
  const parts = given.map(plain).map((part) => (part.type === 'text' ? textOf(mask(part.text)) : part));
  return { content: shortened(parts), ...(isError === undefined ? {} : { isError }) };
}

function plain(part: Part): Part {
  switch (part.type) {
    case 'text':
      return textOf(part.text);
    case 'image':
      return imageTypes.has(part.mimeType) && part.data.length <= longestImage
        ? { type: 'image', data: part.data, mimeType: part.mimeType }
        : leftOut(`an image of type ${part.mimeType}, ${part.data.length} characters`);
    case 'audio':
      return leftOut(`audio of type ${part.mimeType}`);
    case 'resource_link':
      return textOf(`${part.name}: ${part.uri}`);
    case 'resource':
      return 'text' in part.resource ? textOf(part.resource.text) : leftOut(`the file ${part.resource.uri}`);
  }
}

function textOf(text: string): Extract<Part, { type: 'text' }> {
  return { type: 'text', text };
}

function leftOut(what: string): Part {
  return textOf(`(left out: ${what})`);
}

function shortened(parts: readonly Part[]): Part[] {
  const all = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
  if (all <= longestResult) return [...parts];
  const note = textOf(
    `(cut: the result has ${all} characters, and ${longestResult} is the limit. Ask for less, or for a part.)`,
  );
  let room = longestResult;
  const kept = parts.flatMap((part): Part[] => {
    if (part.type !== 'text') return [part];
    // A surrogate pair stays whole.
    const text = part.text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '');
    room -= text.length;
    return text === '' ? [] : [textOf(text)];
  });
  return [...kept, note];
}
