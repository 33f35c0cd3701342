/** An endpoint that answers whatever bytes a test wants, and tells what it was asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** null: there was none. */
  readonly body: unknown;
}

export interface RawApi extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RawRequest[];
}

export async function startRawApi(
  answer: (request: RawRequest, response: ServerResponse) => void,
): Promise<RawApi> {
  const requests: RawRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        body: text === '' ? null : (JSON.parse(text) as unknown),
      };
      requests.push(request);
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What a gateway says that wants a log-in first. */
export function sendHtml(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>');
}

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** @param data - an event, or the text of its `data:` line. */
export function sendEvent(response: ServerResponse, type: string, data: unknown): void {
  response.write(`event: ${type}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

export function sendStart(response: ServerResponse, id = 'msg_1'): void {
  const usage = { input_tokens: 100, output_tokens: 1 };
  const message = { id, type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [], usage };
  sendEvent(response, 'message_start', { type: 'message_start', message });
}

/** The text and the end of a message; the stream stays open. */
export function sendText(response: ServerResponse, text: string): void {
  const events = [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ];
  for (const event of events) sendEvent(response, event.type, event);
}

/** Nothing but a sign of life, for as long as anybody listens. */
export function sendPings(response: ServerResponse): void {
  const timer = setInterval(() => {
    sendEvent(response, 'ping', { type: 'ping' });
  }, 50);
  response.once('close', () => {
    clearInterval(timer);
  });
}

export interface RawBatch {
  readonly id: string;
  readonly requests: readonly { readonly custom_id: string; readonly params: unknown }[];
  readonly createdAt: string;
}

/** As the API shows a batch. */
export function shownBatch(url: string, { id, requests, createdAt }: RawBatch, isEnded: boolean) {
  const { length } = requests;
  return {
    ...{ id, type: 'message_batch', processing_status: isEnded ? 'ended' : 'in_progress' },
    request_counts: {
      ...{ processing: isEnded ? 0 : length, succeeded: isEnded ? length : 0 },
      ...{ errored: 0, canceled: 0, expired: 0 },
    },
    ...{ created_at: createdAt, expires_at: new Date(Date.parse(createdAt) + 86_400_000).toISOString() },
    ...{ ended_at: null, archived_at: null, cancel_initiated_at: null },
    results_url: isEnded ? `${url}/v1/messages/batches/${id}/results` : null,
  };
}
