/** A connection to an MCP server: to a child of ours over its stdin and stdout, or over HTTP. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { WorkerConfig } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import { checkEnvironment } from '../system/environment.js';
import type { Mask } from '../system/mask.js';
import type { Marker } from '../system/processes.js';
import { stdioServer } from './stdio-server.js';

export type McpServerConfig = NonNullable<WorkerConfig['mcp']>['servers'][string];

/** A server of `worker.mcp.servers`, and where it is started. */
export interface ServerPlace {
  readonly name: string;
  readonly config: McpServerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Its HOME, unless its `env` names HOME. */
  readonly home: string;
  /** Ours, as the server is told it. */
  readonly version: string;
  /** What a later sweep knows the server by; left out: one of its own. */
  readonly marker?: Marker | undefined;
  readonly mask: Mask;
}

export interface Connection {
  readonly client: Client;
  open(signal: AbortSignal): Promise<void>;
  /** The end of what a child wrote to stderr. */
  said(): string;
  /** When it returns, a child and all that it started are gone. */
  close(): Promise<void>;
}

export function connectionTo(place: ServerPlace): Connection {
  const { config, name, version } = place;
  const client = new Client({ name: 'regen', version });
  const options = (signal: AbortSignal) => ({ signal, timeout: config.timeout });
  if (config.command !== undefined) {
    const transport = stdioServer(childOf(place, config.command));
    return {
      client,
      open: (signal) => client.connect(transport, options(signal)),
      said: () => transport.said(),
      close: () => transport.close(),
    };
  }
  if (config.url !== undefined) {
    const transport = new StreamableHTTPClientTransport(new URL(config.url), {
      requestInit: { headers: headersFor(place) },
    });
    return {
      client,
      open: (signal) => client.connect(transport, options(signal)),
      said: () => '',
      close: () => endSession(client, transport),
    };
  }
  throw new RegenError(
    'config',
    `worker.mcp.servers.${name} says neither how it is started nor where it is`,
    {
      hint: 'Write its command, or its url.',
    },
  );
}

/** @throws RegenError `environment` when a variable that holds one isn't set. */
function headersFor({ name, config, env }: ServerPlace): Record<string, string> {
  const headers = Object.entries(config.headers).map(([header, variable]): [string, string] => {
    const value = env[variable];
    if (value !== undefined && value !== '') return [header, value];
    throw new RegenError(
      'environment',
      `${variable} is not set: worker.mcp.servers.${name} sends it as ${header}`,
      {
        hint: `Set ${variable}, or take the header out of regen.yaml.`,
      },
    );
  });
  return Object.fromEntries(headers);
}

function childOf({ config, cwd, env, home, marker: given }: ServerPlace, command: readonly string[]) {
  const marker = given ?? (`REGEN_MCP_SERVER=${randomUUID()}` as const);
  const [variable = '', value = ''] = marker.split('=');
  const settings = { [variable]: value };
  return { command, cwd, env: checkEnvironment(env, { names: config.env, home, settings }), marker };
}

/** A server may be slow to hear that nobody needs the session any more, or be gone itself. */
async function endSession(client: Client, transport: StreamableHTTPClientTransport): Promise<void> {
  const waiting = new AbortController();
  const late = delay(1000, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([transport.terminateSession().catch(() => undefined), late]);
  waiting.abort();
  await client.close();
}
