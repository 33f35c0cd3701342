/** JSON over HTTP on loopback. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from './forge-exchanges.js';

export interface ForgeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; null when there was none. */
  readonly body: unknown;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The connection breaks off, or it stays without an answer. */
export type NoReply = 'reset' | 'hang';

export type Desk = (request: ForgeRequest, incoming: IncomingMessage) => Promise<Reply | NoReply>;

interface JsonServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function serveJson(desk: Desk): Promise<JsonServer> {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const reply = await desk(await readRequest(incoming), incoming);
    if (reply === 'reset') incoming.socket.destroy();
    else if (reply !== 'hang') send(outgoing, reply);
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      send(outgoing, { status: 599, headers: {}, body: { message: String(error) } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ForgeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer); // no encoding is set
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const body: unknown = text === '' ? null : JSON.parse(text);
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body,
    at: Date.now(),
  };
}

function send(outgoing: ServerResponse, { status, headers, body }: Reply): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(body === null ? '' : JSON.stringify(body));
}
