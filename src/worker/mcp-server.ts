/** One server of `worker.mcp.servers`: asked for its tools, called, and started again when it died. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { formatDuration } from '../model/duration.js';
import { RegenError } from '../model/errors.js';
import { firstIssue } from './issue-text.js';
import { connectionTo } from './mcp-connection.js';
import type { Connection, ServerPlace } from './mcp-connection.js';

export interface McpServer {
  readonly tools: readonly Tool[];
  /** What goes wrong is thrown, in words for the model. */
  call(name: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallToolResult>;
  /** When it returns, a child and all that it started are gone. */
  close(): Promise<void>;
}

/** @throws RegenError `environment` when the server doesn't start, or doesn't answer. */
export async function connectServer(place: ServerPlace, signal: AbortSignal): Promise<McpServer> {
  const { mask, config } = place;
  const line = lineTo(place);
  try {
    const tools = await listTools(await line.client(signal), {
      signal: own(signal),
      timeout: config.timeout,
    });
    return {
      tools,
      call: async (name, input, within) => {
        let client: Client | null = null;
        try {
          client = await line.client(within);
          const request = { method: 'tools/call' as const, params: { name, arguments: input } };
          const options = { signal: own(within), timeout: config.timeout };
          return await client.request(request, CallToolResultSchema, options);
        } catch (error) {
          // A server may answer with the code that the client has for a connection that is gone.
          const isGone = client?.transport === undefined;
          throw new Error(mask(wordsFor(error, place, isGone)), { cause: error });
        }
      },
      close: () => line.close(),
    };
  } catch (error) {
    await line.close();
    signal.throwIfAborted();
    throw error instanceof RegenError ? error : unavailable(place, error, line.said());
  }
}

/** The MCP client never takes its listener off a signal again: it gets one that nobody else holds. */
function own(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}

interface Line {
  /** Connected; after its server's death, anew. */
  client(signal: AbortSignal): Promise<Client>;
  said(): string;
  close(): Promise<void>;
}

function lineTo(place: ServerPlace): Line {
  let live: { readonly connection: Connection; readonly opened: Promise<void> } | null = null;
  const all: Connection[] = [];
  let isClosed = false;
  const forget = (connection: Connection): void => {
    if (live?.connection === connection) live = null;
  };
  return {
    async client(signal) {
      if (isClosed) throw new Error('nobody needs it any more');
      if (live === null) {
        const connection = connectionTo(place);
        all.push(connection);
        connection.client.onclose = () => {
          forget(connection);
        };
        live = { connection, opened: connection.open(own(signal)) };
      }
      const { connection, opened } = live;
      try {
        await opened;
      } catch (error) {
        forget(connection);
        await connection.close();
        throw error;
      }
      return connection.client;
    },
    said: () => all.at(-1)?.said() ?? '',
    close: async () => {
      isClosed = true;
      await Promise.all(all.map((each) => each.close()));
    },
  };
}

/** A server that always knows of another page is not asked for ever. */
const mostPages = 50;

async function listTools(
  client: Client,
  options: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<readonly Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
    tools.push(...answer.tools);
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

function wordsFor(error: unknown, { name, config }: ServerPlace, isGone: boolean): string {
  if (isTimeout(error)) return `${name} didn’t answer within ${formatDuration(config.timeout)}`;
  if (isGone && isCode(error, ErrorCode.ConnectionClosed)) return `${name} ended before it answered`;
  if (error instanceof McpError) return error.message;
  return unreadable(error) ?? `${name} can’t be reached: ${messageOf(error)}`;
}

function unavailable({ name, config, mask }: ServerPlace, error: unknown, said: string): RegenError {
  const where = config.command?.join(' ') ?? config.url ?? '';
  const last = said.trim().split('\n').slice(-3).join(' / ');
  const why = isTimeout(error)
    ? `it didn’t answer within ${formatDuration(config.timeout)}`
    : (unreadable(error) ?? messageOf(error));
  const message = `the MCP server ${name} (${where}) is not to be had: ${why}${last === '' ? '' : `; it said: ${last}`}`;
  return new RegenError('environment', mask(message), {
    hint: `Try it by hand, and look at worker.mcp.servers.${name} in regen.yaml: command, url, env and timeout.`,
    cause: error,
  });
}

/** null: it is no complaint of a schema. */
function unreadable(error: unknown): string | null {
  const issue = firstIssue(error);
  return issue === null ? null : `its answer can’t be read: ${issue}`;
}

/** The client's own: a server that answers with the same code knows nothing of our limit. */
function isTimeout(error: unknown): boolean {
  if (!isCode(error, ErrorCode.RequestTimeout)) return false;
  return limitSchema.safeParse(error.data).success;
}

const limitSchema = z.object({ timeout: z.number() });

function isCode(error: unknown, code: ErrorCode): error is McpError {
  return error instanceof McpError && error.code === code.valueOf();
}

/** `fetch failed` alone says nothing: why is in its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause.message : '';
  return inner === '' ? error.message : `${error.message}: ${inner}`;
}
