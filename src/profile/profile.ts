/** The profile station: from what was named to what its sessions cost, and what would have saved them. */
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { Place, Profile, ProfiledSession } from '../model/profile.js';
import { detectors } from './detectors.js';
import type { Detector } from './detectors/detector.js';
import { groupBy } from './group-by.js';
import { inventory } from './inventory.js';
import { readSession } from './read-session.js';
import type { ReadSession } from './read-session.js';
import type { SessionFiles, Subject } from './sources.js';
import { findSubject } from './subject.js';
import type { Surroundings } from './subject.js';
import { addCountings, addUp, findingsOf, stepsOf } from './sum-up.js';
import { unknownOf } from './unknown.js';
import { weigh } from './weigh.js';
import type { RateOf } from './weigh.js';

export interface ProfilerOptions {
  readonly places: Surroundings;
  readonly rateOf: RateOf;
}

export interface ProfileRequest {
  /** A file, a folder, an item, or a session's id or its beginning. */
  readonly what: string;
  /** Whether every request is wanted, not only what they come to. */
  readonly withRequests: boolean;
  /** The findings that are wanted, the dearest; null: all. */
  readonly top: number | null;
}

export interface Profiler {
  /** @throws RegenError `usage` when nothing that can be profiled goes by that name. */
  profile(request: ProfileRequest, signal: AbortSignal): Promise<Profile>;
}

export function createProfiler(options: ProfilerOptions): Profiler {
  return {
    async profile(request, signal) {
      const subject = await findSubject(request.what, options.places, signal);
      return profileSubject(subject, request, { ...options, signal });
    },
  };
}

interface Means extends ProfilerOptions {
  readonly signal: AbortSignal;
}

/** Session by session: what a session holds is let go before the next one is read. */
async function profileSubject(subject: Subject, request: ProfileRequest, means: Means): Promise<Profile> {
  const sessions: ProfiledSession[] = [];
  const unknown: string[] = [];
  const untold: { readonly session: string; readonly sentence: string }[] = [];
  const found = new Map<Detector, Place[]>(detectors.map((detector) => [detector, []]));
  const known = new Set<string>();
  let others = subject.others;
  for (const source of subject.sessions) {
    if (source.files.length === 0) {
      unknown.push(`${name(source)}: neither its transcript nor its stream is left`);
      continue;
    }
    const read = await readSession(source, known, means.signal);
    if (!read.isSession) {
      if (subject.sessions.length === 1) throw noSession(source, read, means.places.cwd);
      others += 1;
      continue;
    }
    const weighed = weigh(read.session, means.rateOf);
    const profiled = inventory(weighed, request.withRequests);
    sessions.push(profiled);
    for (const [detector, places] of found) places.push(...detector.find(weighed));
    for (const sentence of unknownOf(read.session, profiled))
      untold.push({ session: read.session.id, sentence });
  }
  if (sessions.length === 0) throw nothingLeft(subject, unknown);
  unknown.push(...bySentence(untold));
  if (others > 0) unknown.push(`${others} .jsonl files are no sessions and were passed over`);
  const findings = findingsOf(found);
  return {
    subject: subject.name,
    sessions: sessions.toSorted(byStart),
    steps: stepsOf(sessions),
    totals: addUp(sessions),
    counting: addCountings(sessions.map(({ counting }) => counting)),
    findings: request.top === null ? findings : findings.slice(0, request.top),
    findingsInAll: findings.length,
    unknown,
  };
}

/** What is the same for many sessions is said once. */
function bySentence(
  untold: readonly { readonly session: string; readonly sentence: string }[],
): readonly string[] {
  return [...groupBy(untold, ({ sentence }) => sentence)].map(([sentence, all]) => {
    const [first] = all;
    return `${all.length === 1 ? (first?.session ?? '') : `${all.length} sessions`}: ${sentence}`;
  });
}

function name({ session, step }: SessionFiles): string {
  return session ?? step?.item ?? 'a session';
}

function byStart(one: ProfiledSession, other: ProfiledSession): number {
  return (one.startedAt ?? '') < (other.startedAt ?? '') ? -1 : 1;
}

/** Says what stands in the file instead. */
function noSession({ files }: SessionFiles, { first }: ReadSession, cwd: string): RegenError {
  const file = path.relative(cwd, files[0]?.file ?? '') || (files[0]?.file ?? '');
  const hint =
    'A transcript is <session>.jsonl below ~/.claude/projects; a stream is what "claude -p --output-format stream-json --verbose" prints, saved to a file.';
  if (first === null || first.lines === 0) return new RegenError('usage', `${file} is empty`, { hint });
  const { firstMalformed } = first;
  const what =
    firstMalformed === null
      ? 'none of its lines is a record of Claude Code’s'
      : `line ${firstMalformed.line} is no JSON object: ${firstMalformed.text}`;
  return new RegenError('usage', `${file} is no transcript and no stream: ${what}`, { hint });
}

function nothingLeft({ name: subject }: Subject, unknown: readonly string[]): RegenError {
  return new RegenError(
    'usage',
    `nothing to profile in ${subject}${unknown.length > 0 ? `: ${unknown[0] ?? ''}` : ''}`,
    {
      hint: 'Claude Code removes old transcripts by itself (cleanupPeriodDays), and regen keeps the streams of its runs until their folder is removed.',
    },
  );
}
