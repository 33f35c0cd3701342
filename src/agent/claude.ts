/** Claude Code in print mode: one run, from the prompt to the last process that it started. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { AgentPlace, AgentReport, AgentRun, RecoveredRun, SessionState } from '../model/agent.js';
import { configuredMode } from '../model/cache-mode.js';
import { RegenError } from '../model/errors.js';
import type { ModelMessage } from '../model/usage.js';
import { runChild } from '../system/child.js';
import { sweep } from '../system/sweep.js';
import { agentCommand, agentEnv, missingProgram } from './command.js';
import type { AgentOptions } from './command.js';
import { crossCheck } from './cross-check.js';
import { earlierOf, nothingEarlier, readEarlier, writeEarlier } from './earlier.js';
import { parseEvent } from './events.js';
import { planLaunch } from './launch.js';
import type { Launch } from './launch.js';
import { createLineSplitter } from './lines.js';
import { readLooseEnds } from './loose-ends.js';
import { createMessages, syntheticModel } from './messages.js';
import { decideOutcome } from './outcome.js';
import { runProcess } from './process.js';
import { removeOwnFiles, writeOwnFiles } from './own-files.js';
import type { OwnFiles } from './own-files.js';
import { filesRead } from './reads.js';
import { runFiles } from './run-files.js';
import { removeTornWrites } from './torn-writes.js';
import { hasTranscript, readTranscript } from './transcript.js';
import { nothingSeen, watch } from './watch.js';
import type { Watched } from './watch.js';

/** The agent station. */
export function createAgent(options: AgentOptions) {
  return {
    run: (run: AgentRun, onMessage: (message: ModelMessage) => void, signal: AbortSignal) =>
      runAgent(options, run, { onMessage, signal }),
    recover: (place: AgentPlace, signal: AbortSignal) => recover(options, place, signal),
    session: (place: Pick<AgentPlace, 'attempt' | 'cwd'>) => sessionState(options, place),
    version: (signal: AbortSignal) => readVersion(options, signal),
  };
}

interface Listener {
  readonly onMessage: (message: ModelMessage) => void;
  readonly signal: AbortSignal;
}

async function runAgent(options: AgentOptions, run: AgentRun, listener: Listener): Promise<AgentReport> {
  const { sessionId } = run.attempt;
  const files = runFiles(run.directory);
  await mkdir(run.directory, { recursive: true });
  await writeFile(files.prefix, run.prefix);
  await writeFile(files.message, run.message);
  await using own = await writeOwnFiles(options, run);
  const launch = launchOf(options, run, own);
  const place = { env: launch.env, cwd: run.cwd, sessionId };
  const earlier = run.resume ? earlierOf(await readTranscript(place)) : nothingEarlier;
  if (run.resume) await writeEarlier(files.earlier, earlier);
  const messages = createMessages(listener.onMessage, earlier.ids);

  const { child, end, seen } = await runProcess({ options, run, launch, messages, signal: listener.signal });
  await sweep(`CLAUDE_CODE_SESSION_ID=${sessionId}`);
  if (end.kind !== 'exited') await removeTornWrites(run.cwd);

  const listed = messages.finish(await readTranscript(place));
  const { reported, unlisted } = crossCheck(seen.result, { place: run, listed, earlier });
  const unrecorded = await readLooseEnds({ directory: run.directory, place, seen, listed });
  [...unlisted, ...unrecorded].forEach(listener.onMessage);
  const facts = { end, seen, stderr: child.stderr, isStructured: run.schema !== undefined };
  return {
    outcome: decideOutcome(facts),
    sessionId,
    turns: seen.result?.turns ?? listed.filter(({ isSidechain }) => !isSidechain).length,
    durationMs: child.durationMs,
    reported,
    messages: [...listed, ...unlisted, ...unrecorded],
    permissionDenials: seen.result?.permissionDenials ?? 0,
    reads: await filesRead(seen.reads, run.cwd),
  };
}

/** After regen itself was killed: its run's processes may still be at work, and its files know what was paid for. */
async function recover(options: AgentOptions, place: AgentPlace, signal: AbortSignal): Promise<RecoveredRun> {
  const { sessionId, uuid } = place.attempt;
  await sweep(`REGEN_ATTEMPT=${uuid}`);
  await sweep(`CLAUDE_CODE_SESSION_ID=${sessionId}`);
  await removeTornWrites(place.cwd);
  signal.throwIfAborted();
  const files = runFiles(place.directory);
  await removeOwnFiles(place.directory);
  const earlier = await readEarlier(files.earlier);
  const messages = createMessages(() => undefined, earlier.ids);
  const splitter = createLineSplitter();
  const stream = await readFile(files.stream).catch(() => Buffer.alloc(0));
  let seen = nothingSeen;
  for (const line of [...splitter.push(stream), ...splitter.rest()]) {
    const event = parseEvent(line);
    seen = watch(seen, event);
    messages.see(event);
  }
  const session = { env: agentEnv(options), cwd: place.cwd, sessionId };
  const listed = messages.finish(await readTranscript(session));
  const { reported, unlisted } = crossCheck(seen.result, { place, listed, earlier });
  const unrecorded = await readLooseEnds({ directory: place.directory, place: session, seen, listed });
  return {
    messages: [...listed, ...unlisted, ...unrecorded],
    ended: endedAlone(seen),
    reported,
    lastSeenAt: await lastSign(files.stream, listed),
  };
}

/** When the stream was last written to, or the last answer came, whichever is later. */
async function lastSign(stream: string, messages: readonly ModelMessage[]): Promise<Date | null> {
  const written = await stat(stream).catch(() => null);
  const times = [...messages.map(({ answeredAt }) => answeredAt?.getTime()), written?.mtimeMs];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** A run that nobody watched any more and that went on to its end all the same. */
function endedAlone(seen: Watched): RecoveredRun['ended'] {
  if (seen.result === null) return null;
  const facts = { end: { kind: 'exited', code: 0 }, seen, stderr: '', isStructured: false } as const;
  const outcome = decideOutcome(facts);
  return outcome.kind === 'completed' ? { outcome, turns: seen.result.turns, durationMs: 0 } : null;
}

async function sessionState(
  options: AgentOptions,
  { attempt: { sessionId }, cwd }: Pick<AgentPlace, 'attempt' | 'cwd'>,
): Promise<SessionState> {
  const place = { env: agentEnv(options), cwd, sessionId };
  if (!(await hasTranscript(place))) return 'gone';
  const answers = (await readTranscript(place)).filter(({ message }) => message.model !== syntheticModel);
  return answers.length === 0 ? 'unanswered' : 'answered';
}

async function readVersion(options: AgentOptions, signal: AbortSignal): Promise<string> {
  const { end, stdout, stderr } = await runChild(
    {
      command: agentCommand(options, ['--version']),
      cwd: options.surroundings.root,
      env: agentEnv(options),
      timeoutMs: 30_000,
    },
    signal,
  );
  signal.throwIfAborted();
  if (end.kind === 'missing') throw missingProgram(options, end.cause);
  const version = /^\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  if (version !== undefined) return version;
  const name = options.config.agent.command.join(' ');
  throw new RegenError('environment', `"${name} --version" told no version: ${(stderr || stdout).trim()}`, {
    hint: 'Correct agent.command in regen.yaml, or reinstall Claude Code.',
  });
}

function launchOf({ config, surroundings }: AgentOptions, run: AgentRun, own: OwnFiles): Launch {
  return planLaunch({
    agent: config.agent,
    cache: run.ttl ?? configuredMode(run.model, config.cache),
    env: surroundings.env,
    attempt: run.attempt.uuid,
    sessionId: run.attempt.sessionId,
    resume: run.resume,
    model: run.model,
    maxUsd: run.maxUsd,
    schema: run.schema ?? null,
    readOnly: run.readOnly,
    prefixFile: runFiles(run.directory).prefix,
    diagnosticsFile: runFiles(run.directory).diagnostics,
    serversFile: own.servers,
    settingsFile: own.settings,
  });
}
