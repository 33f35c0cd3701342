/** The Model Context Protocol over stdin and stdout. Nothing else may ever be written to stdout. */
import type { Readable, Writable } from 'node:stream';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { RegenError } from '../model/errors.js';
import { closest } from '../model/suggest.js';
import type { Mask } from '../system/mask.js';
import type { Tool, ToolAnswer } from './tool.js';
import { refusal } from './tool.js';

export interface Serving {
  readonly tools: readonly Tool[];
  readonly version: string;
  /** Every answer goes through it. */
  readonly mask: Mask;
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Serves until the client closes its end, or the signal says so; calls that are still at work are aborted then. */
export async function serve(
  { tools, version, mask, stdin, stdout }: Serving,
  signal: AbortSignal,
): Promise<void> {
  // The low-level server sends our schemas as they are; the other one would make longer ones out of zod's.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- meant for uses like this one, see above
  const server = new Server({ name: 'regen', version }, { capabilities: { tools: {} } });
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
  };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    // A list of the library's own kind: it may be written to.
    tools: tools.map(
      ({ definition }) => structuredClone(definition) as { name: string; inputSchema: { type: 'object' } },
    ),
  }));
  const running = new Set<Promise<unknown>>();
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = toolNamed(tools, params.name);
    const call = answerOf(tool, params.arguments, AbortSignal.any([ending.signal, extra.signal]));
    running.add(call);
    const { text, isError } = await call.finally(() => running.delete(call));
    return {
      content: [{ type: 'text' as const, text: mask(text) }],
      ...(isError === true ? { isError } : {}),
    };
  });
  stdin.once('end', end);
  stdin.once('close', end);
  signal.addEventListener('abort', end, { once: true });
  try {
    await server.connect(new StdioServerTransport(stdin, stdout));
    await aborted(AbortSignal.any([ending.signal, signal]));
    await Promise.allSettled(running); // what a call started ends with it
  } finally {
    signal.removeEventListener('abort', end);
    await server.close();
  }
}

function toolNamed(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find(({ definition }) => definition.name === name);
  if (tool !== undefined) return tool;
  const names = tools.map(({ definition }) => definition.name);
  const near = closest(name, names);
  const mend = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new McpError(ErrorCode.InvalidParams, `no tool ${JSON.stringify(name)}; ${mend}`);
}

/** What goes wrong in a tool is an answer: the model can do something about it, and the server goes on. */
async function answerOf(tool: Tool, input: unknown, signal: AbortSignal): Promise<ToolAnswer> {
  try {
    return await tool.call(input ?? {}, signal);
  } catch (error) {
    if (signal.aborted) return refusal('The call was broken off.');
    if (error instanceof RegenError) return refusal([error.message, error.hint].filter(Boolean).join('\n'));
    return refusal(`${tool.definition.name} failed: ${String(error)}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
