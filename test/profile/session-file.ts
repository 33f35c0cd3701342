/** Transcripts written by hand: what Claude Code writes, as far as a profile reads it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding, Place, Profile } from '../../src/model/profile.js';
import { createProfiler } from '../../src/profile/profile.js';
import type { ProfileRequest } from '../../src/profile/profile.js';
import type { RateOf } from '../../src/profile/weigh.js';

export type Block = Readonly<Record<string, unknown>>;

export interface MessageLiteral {
  readonly id: string;
  readonly blocks: readonly Block[];
  /** What was read from the cache, and written to it. */
  readonly read?: number;
  readonly write?: number;
  readonly write1h?: number;
  readonly input?: number;
  readonly output?: number;
  readonly model?: string;
  readonly version?: string;
  /** Seconds since the session began. */
  readonly at?: number;
}

export const text = (said: string): Block => ({ type: 'text', text: said });
export const thinking = (thought: string): Block => ({ type: 'thinking', thinking: thought, signature: 's' });
export const use = (id: string, name: string, input: object): Block => ({
  type: 'tool_use',
  id,
  name,
  input,
});
export const bash = (id: string, command: string): Block => use(id, 'Bash', { command, description: 'd' });
export const read = (id: string, file: string): Block => use(id, 'Read', { file_path: file });
export const edit = (id: string, file: string): Block =>
  use(id, 'Edit', { file_path: file, old_string: 'a', new_string: 'b' });

/** One record per block, each with the whole usage, as Claude Code writes a message. */
export function message(literal: MessageLiteral): readonly object[] {
  const { write = 0, write1h = 0 } = literal;
  const usage = {
    input_tokens: literal.input ?? 0,
    output_tokens: literal.output ?? 10,
    cache_read_input_tokens: literal.read ?? 0,
    cache_creation_input_tokens: write + write1h,
    cache_creation: { ephemeral_5m_input_tokens: write, ephemeral_1h_input_tokens: write1h },
  };
  const hasCall = literal.blocks.some(({ type }) => type === 'tool_use');
  return literal.blocks.map((block) => ({
    type: 'assistant',
    ...common(literal.at, literal.version),
    message: {
      id: literal.id,
      role: 'assistant',
      model: literal.model ?? 'claude-test',
      content: [block],
      stop_reason: hasCall ? 'tool_use' : 'end_turn',
      usage,
    },
  }));
}

export function result(id: string, content: unknown, more: { at?: number; isError?: boolean } = {}): object {
  const block = { type: 'tool_result', tool_use_id: id, content, is_error: more.isError === true };
  return { type: 'user', ...common(more.at), message: { role: 'user', content: [block] } };
}

export function prompt(said: string, at?: number): object {
  return { type: 'user', ...common(at), message: { role: 'user', content: said } };
}

function common(at = 0, version = '2.1.197'): object {
  const timestamp = new Date(Date.parse('2026-11-02T08:00:00Z') + at * 1000).toISOString();
  return { sessionId: 'session-1', version, isSidechain: false, timestamp };
}

export function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** A dollar per million tokens read, ten for what is written or uncached, fifty for output. */
const rate = { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 10, cacheWrite1h: 20 };

export interface ProfileLiteral extends Partial<ProfileRequest> {
  readonly cwd: string;
  readonly root?: string | null;
  readonly claude?: string | null;
  readonly rateOf?: RateOf;
  readonly currentPlan?: { readonly plan: string; readonly target: string } | null;
}

/** The station over files of its own. */
export function profileOf({ cwd, what = '.', ...given }: ProfileLiteral): Promise<Profile> {
  const profiler = createProfiler({
    places: {
      cwd,
      root: given.root ?? null,
      claude: given.claude ?? null,
      currentPlan: () => Promise.resolve(given.currentPlan ?? null),
    },
    rateOf: given.rateOf ?? ((model) => (model === 'claude-test' ? rate : null)),
  });
  const request = { what, withRequests: given.withRequests ?? false, top: given.top ?? null };
  return profiler.profile(request, new AbortController().signal);
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

/** The profile of one transcript with these records. */
export async function profileRecords(
  folder: string,
  records: readonly object[],
  more: Partial<ProfileLiteral> = {},
): Promise<Profile> {
  await writeFiles(folder, { 's.jsonl': jsonLines(records) });
  return profileOf({ cwd: folder, what: 's.jsonl', ...more });
}

type ShortFinding = Pick<Finding, 'rule' | 'count' | 'tokens' | 'costUsd'> & {
  readonly places: readonly Omit<Place, 'session' | 'thread'>[];
};

/** The finding of a rule without its texts; null: it found nothing. */
export function findingOf({ findings }: Profile, id: string): ShortFinding | null {
  const found = findings.find((finding) => finding.id === id);
  if (found === undefined) return null;
  const { rule, count, tokens, costUsd } = found;
  const places = found.places.map(({ session: _session, thread: _thread, ...place }) => ({
    ...place,
    costUsd: rounded(place.costUsd),
  }));
  return { rule, count, tokens, costUsd: rounded(costUsd), places };
}

/** What adding up in binary leaves behind the ninth place is nobody's money. */
function rounded(usd: number | null): number | null {
  return usd === null ? null : Math.round(usd * 1e9) / 1e9;
}
