/** The process of one run: started, followed through its stream file, and ended for certain. */
import type { AgentRun } from '../model/agent.js';
import { runChild } from '../system/child.js';
import type { ChildResult } from '../system/child.js';
import { agentCommand, missingProgram } from './command.js';
import type { AgentOptions } from './command.js';
import { parseEvent } from './events.js';
import { followLines } from './follow.js';
import type { Follower } from './follow.js';
import type { Launch } from './launch.js';
import type { Messages } from './messages.js';
import type { RunEnd } from './outcome.js';
import { endOfFile, runFiles } from './run-files.js';
import { asksForMore, overWindow, reasonToStop } from './limits.js';
import type { RunLimits } from './limits.js';
import { isToolAtWork, nothingSeen, watch } from './watch.js';
import type { Watched } from './watch.js';

interface WatchedRun {
  readonly options: AgentOptions;
  readonly run: AgentRun;
  readonly launch: Launch;
  readonly messages: Messages;
  readonly signal: AbortSignal;
}

interface EndedRun {
  readonly child: ChildResult;
  readonly end: RunEnd;
  readonly seen: Watched;
}

/**
 * Runs to the end, or ends the run: at its limits of time, money and context, after too long a silence, when the login is
 * refused, on abort.
 */
export async function runProcess({ options, run, launch, messages, signal }: WatchedRun): Promise<EndedRun> {
  const files = runFiles(run.directory);
  const supervisor = createSupervisor(limitsOf(options, run), messages, run);
  const start = await endOfFile(files.stream);
  const running = runChild(
    {
      command: agentCommand(options, launch.args),
      cwd: run.cwd,
      env: launch.env,
      stdin: run.message,
      stdout: files.stream,
      stderr: files.stderr,
      stopSignal: 'SIGINT', // the only one that makes Claude Code end its tools' processes as well
      marker: `REGEN_ATTEMPT=${run.attempt.uuid}`,
      onWork: () => {
        supervisor.computed();
      },
    },
    AbortSignal.any([signal, supervisor.signal]),
  );
  try {
    await followLines({ path: files.stream, start }, supervisor, running);
  } finally {
    supervisor.letGo(); // when following failed, nobody looks after the process any more
    await running;
  }
  const child = await running;
  const { seen, stopped } = supervisor.state();
  switch (child.end.kind) {
    case 'exited':
    case 'signalled':
      return { child, end: child.end, seen };
    case 'timed_out':
    case 'aborted':
      return { child, end: stopped ?? { kind: 'interrupted' }, seen };
    case 'missing':
      return { child, end: { kind: 'not_started', why: missingProgram(options, child.end.cause) }, seen };
  }
}

/** The window is that of agent.model: a judge has its own. */
function limitsOf({ config: { agent } }: AgentOptions, run: AgentRun): RunLimits {
  const { timeout, idle, context } = agent;
  return run.model === agent.model ? { timeout, idle, context } : { timeout, idle };
}

interface Supervisor extends Follower {
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
  letGo(): void;
  /** Something that the run started has computed. */
  computed(): void;
  state(): { readonly seen: Watched; readonly stopped: RunEnd | null };
}

function createSupervisor(
  limits: RunLimits,
  messages: Messages,
  { moneyUsedUp, onAnswering }: Pick<AgentRun, 'moneyUsedUp' | 'onAnswering'>,
): Supervisor {
  const stopping = new AbortController();
  const started = performance.now();
  let lastNews = started;
  let seen = nothingSeen;
  let stopped: RunEnd | null = null;
  let isComputing = false;
  let isOverspending = false;
  let isAnswering = false;
  let fullAt: number | null = null;
  return {
    signal: stopping.signal,
    line(line) {
      const event = parseEvent(line);
      if (event.kind === 'start' && !isAnswering) onAnswering?.();
      isAnswering ||= event.kind === 'start';
      isOverspending ||= moneyUsedUp?.aborted === true && asksForMore(event);
      seen = watch(seen, event);
      fullAt ??= overWindow(seen, limits);
      messages.see(event);
    },
    looked(hasNews) {
      const now = performance.now();
      if (hasNews || isToolAtWork(seen, isComputing)) lastNews = now;
      isComputing = false;
      const standing = { elapsed: now - started, silence: now - lastNews, isOverspending, fullAt };
      stopped ??= reasonToStop(seen, standing, limits);
      if (stopped !== null) stopping.abort();
    },
    letGo() {
      stopping.abort();
    },
    computed() {
      isComputing = true;
    },
    state: () => ({ seen, stopped }),
  };
}
