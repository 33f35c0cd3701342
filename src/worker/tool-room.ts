/** What tools answered, as far as there is room for it under `worker.mcp.maxTokens`. Pure. */
import type {
  BetaContentBlockParam,
  BetaToolResultBlockParam,
  BetaUserMessageParam,
} from '@anthropic-ai/sdk/resources/beta/messages';

/** More than prose and code have, in any script; rows of digits, ids and single characters may have up to thrice as many. */
const bytesPerToken = 3;

export function mostTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** What stands around each result, and the note that takes the place of what is cut. */
export const resultTokens = 100;

/** More than any image takes: the API scales larger ones down. */
const imageTokens = 5000;

export interface FittedResults {
  /** null: there is nothing to answer. */
  readonly message: BetaUserMessageParam | null;
  /** Of what is in the results. */
  readonly tokens: number;
}

/** The results in their order, as many tokens of them as there is room for; what is left out is said. */
export function withinRoom(message: BetaUserMessageParam | null, room: number): FittedResults {
  if (message === null || typeof message.content === 'string') return { message, tokens: 0 };
  const left = { tokens: Math.max(0, room) };
  const content = message.content.map((block): BetaContentBlockParam =>
    block.type === 'tool_result' ? { ...block, content: fitted(partsOf(block), left) } : block,
  );
  return { message: { ...message, content }, tokens: Math.max(0, room) - left.tokens };
}

type Parts = Exclude<BetaToolResultBlockParam['content'], string | undefined>;

function partsOf({ content = [] }: BetaToolResultBlockParam): Parts {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

const note = '(cut: worker.mcp.maxTokens leaves no room for more. Answer with what is here.)';

function fitted(parts: Parts, left: { tokens: number }): Parts {
  const kept = parts.flatMap((part): Parts => {
    const size = sizeOf(part);
    const room = left.tokens;
    left.tokens -= Math.min(size, room);
    if (size <= room) return [part];
    const text = part.type === 'text' ? beginning(part.text, room * bytesPerToken) : '';
    return text === '' ? [] : [{ type: 'text', text }];
  });
  const isWhole = kept.length === parts.length && kept.every((part, index) => part === parts[index]);
  return isWhole ? kept : [...kept, { type: 'text', text: note }];
}

function sizeOf(part: Parts[number]): number {
  if (part.type === 'image') return imageTokens;
  return mostTokens(part.type === 'text' ? part.text : JSON.stringify(part));
}

/** So many bytes of a text at most; a character stays whole. */
function beginning(text: string, bytes: number): string {
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
