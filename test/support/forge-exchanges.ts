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
  /** The reply was made up by a test. */
  readonly isFault: boolean;
}

type Answered = Pick<Exchange, 'body' | 'reply' | 'isFault'>;

/** Appends JSON lines to the file that `REGEN_CONTRACT_LOG` names; does nothing without it. */
export function createExchangeLog(): (incoming: IncomingMessage, answered: Answered) => Promise<void> {
  const file = process.env['REGEN_CONTRACT_LOG'];
  return async (incoming, answered) => {
    if (file === undefined) return;
    const exchange: Exchange = {
      method: incoming.method ?? '',
      url: incoming.url ?? '/',
      accept: incoming.headers.accept ?? '*/*',
      ...answered,
    };
    await appendFile(file, `${JSON.stringify(exchange)}\n`);
  };
}
