/** A model endpoint on loopback that answers from a script: drives the real Claude Code without an account. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BatchOptions } from './batch-options.js';
import { recordOf, type BatchRecord } from './batch.js';
import { cancelBatch, forceEnd, type Batches } from './batches.js';
import type { BillEntry } from './bill.js';
import { createConversation, type Script } from './conversation.js';
import { serve, type RecordedRequest } from './routes.js';

export interface ScriptedModelOptions {
  readonly script: Script;
  /** When message batches end and what becomes of them. */
  readonly batches?: BatchOptions;
  /** The clock of the prompt cache and of what is recorded. */
  now(): Date;
  /** A new UUID; message ids are made of them. */
  newId(): string;
}

export interface ScriptedModel {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What the account would be charged for, in order: the truth that a ledger is compared with. */
  readonly bill: readonly BillEntry[];
  /** The message batches, in the order of their creation; deleted ones are gone. */
  batches(): readonly BatchRecord[];
  /** Ends a batch now; resolves when its results are there. */
  endBatch(id: string): Promise<void>;
  /** What a person does in the provider's console; the batch still has to end. */
  cancelBatch(id: string): Promise<void>;
  /** Ends every connection, also those that are kept waiting. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const requests: RecordedRequest[] = [];
  const conversation = createConversation(options);
  const batches: Batches = {
    conversation,
    options: options.batches ?? {},
    all: new Map(),
    asked: { create: 0, retrieve: 0, download: 0 },
    now: () => options.now(),
    newId: () => options.newId(),
  };
  const server = createServer((incoming, response) => {
    // A client that is killed takes its socket away in the middle of anything: nobody is left to be told.
    serve(incoming, response, { conversation, batches, requests }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // an address object, since it listens on TCP
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    requests,
    bill: conversation.bill,
    batches: () => Array.from(batches.all.values(), recordOf),
    endBatch: (id) => forceEnd(batches, id),
    cancelBatch: async (id) => {
      const reply = await cancelBatch(batches, { id, origin: url });
      if (reply.kind === 'status') throw new Error(reply.message);
    },
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
