/** One request to the scripted model: taken down, then answered by whom its path belongs to. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerBatchCall } from './batch-routes.js';
import type { Batches } from './batches.js';
import type { Conversation, Scripted } from './conversation.js';
import { sendBatchReply, sendJson, sendReply } from './send.js';

/** Everything that came in, whatever became of it. */
export interface RecordedRequest {
  readonly at: Date;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the script saw and answered; null when it wasn't asked, or only when the batch ended. */
  readonly scripted: Scripted | null;
}

type Recording = Omit<RecordedRequest, 'scripted'> & { scripted: Scripted | null };

interface Serving {
  readonly conversation: Conversation;
  readonly batches: Batches;
  readonly requests: RecordedRequest[];
}

export async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const at = serving.batches.now();
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
  const batchReply = await answerBatchCall(serving.batches, recorded);
  if (batchReply !== null) {
    await sendBatchReply(response, batchReply);
  } else if (route === 'POST /v1/messages/count_tokens') {
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
