/** Puts a reply on the wire, or what the script wants to happen instead. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchReply } from './batches.js';
import type { Turn } from './conversation.js';
import { messageBody, messageEvents, type StreamEvent } from './message.js';
import type { Break, Failure } from './reply.js';

/** What a stream has sent when it breaks off: its opening, the first block's start and a first piece of it. */
const eventsBeforeBreak = 3;

/** Resolves when everything that will be sent has been handed to the socket. */
export async function sendReply(response: ServerResponse, turn: Turn): Promise<void> {
  if (turn.kind === 'failure') {
    sendFailure(response, turn.reply);
    return;
  }
  const { delayMs, breaks } = turn.reply;
  if (delayMs !== undefined && !(await waitWhileOpen(response, delayMs))) return;
  if (!turn.isStreaming && breaks !== undefined) {
    sendFailure(response, { kind: breaks === 'stall' ? 'silence' : 'disconnect' });
    return;
  }
  turn.begin();
  const headers = { 'request-id': `req_${turn.message.id.replace(/^msg_/, '')}`, ...turn.reply.headers };
  if (!turn.isStreaming) {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(messageBody(turn.message)));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  const events = messageEvents(turn.message);
  if (breaks === undefined) response.end(events.map(encode).join(''));
  else await breakOff(response, events.slice(0, eventsBeforeBreak), breaks);
}

/** An answer about a batch; what is cut off ends in the middle of its bytes. */
export async function sendBatchReply(response: ServerResponse, reply: BatchReply): Promise<void> {
  switch (reply.kind) {
    case 'json':
      sendJson(response, 200, reply.body);
      return;
    case 'lines': {
      const text = reply.lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      response.writeHead(200, { 'content-type': 'application/x-jsonl' });
      if (!reply.isCut) {
        response.end(text);
        return;
      }
      await written(response, text.slice(0, text.length / 2));
      response.destroy();
      return;
    }
    default:
      sendFailure(response, reply);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendFailure(response: ServerResponse, failure: Failure): void {
  switch (failure.kind) {
    case 'silence':
      return;
    case 'disconnect':
      response.destroy();
      return;
    case 'status': {
      const body = { type: 'error', error: { type: failure.type, message: failure.message } };
      response.writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers });
      response.end(JSON.stringify(body));
    }
  }
}

/** False when the client left meanwhile. */
async function waitWhileOpen(response: ServerResponse, ms: number): Promise<boolean> {
  const left = new AbortController();
  const leave = () => {
    left.abort();
  };
  response.once('close', leave);
  try {
    await delay(ms, undefined, { signal: left.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off('close', leave);
  }
}

async function breakOff(
  response: ServerResponse,
  events: readonly StreamEvent[],
  breaks: Break,
): Promise<void> {
  await written(response, events.map(encode).join(''));
  switch (breaks) {
    case 'drop':
      response.destroy();
      return;
    case 'end':
      response.end();
      return;
    case 'error':
      response.end(encode({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }));
      return;
    case 'stall':
  }
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.write(text, () => {
      resolve();
    });
  });
}

function encode(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
