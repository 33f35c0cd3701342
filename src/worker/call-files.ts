/**
 * What is kept of one call: what was sent, and every event of the answer as it comes, so that whoever comes after a kill
 * knows what was paid for and what was said.
 */
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { isErrno } from '../system/errno.js';
import { parsedObject } from '../model/parsed-object.js';

/** JSON lines: the API's events, or whole messages. */
const answerName = 'answer.jsonl';
const requestName = 'request.json';

/** Written before anything is sent. */
export async function writeRequest(directory: string, request: object): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, requestName), `${JSON.stringify(request)}\n`);
}

const requestSchema = z.object({ model: z.string(), output_config: z.unknown().optional() });

export interface SentRequest {
  readonly model: string;
  readonly isStructured: boolean;
  readonly characters: number;
  readonly at: Date;
}

/** null: nothing was sent. */
export async function readRequest(directory: string): Promise<SentRequest | null> {
  const found = await readText(path.join(directory, requestName));
  const request = requestSchema.safeParse(parsedObject(found?.text ?? ''));
  if (found === null || !request.success) return null;
  const { model, output_config: format } = request.data;
  return { model, isStructured: format !== undefined, characters: found.text.length, at: found.at };
}

/** Takes the answer's events down, one line each. */
interface AnswerRecorder extends AsyncDisposable {
  write(event: object): Promise<void>;
}

export async function recordAnswer(directory: string): Promise<AnswerRecorder> {
  await mkdir(directory, { recursive: true });
  const file = await open(path.join(directory, answerName), 'a');
  return {
    write: async (event) => {
      await file.appendFile(`${JSON.stringify(event)}\n`);
    },
    [Symbol.asyncDispose]: async () => {
      await file.sync();
      await file.close();
    },
  };
}

interface RecordedAnswer {
  readonly list: readonly object[];
  /** When the last of them came. */
  readonly at: Date;
}

/** The events that came; a torn line at the end is left out. null: none did. */
export async function readAnswer(directory: string): Promise<RecordedAnswer | null> {
  const found = await readText(path.join(directory, answerName));
  if (found === null || found.text === '') return null;
  const list = found.text.split('\n').map(parsedObject);
  return { list: list.filter((event) => event !== null), at: found.at };
}

async function readText(file: string): Promise<{ readonly text: string; readonly at: Date } | null> {
  try {
    return { text: await readFile(file, 'utf8'), at: (await stat(file)).mtime };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}
