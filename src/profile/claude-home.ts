/** Where Claude Code keeps its transcripts. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { SessionFile } from './sources.js';

/** `$CLAUDE_CONFIG_DIR`, or `~/.claude`; null when the environment tells neither. */
export function claudeHome(env: Readonly<Record<string, string | undefined>>): string | null {
  const { CLAUDE_CONFIG_DIR: configured, HOME: home } = env;
  if (configured !== undefined && configured !== '') return configured;
  return home === undefined || home === '' ? null : path.join(home, '.claude');
}

/** Every session's transcripts; a session is in two projects when it was gone on with from another folder. */
export async function transcripts(home: string | null): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  if (home === null) return found;
  const projects = path.join(home, 'projects');
  for (const project of await namesIn(projects)) {
    for (const name of await namesIn(path.join(projects, project))) {
      if (!name.endsWith('.jsonl')) continue;
      const session = name.slice(0, -'.jsonl'.length);
      found.set(session, [...(found.get(session) ?? []), path.join(projects, project, name)]);
    }
  }
  return found;
}

/** A transcript and those of its subagents, which are in a folder of the session's name beside it. */
export async function withSubagents(transcript: string): Promise<readonly SessionFile[]> {
  const folder = path.join(transcript.replace(/\.jsonl$/, ''), 'subagents');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const subagents = names.filter((name) => name.endsWith('.jsonl')).sort();
  return [
    { file: transcript, agent: null },
    ...subagents.map((name) => ({ file: path.join(folder, name), agent: agentName(name) })),
  ];
}

/** `agent-a5f37169.jsonl` is the conversation of a5f37169. */
export function agentName(file: string): string {
  return path.basename(file, '.jsonl').replace(/^agent-/, '');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
