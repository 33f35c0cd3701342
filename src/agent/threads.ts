/** A session's transcripts by thread, in the order of time: who asked last, and what was asked after the last answer. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { tokensOf, usageSchema } from '../model/api-usage.js';
import type { TokenCounts } from '../model/usage.js';
import { syntheticModel } from './messages.js';
import { transcriptFiles } from './transcript.js';
import type { TranscriptPlace } from './transcript.js';

export interface TranscriptThread {
  /** The file's name without its ending: the session's id, or `agent-<id>`. */
  readonly name: string;
  readonly isSidechain: boolean;
  /** Each message once. */
  readonly answers: readonly ThreadAnswer[];
  /** What came after the last answer and asks for one; null: nothing did. */
  readonly question: Question | null;
}

export interface ThreadAnswer {
  readonly id: string;
  readonly model: string;
  /** Of its first record; the output may be a placeholder. */
  readonly tokens: TokenCounts;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Question {
  readonly at: number;
  readonly characters: number;
}

/** The main conversation first, if there are transcripts at all. */
export async function readThreads(place: TranscriptPlace): Promise<readonly TranscriptThread[]> {
  const threads: TranscriptThread[] = [];
  for (const [index, file] of (await transcriptFiles(place)).entries()) {
    let thread: TranscriptThread = {
      name: basename(file, '.jsonl'),
      isSidechain: index > 0,
      answers: [],
      question: null,
    };
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      thread = withRecord(thread, parseRecord(line));
    }
    threads.push(thread);
  }
  return threads;
}

type ThreadRecord = z.output<typeof recordSchema>;

const recordSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('assistant'),
    timestamp: z.iso.datetime(),
    message: z.object({ id: z.string(), model: z.string(), usage: usageSchema }),
  }),
  z.object({
    type: z.literal('user'),
    timestamp: z.iso.datetime(),
    message: z.object({ content: z.unknown() }),
  }),
]);

function parseRecord(line: string): ThreadRecord | null {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null; // the last line of a killed process
  }
}

function withRecord(thread: TranscriptThread, record: ThreadRecord | null): TranscriptThread {
  if (record === null) return thread;
  const at = Date.parse(record.timestamp);
  if (record.type === 'user') {
    const characters = JSON.stringify(record.message.content).length;
    return { ...thread, question: { at, characters: characters + (thread.question?.characters ?? 0) } };
  }
  const { id, model, usage } = record.message;
  const isKnown = model === syntheticModel || thread.answers.some((answer) => answer.id === id);
  const answers = isKnown ? thread.answers : [...thread.answers, { id, model, tokens: tokensOf(usage), at }];
  return { ...thread, answers, question: null };
}
