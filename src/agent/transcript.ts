/** Claude Code's transcripts: the whole session, subagents included, one line per content block. */
import { createReadStream } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { ModelMessage } from '../model/usage.js';
import { contentSchema } from './events.js';
import { mergeCounts, tokensOf, usageSchema } from '../model/api-usage.js';

/** A message as the transcript has it; an estimate when it was broken off, and then its text is what there is. */
export interface TranscriptMessage {
  readonly message: ModelMessage;
  readonly characters: number;
}

export interface TranscriptPlace {
  /** The environment that the run was given: it says where Claude Code keeps its files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly sessionId: string;
}

/** Every message of the session once, with the largest output that any of its records tells. Empty without files. */
export async function readTranscript(place: TranscriptPlace): Promise<readonly TranscriptMessage[]> {
  const messages = new Map<string, TranscriptMessage>();
  for (const file of await transcriptFiles(place)) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const found = parseRecord(line);
      if (found === null) continue;
      const before = messages.get(found.message.id);
      messages.set(found.message.id, before === undefined ? found : combine(before, found));
    }
  }
  return [...messages.values()];
}

/** Whether Claude Code knows the session. It removes old ones by itself, and another configuration has others. */
export async function hasTranscript(place: TranscriptPlace): Promise<boolean> {
  return (await transcriptFiles(place)).length > 0;
}

/** The session's own file, then those of its subagents; empty when there is none. */
export async function transcriptFiles({ env, cwd, sessionId }: TranscriptPlace): Promise<string[]> {
  const projects = join(env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '', '.claude'), 'projects');
  const project = await projectOf(projects, cwd, sessionId);
  if (project === null) return [];
  const subagents = join(project, sessionId, 'subagents');
  const names = await readdir(subagents, { recursive: true }).catch(() => []);
  return [
    join(project, `${sessionId}.jsonl`),
    ...names.filter((name) => name.endsWith('.jsonl')).map((name) => join(subagents, name)),
  ];
}

/** The folder is named after the working directory; links and very long paths are looked up by the session instead. */
async function projectOf(projects: string, cwd: string, sessionId: string): Promise<string | null> {
  const named = join(projects, cwd.replace(/[^A-Za-z0-9]/g, '-'));
  if (await exists(join(named, `${sessionId}.jsonl`))) return named;
  for (const name of await readdir(projects).catch(() => [])) {
    if (await exists(join(projects, name, `${sessionId}.jsonl`))) return join(projects, name);
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const recordSchema = z
  .object({
    type: z.literal('assistant'),
    isSidechain: z.boolean().catch(false),
    timestamp: z.iso.datetime({ offset: true }).nullish().catch(null),
    message: z.object({
      id: z.string().min(1),
      model: z.string(),
      stop_reason: z.string().nullish().catch(null),
      usage: usageSchema,
      content: contentSchema,
    }),
  })
  .transform(
    ({
      isSidechain,
      timestamp,
      message: { id, model, stop_reason: reason, usage, content },
    }): TranscriptMessage => ({
      message: {
        ...{ id, model, tokens: tokensOf(usage), isSidechain, isEstimate: reason == null },
        ...(timestamp == null ? {} : { answeredAt: new Date(timestamp) }),
      },
      characters: content.characters,
    }),
  );

function parseRecord(line: string): TranscriptMessage | null {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // the last line of a killed process
  }
}

function combine(before: TranscriptMessage, after: TranscriptMessage): TranscriptMessage {
  return {
    message: { ...before.message, ...mergeCounts(before.message, after.message), ...answered(after) },
    characters: before.characters + after.characters,
  };
}

/** The last of a message's records comes with its end. */
function answered({ message: { answeredAt } }: TranscriptMessage): Pick<ModelMessage, 'answeredAt'> {
  return answeredAt === undefined ? {} : { answeredAt };
}
