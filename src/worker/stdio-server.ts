/** An MCP server as a child of ours, spoken to over its stdin and stdout, that ends for certain with all that it started. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { execa } from 'execa';
import { createFamily } from '../system/family.js';
import { register, signalGroup } from '../system/living.js';
import type { LivingChild } from '../system/living.js';
import type { Marker } from '../system/processes.js';
import { sweep } from '../system/sweep.js';

export interface ServerChild {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment; the marker is part of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly marker: Marker;
}

/** A transport of the MCP client. The client's own one neither reaches what a server starts nor leaves out our environment. */
export interface StdioServer extends Transport {
  /** The end of what it wrote to stderr. */
  said(): string;
}

/** How long each of the friendlier ways to end may take: the end of its input, then SIGTERM. */
const graceMs = 1000;

/** A server starts what it needs when it starts itself; whoever comes later and drops its environment is seen by this. */
const lookMs = 1000;

/** Characters of stderr that are kept. */
const longestSaid = 4000;

export function stdioServer({ command, cwd, env, marker }: ServerChild): StdioServer {
  let child: Child | null = null;
  let gone: Promise<void> = Promise.resolve();
  let look: () => void = () => undefined;
  let said = '';
  const transport: StdioServer = {
    async start() {
      const started = spawn({ command, cwd, env });
      if (started.pid === undefined) throw new Error(await whyNot(started));
      child = started;
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-longestSaid);
      });
      const family = createFamily(started.pid);
      look = () => {
        family.look();
      };
      gone = ending(started, { pid: started.pid, family, marker }).finally(() => {
        child = null;
        transport.onclose?.();
      });
      readFrom(started, transport);
    },
    send: (message) =>
      child === null ? Promise.reject(new Error('it has ended')) : write(child, serializeMessage(message)),
    async close() {
      if (child?.pid === undefined) return gone;
      const { pid } = child;
      look();
      child.stdin.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (await isOver(gone)) return;
        signalGroup(pid, signal);
      }
      await gone;
    },
    said: () => said,
  };
  return transport;
}

type Child = ReturnType<typeof spawn>;

function spawn({ command: [file = '', ...args], cwd, env }: Omit<ServerChild, 'marker'>) {
  return execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    detached: true, // a group of its own, so that all of it can be signalled
    buffer: false,
    reject: false,
  });
}

async function whyNot(child: Child): Promise<string> {
  const { cause } = await child;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Resolves when the child and what it started are gone. */
async function ending(child: Child, living: LivingChild): Promise<void> {
  const { pid, family, marker } = living;
  const forget = register(living);
  family.look();
  const timer = setInterval(() => {
    family.look();
  }, lookMs).unref();
  try {
    await once(child, 'exit');
    signalGroup(pid, 'SIGKILL');
    await sweep(marker, family);
  } finally {
    clearInterval(timer);
    forget();
  }
}

function readFrom(child: Child, transport: StdioServer): void {
  const input = new ReadBuffer();
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      input.append(chunk);
    } catch (error) {
      // More than a message may have: whatever it is, it isn't the protocol.
      transport.onerror?.(asError(error));
      void transport.close();
      return;
    }
    while (readOne(input, transport));
  });
  // The end of the process says all that there is to say about a pipe.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
}

/** False when no whole line is left. A line that is no message is passed over: some servers print greetings. */
function readOne(input: ReadBuffer, transport: StdioServer): boolean {
  try {
    const message = input.readMessage();
    if (message === null) return false;
    transport.onmessage?.(message);
  } catch (error) {
    transport.onerror?.(asError(error));
  }
  return true;
}

function write(child: Child, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdin.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function isOver(gone: Promise<void>): Promise<boolean> {
  const waiting = new AbortController();
  const late = delay(graceMs, false, { signal: waiting.signal }).catch(() => false);
  const over = await Promise.race([gone.then(() => true), late]);
  waiting.abort();
  return over;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
