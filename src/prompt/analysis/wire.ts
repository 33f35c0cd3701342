/** A request of Claude Code, taken apart: which of its bytes are ours, and where the cache is told to look. Pure. */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import type { WireReport } from '../../model/prompt-wire-report.js';
import type { Prompt } from '../../model/prompt.js';

export interface RecordedCall {
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `parts`: of a prefix that is sent in several blocks. */
type SentPrompt = Pick<Prompt, 'prefix' | 'message'> & { readonly parts?: readonly string[] };

/** @throws ZodError or SyntaxError when the body is no request for a message. */
export function readWire(
  { path, headers, body }: RecordedCall,
  { prefix, message, parts = [prefix] }: SentPrompt,
  otherRequests: number,
): WireReport {
  const sent = requestSchema.parse(JSON.parse(body.toString('utf8')));
  const system = blocksOf(sent.system);
  const turns = sent.messages.flatMap(({ role, content }) =>
    blocksOf(content).map((block) => ({ role, block })),
  );
  const tools = sent.tools.map((tool) => ({ name: tool.name, bytes: jsonBytes(tool) }));
  const ownPart = (block: Block): string => parts.find((part) => holds([block], part)) ?? '';
  const systemBlocks = system.map((block) => ({ ...measured(block, ownPart(block)) }));
  const messages = turns.map(({ role, block }) => ({ role, ...measured(block, message) }));
  const inParts = [...tools, ...systemBlocks, ...messages].reduce((sum, { bytes }) => sum + bytes, 0);
  const ours = [...systemBlocks, ...messages].reduce((sum, block) => sum + block.ours, 0);
  return {
    ...{ bytes: body.length, path, model: sent.model, maxTokens: sent.max_tokens ?? null },
    ...{
      tools,
      system: systemBlocks,
      messages,
      rest: body.length - inParts,
      ours,
      boilerplate: body.length - ours,
    },
    breakpoints: [
      ...sent.tools.flatMap((tool) => breakpoint(`tool ${tool.name}`, tool.cache_control)),
      ...system.flatMap((block, at) => breakpoint(`system block ${at + 1}`, block.cache_control)),
      ...turns.flatMap(({ block }, at) => breakpoint(`message block ${at + 1}`, block.cache_control)),
    ],
    betas: (headers['anthropic-beta'] ?? '').split(',').filter((name) => name !== ''),
    client: headers['user-agent'] ?? null,
    holds: {
      prefix: parts.every((part) => holds(system, part)),
      message: holds(
        turns.map(({ block }) => block),
        message,
      ),
    },
    otherRequests,
  };
}

const cacheControl = z.looseObject({ ttl: z.enum(['5m', '1h']).default('5m') }).nullish();

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  cache_control: cacheControl,
});

type Block = z.output<typeof blockSchema>;

const contentSchema = z.union([z.string(), z.array(blockSchema)]);

const requestSchema = z.looseObject({
  model: z.string(),
  max_tokens: z.number().nullish(),
  system: contentSchema.default([]),
  tools: z.array(z.looseObject({ name: z.string(), cache_control: cacheControl })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })),
});

function blocksOf(content: z.output<typeof contentSchema>): readonly Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function measured(block: Block, own: string): WireReport['system'][number] {
  const bytes = jsonBytes(block);
  const text = block.text ?? '';
  const at = own === '' ? -1 : text.indexOf(own);
  if (at === -1) return { bytes, ours: 0, begins: firstWords(text || block.type) };
  const rest = `${text.slice(0, at)} ${text.slice(at + own.length)}`;
  return { bytes, ours: jsonBytes(own) - 2, begins: firstWords(rest) };
}

function firstWords(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= 48 ? plain : `${plain.slice(0, 47)}…`;
}

function holds(blocks: readonly Block[], own: string): boolean {
  return blocks.some(({ text }) => text?.includes(own) === true);
}

function breakpoint(at: string, control: z.output<typeof cacheControl>): WireReport['breakpoints'] {
  return control == null ? [] : [{ at, ttl: control.ttl }];
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
