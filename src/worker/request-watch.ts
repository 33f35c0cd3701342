/** What becomes of a run's requests on the wire: what the client's errors alone don't tell, and the books have to know. */
import Anthropic from '@anthropic-ai/sdk';
import type { Middleware } from '@anthropic-ai/sdk';
import { cut } from '../model/excerpt.js';
import { UnreadableAnswer } from './unreadable.js';

export interface RequestWatch {
  /** The one that is watched. It sends nothing again that may have been received. */
  readonly client: Anthropic;
  /** Ends the calls: when the one that was handed in does, and when a request is lost. */
  readonly signal: AbortSignal;
  /** An answer of the model has begun: from here on its own events say what it costs. */
  begun(): void;
  /** Whether the last request was sent, and neither refused nor answered: it may have been charged for. */
  isUnanswered(): boolean;
  /** What no event says: that the request was lost, or that something else than a model answered. */
  fault(): Error | null;
}

/** The last request of a run. */
interface Request {
  isOpen: boolean;
  /** What a status without an error was followed by; null: nothing was. */
  body: { beginning: string; isWhole: boolean } | null;
}

/** As much of a body as is kept: enough for its first words. */
const beginningLength = 200;

/** @param signal - whoever ends the run. */
export function watchRequests(client: Anthropic, signal: AbortSignal): RequestWatch {
  const lost = new AbortController();
  let last: Request = { isOpen: false, body: null };
  const watching: Middleware = async (request, next) => {
    const own: Request = { isOpen: true, body: null };
    last = own;
    try {
      const response = await next(request);
      own.isOpen = response.ok;
      return response.ok ? overheard(response, own) : response;
    } catch (error) {
      own.isOpen = isAbort(error) || mayBeReceived(error);
      // The client would send it again, and both may be charged for: only a signal keeps it from that.
      if (own.isOpen && !isAbort(error)) lost.abort(error);
      throw error;
    }
  };
  return {
    client: client.withOptions({ middleware: [watching] }),
    signal: AbortSignal.any([signal, lost.signal]),
    begun: () => {
      last.isOpen = false;
    },
    isUnanswered: () => last.isOpen && !isForeign(last),
    fault: () => {
      if (lost.signal.aborted) return lostRequest(lost.signal.reason);
      return isForeign(last) ? foreignAnswer(last) : null;
    },
  };
}

/** The same answer; its beginning is taken down as it is read. */
function overheard(response: Response, request: Request): Response {
  const body = { beginning: '', isWhole: response.body === null };
  request.body = body;
  if (response.body === null) return response;
  const decoder = new TextDecoder();
  const listening = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      if (body.beginning.length < beginningLength) body.beginning += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    },
    flush: () => {
      body.isWhole = true;
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(listening), { status, statusText, headers });
}

/** Whether what came is whole, and has no line as a stream of events has them. */
function isForeign({ body }: Request): boolean {
  return body?.isWhole === true && !/^(?:event|data|id|retry)?:/m.test(body.beginning);
}

function foreignAnswer({ body }: Request): UnreadableAnswer {
  // It goes to terminals and into the plan.
  const words = (body?.beginning ?? '').replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const seen = words === '' ? 'it is empty' : `it begins with “${cut(words, 80)}”`;
  return new UnreadableAnswer(`it isn’t a stream of events: ${seen}`);
}

function lostRequest(cause: unknown): Error {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inner instanceof Error ? inner.message : String(inner);
  const message = `the connection was lost after the request was sent (${why})`;
  return new Anthropic.APIConnectionError({ message, cause: inner instanceof Error ? inner : undefined });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** False where fetch says that there was no connection yet, or refuses the request itself, which has no code. */
function mayBeReceived(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  // Each of a host's addresses was tried, and none taken.
  if (!(cause instanceof Error) || cause instanceof AggregateError) return false;
  const code = 'code' in cause ? String(cause.code) : '';
  const isConnecting = 'syscall' in cause && ['connect', 'getaddrinfo'].includes(String(cause.syscall));
  const isHandshake =
    /CERT|SIGNATURE|^ERR_(?:SSL|TLS)_/.test(code) || /before secure TLS/.test(cause.message);
  return code !== '' && code !== 'UND_ERR_CONNECT_TIMEOUT' && !isConnecting && !isHandshake;
}
