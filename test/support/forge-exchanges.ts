/** Requests and answers written down for `npm run contract`, which holds them against GitHub's own description. */
import { appendFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; null: nothing. */
  readonly body: unknown;
}

export interface Exchange {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly accept: string;
  readonly body: unknown;
  readonly reply: Reply;
}

type Log = (request: { readonly body: unknown }, incoming: IncomingMessage, reply: Reply) => Promise<void>;

/** Appends JSON lines to the file that `REGEN_CONTRACT_LOG` names; does nothing without it. */
export function createExchangeLog(): Log {
  const file = process.env['REGEN_CONTRACT_LOG'];
  return async (request, incoming, reply) => {
    if (file === undefined) return;
    const exchange: Exchange = {
      method: incoming.method ?? '',
      url: incoming.url ?? '/',
      accept: incoming.headers.accept ?? '*/*',
      body: request.body,
      reply,
    };
    await appendFile(file, `${JSON.stringify(exchange)}\n`);
  };
}
