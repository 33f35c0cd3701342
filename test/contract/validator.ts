/** Prism as a validating proxy: our requests pass through it to a server that plays back the recorded answers. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Exchange, Reply } from '../support/forge-exchanges.js';

const violations = z.array(
  z.object({
    /** `request` or `response` first, then where in it. */
    location: z.array(z.union([z.string(), z.number()])),
    message: z.string(),
  }),
);

export type Violation = z.output<typeof violations>[number];

export interface Validator {
  /** One exchange at a time. */
  check(exchange: Exchange): Promise<readonly Violation[]>;
  stop(): Promise<void>;
}

/** @param folder - where Prism and the description are installed. */
export async function startValidator(folder: string): Promise<Validator> {
  const playback = await startPlayback();
  const description = path.join(folder, 'node_modules/@octokit/openapi/generated/api.github.com.json');
  const prism = await startPrism(path.join(folder, 'node_modules/.bin/prism'), description, playback.url);
  return {
    async check({ method, url, accept, body, reply }) {
      playback.next(reply);
      const response = await fetch(`${prism.url}${url}`, {
        method,
        headers: { accept, 'content-type': 'application/json' },
        ...(body !== null && { body: JSON.stringify(body) }),
      });
      await response.arrayBuffer();
      const found = response.headers.get('sl-violations');
      if (response.status === reply.status) return found === null ? [] : readViolations(found);
      // Prism didn't get as far as the playback: it knows no such route.
      return [{ location: ['request'], message: `not in the description (${response.status})` }];
    },
    async stop() {
      await prism.stop();
      await playback.stop();
    },
  };
}

/** Those of the request come first; a long list is cut off anywhere. */
function readViolations(header: string): readonly Violation[] {
  const list = header.replace('Too many violations! ', '');
  const whole = list === header ? list : `${list.slice(0, list.lastIndexOf('},{'))}}]`;
  return violations.parse(JSON.parse(whole));
}

async function startPlayback() {
  let current: Reply | null = null;
  const server = createServer((request, response) => {
    request.resume();
    const { status, headers, body } = current ?? { status: 599, headers: {}, body: null };
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(body === null ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}`,
    next(reply: Reply) {
      current = reply;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function startPrism(binary: string, description: string, upstream: string) {
  const args = [
    'proxy',
    description,
    upstream,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--verboseLevel',
    'info',
  ];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stdout.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      stop: async () => {
        child.kill();
        await closed;
      },
    };
  }
  throw new Error('Prism ended before it listened');
}
