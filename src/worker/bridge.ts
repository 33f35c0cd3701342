/** From MCP servers to the provider's tools: what the model of the worker is given besides its prompt. */
import { rm } from 'node:fs/promises';
import { mcpTool } from '@anthropic-ai/sdk/helpers/beta/mcp';
import type { MCPToolLike } from '@anthropic-ai/sdk/helpers/beta/mcp';
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool';
import type { BetaTool } from '@anthropic-ai/sdk/resources/beta/messages';
import { createMask } from '../system/mask.js';
import type { Mask } from '../system/mask.js';
import type { Marker } from '../system/processes.js';
import { makeScratch } from '../system/temporaries.js';
import type { McpServerConfig } from './mcp-connection.js';
import { connectServer } from './mcp-server.js';
import type { McpServer } from './mcp-server.js';
import { chosenTools, providerName, sortedTools } from './tool-names.js';
import { presentable } from './tool-result.js';
import { mostTokens } from './tool-room.js';

/** A tool of ours, without a server in between. */
export interface OwnTool {
  readonly definition: {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: {
      readonly type: 'object';
      readonly properties?: Readonly<Record<string, object>>;
      readonly required?: readonly string[];
    };
  };
  call(input: unknown, signal: AbortSignal): Promise<{ readonly text: string; readonly isError?: true }>;
}

export interface BridgePlace {
  /** `worker.mcp.servers`. */
  readonly servers: Readonly<Record<string, McpServerConfig>>;
  /** Given to the model as tools of a server named `regen`. */
  readonly own?: readonly OwnTool[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the servers are started, absolute. */
  readonly cwd: string;
  /** Ours, as the servers are told it. */
  readonly version: string;
  /** By it a later sweep finds servers that outlived a kill; left out: they go by the end of their input alone. */
  readonly marker?: Marker;
}

/** A tool of the provider's API, and what is done when the model calls it. */
export type ProviderTool = BetaTool & Pick<BetaRunnableTool<Record<string, unknown>>, 'run' | 'parse'>;

export interface Bridge extends AsyncDisposable {
  /** By name: the same bytes for every call. */
  readonly tools: readonly ProviderTool[];
  /** What their definitions take of every request, at the most. */
  readonly tokens: number;
  /** Ends every server that was started; when it returns, they and all that they started are gone. */
  close(): Promise<void>;
}

/**
 * Connects to every server at once.
 *
 * @throws RegenError `environment` when one of them doesn't start or answer, `config` when a listed tool is not there.
 */
export async function openBridge(place: BridgePlace, signal: AbortSignal): Promise<Bridge> {
  const { servers, own = [], ...rest } = place;
  const mask = createMask(place.env);
  const home = await makeScratch('mcp');
  const givingUp = new AbortController();
  const either = AbortSignal.any([signal, givingUp.signal]);
  const connecting = Object.entries(servers).map(([name, config]) =>
    connectServer({ ...rest, name, config, home, mask }, either),
  );
  const close = async (): Promise<void> => {
    givingUp.abort(); // who isn't there yet needs not come
    const connected = await Promise.allSettled(connecting);
    await Promise.all(connected.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
    await rm(home, { recursive: true, force: true });
  };
  try {
    const connected = await Promise.all(connecting);
    const ofServers = Object.entries(servers).flatMap(([name, config], index) =>
      toolsOf({ name, mask, listed: config.tools, source: connected[index] }),
    );
    const tools = sortedTools([
      ...ofServers,
      ...toolsOf({ name: 'regen', mask, source: inProcess(own, mask) }),
    ]);
    return { tools, tokens: mostTokens(JSON.stringify(tools)), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Source = Pick<McpServer, 'call'> & { readonly tools: readonly MCPToolLike[] };

interface Translating {
  /** The server's. */
  readonly name: string;
  readonly mask: Mask;
  readonly listed?: readonly string[] | undefined;
  readonly source: Source | undefined;
}

function toolsOf({ name: server, mask, listed, source }: Translating): readonly ProviderTool[] {
  if (source === undefined) return [];
  return chosenTools(server, source.tools, listed).map((tool) => {
    const { description, inputSchema: schema } = masked(tool, mask);
    // As the client translates them, tools can't be broken off: so one for each call.
    const at = (signal: AbortSignal) =>
      mcpTool(tool, {
        callTool: async ({ name, arguments: input = {} }) =>
          presentable(await source.call(name, input, signal), mask),
      });
    return {
      name: providerName(server, tool.name),
      ...(description === undefined ? {} : { description }),
      // Not every endpoint takes the null that would stand for what a server leaves out.
      input_schema: {
        ...schema,
        properties: schema.properties ?? {},
        required: [...(schema.required ?? [])],
      },
      parse: (input) => at(never).parse(input),
      run: (input, context) => at(context?.signal ?? never).run(input),
    };
  });
}

const never = new AbortController().signal;

/** What a server says of its tools is as little known as what they answer. */
function masked<Told extends object>(told: Told, mask: Mask): Told {
  const inTexts = (_: string, value: unknown): unknown => (typeof value === 'string' ? mask(value) : value);
  return JSON.parse(JSON.stringify(told), inTexts) as Told; // the same but for its texts
}

function inProcess(own: readonly OwnTool[], mask: Mask): Source {
  return {
    tools: own.map(({ definition: { name, description, inputSchema } }) => {
      const { properties = {}, required = [] } = inputSchema;
      return { name, description, inputSchema: { type: 'object', properties, required } };
    }),
    async call(name, input, signal) {
      const tool = own.find(({ definition }) => definition.name === name);
      if (tool === undefined) throw new Error(`no tool is named ${name}`);
      try {
        const { text, isError = false } = await tool.call(input, signal);
        return { content: [{ type: 'text', text }], isError };
      } catch (error) {
        throw new Error(mask(error instanceof Error ? error.message : String(error)), { cause: error });
      }
    },
  };
}
