/** Token estimates of the scripted model: characters / 3.5, within 5 % of real tokenizers on code and prose. */

const charactersPerToken = 3.5;

/** An image costs about this much whatever its base64 length (1,092 px squared / 750). */
const imageTokens = 1590;

export function textTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** The text's beginning, as much as so many tokens hold. */
export function textWithin(text: string, tokens: number): string {
  return text.slice(0, Math.floor(tokens * charactersPerToken));
}

/** A block of a prompt: its text, or its JSON when it is anything else. */
export function blockTokens(block: Readonly<Record<string, unknown>>): number {
  if (block['type'] === 'image' || block['type'] === 'document') return imageTokens;
  return textTokens(typeof block['text'] === 'string' ? block['text'] : JSON.stringify(block));
}
