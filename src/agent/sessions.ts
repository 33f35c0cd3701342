/** Sessions that regen didn't start: what the one that calls it has said so far, turn by turn. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { estimateTokens, mergeCounts, tokensOf, usageSchema } from '../model/api-usage.js';
import type { SessionTranscript, SessionTurn } from '../model/session.js';
import type { Surroundings } from '../model/surroundings.js';
import { syntheticModel } from './messages.js';
import { transcriptFiles } from './transcript.js';

/** Claude Code writes its transcript some 100 ms late, and the call that asks may not be in it yet. */
const tries = 6;
const pauseMs = 100;

/** The transcripts of the environment's Claude Code. */
export function createSessions({ root, env }: Pick<Surroundings, 'root' | 'env'>) {
  return {
    async read(session: string): Promise<SessionTranscript | null> {
      // It becomes a file's name.
      if (!/^[\w-]+$/.test(session)) return null;
      let transcript: SessionTranscript = { turns: [], hasOpenCall: false };
      let readStamp = '';
      for (let left = tries; ; left -= 1) {
        const files = await transcriptFiles({ env, cwd: root, sessionId: session });
        if (files.length === 0) return null;
        const stamp = await stampOf(files);
        // A long one takes seconds to read.
        if (stamp !== readStamp) transcript = await readFiles(files);
        readStamp = stamp;
        if (transcript.hasOpenCall || left <= 1 || env['CLAUDE_CODE_SESSION_ID'] !== session)
          return transcript;
        await delay(pauseMs);
      }
    },
  };
}

/** Another one whenever something was written. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  return stats.map((one) => `${one?.size ?? 0} ${one?.mtimeMs ?? 0}`).join('\n');
}

interface Draft extends SessionTurn {
  readonly characters: number;
}

async function readFiles(files: readonly string[]): Promise<SessionTranscript> {
  const turns = new Map<string, Draft>();
  const open = new Set<string>();
  for (const [index, file] of files.entries()) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const record = parseRecord(line, index === 0 ? '' : file);
      record.asked.forEach((id) => open.add(id));
      record.answered.forEach((id) => open.delete(id));
      if (record.turn === null) continue;
      const { id } = record.turn.message;
      const before = turns.get(id);
      turns.set(id, before === undefined ? record.turn : combine(before, record.turn));
    }
  }
  const sorted = [...turns.values()].sort((one, other) => one.at.getTime() - other.at.getTime());
  return { turns: sorted.map(estimated), hasOpenCall: open.size > 0 };
}

interface Entry {
  readonly turn: Draft | null;
  /** Ids of tool calls, and of those that have their results. */
  readonly asked: readonly string[];
  readonly answered: readonly string[];
}

const blocks = z.array(z.looseObject({ type: z.string() })).catch([]);

const recordSchema = z.object({
  type: z.literal('assistant'),
  timestamp: z.iso.datetime({ offset: true }),
  message: z.object({
    id: z.string().min(1),
    model: z.string(),
    stop_reason: z.string().nullish().catch(null),
    usage: usageSchema,
    content: blocks,
  }),
  isSidechain: z.boolean().catch(false),
});

const resultId = /"tool_use_id"\s*:\s*"([^"\\]+)"/g;

/** A transcript may be hundreds of megabytes of other things than answers; of results the ids are all that matters. */
function parseRecord(line: string, thread: string): Entry {
  const { data } = recordSchema.safeParse(line.includes('"assistant"') ? parseJson(line) : null);
  if (data === undefined) {
    const answered = line.includes('"tool_result"') ? [...line.matchAll(resultId)] : [];
    return { turn: null, asked: [], answered: answered.flatMap(([, id]) => textOf(id)) };
  }
  const { content, id, model, stop_reason: reason, usage } = data.message;
  const calls = content.filter(({ type }) => type === 'tool_use');
  const asked = calls.flatMap((block) => textOf(block['id']));
  if (model === syntheticModel) return { turn: null, asked, answered: [] };
  const input = JSON.stringify(calls.map((block) => block['input']));
  const turn: Draft = {
    message: {
      id,
      model,
      tokens: tokensOf(usage),
      isSidechain: data.isSidechain,
      isEstimate: reason == null,
    },
    at: new Date(data.timestamp),
    thread,
    calls: calls.length === 0 ? 'nothing' : input.includes('regen') ? 'regen' : 'something',
    characters: JSON.stringify(content).length,
  };
  return { turn, asked, answered: [] };
}

/** undefined: the last line of a killed process. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

const rank = { nothing: 0, something: 1, regen: 2 } as const;

/** A message has a record per content block. */
function combine(before: Draft, after: Draft): Draft {
  return {
    ...before,
    message: { ...before.message, ...mergeCounts(before.message, after.message) },
    calls: rank[after.calls] > rank[before.calls] ? after.calls : before.calls,
    characters: before.characters + after.characters,
  };
}

/** The end of a message that was broken off is told by nobody. */
function estimated({ characters, ...turn }: Draft): SessionTurn {
  const { message } = turn;
  if (!message.isEstimate) return turn;
  const output = Math.max(message.tokens.output, estimateTokens(characters));
  return { ...turn, message: { ...message, tokens: { ...message.tokens, output } } };
}
