/** A model endpoint on loopback that answers from a script: drives the real Claude Code without an account. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BillEntry } from './bill.js';
import { createConversation, type Conversation, type Script, type Scripted } from './conversation.js';
import { sendReply } from './send.js';

export interface ScriptedModelOptions {
  readonly script: Script;
  /** The clock of the prompt cache and of what is recorded. */
  now(): Date;
  /** A new UUID; message ids are made of them. */
  newId(): string;
}

/** Everything that came in, whatever became of it. */
interface RecordedRequest {
  readonly at: Date;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the script saw and answered; null when it wasn't asked. */
  readonly scripted: Scripted | null;
}

export interface ScriptedModel {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What the account would be charged for, in order: the truth that a ledger is compared with. */
  readonly bill: readonly BillEntry[];
  /** Ends every connection, also those that are kept waiting. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = [];
  const conversation = createConversation(options);
  const server = createServer((incoming, response) => {
    // A client that is killed takes its socket away in the middle of anything: nobody is left to be told.
    serve(incoming, response, { conversation, requests, now: () => options.now() }).catch(() =>
      response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // an address object, since it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    bill: conversation.bill,
    close: async () => {
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      server.closeAllConnections();
      await closed;
    },
  };
}

type Recording = Omit<RecordedRequest, 'scripted'> & { scripted: Scripted | null };

interface Serving {
  readonly conversation: Conversation;
  readonly requests: RecordedRequest[];
  now(): Date;
}

async function serve(incoming: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const at = serving.now();
  const body = await readBody(incoming);
  const recorded: Recording = {
    at,
    method: incoming.method ?? '',
    path: incoming.url ?? '/',
    headers: plainHeaders(incoming),
    body,
    scripted: null,
  };
  serving.requests.push(recorded);
  const route = `${recorded.method} ${recorded.path.replace(/\?.*$/, '')}`;
  if (route === 'POST /v1/messages') {
    const turn = await serving.conversation.answer(recorded);
    recorded.scripted = turn.scripted;
    await sendReply(response, turn);
    return;
  }
  if (route === 'POST /v1/messages/count_tokens') {
    sendJson(response, 200, { input_tokens: serving.conversation.countTokens(body) });
  } else if (recorded.method === 'HEAD' || recorded.method === 'GET') {
    sendJson(response, 200, {}); // reachability probes
  } else {
    sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: route } });
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer); // no encoding is set, so chunks are buffers
  return Buffer.concat(chunks);
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
