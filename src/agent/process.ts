/** The process of one run: started, followed through its stream file, and ended for certain. */
import type { AgentRun } from '../model/agent.js';
import { runChild } from '../system/child.js';
import type { ChildResult } from '../system/child.js';
import { agentCommand, missingProgram } from './command.js';
import type { AgentOptions } from './command.js';
import { parseEvent } from './events.js';
import { followLines } from './follow.js';
import type { Launch } from './launch.js';
import type { Messages } from './messages.js';
import type { RunEnd } from './outcome.js';
import { endOfFile, runFiles } from './run-files.js';
import { isLoginRefused, isToolAtWork, nothingSeen, watch } from './watch.js';
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
 * Runs to the end, or ends the run: at its wall limit, after too long a silence, when the login is refused, on abort.
 *
 * @throws RegenError `environment` when there is no such program.
 */
export async function runProcess({ options, run, launch, messages, signal }: WatchedRun): Promise<EndedRun> {
  const { agent } = options.config;
  const files = runFiles(run.directory);
  const stopping = new AbortController();
  let seen = nothingSeen;
  let lastNews = performance.now();
  const start = await endOfFile(files.stream);
  const running = runChild(
    {
      command: agentCommand(options, launch.args),
      cwd: run.cwd,
      env: launch.env,
      stdin: run.message,
      stdout: files.stream,
      stderr: files.stderr,
      timeoutMs: agent.timeout,
      stopSignal: 'SIGINT', // the only one that makes Claude Code end its tools' processes as well
      marker: `REGEN_ATTEMPT=${run.attempt.uuid}`,
    },
    AbortSignal.any([signal, stopping.signal]),
  );
  const follower = {
    line(line: string) {
      const event = parseEvent(line);
      seen = watch(seen, event);
      messages.see(event);
    },
    looked(hasNews: boolean) {
      if (hasNews || isToolAtWork(seen)) lastNews = performance.now();
      if (isLoginRefused(seen)) stopping.abort('login_refused');
      else if (performance.now() - lastNews > agent.idle) stopping.abort('idle_timeout');
    },
  };
  try {
    await followLines({ path: files.stream, start }, follower, running);
  } finally {
    stopping.abort(); // changes nothing unless following failed: then nobody would look after the process
    await running;
  }
  const child = await running;
  return { child, end: endOf(child, { options, stopping: stopping.signal, signal }), seen };
}

interface EndFacts {
  readonly options: AgentOptions;
  readonly stopping: AbortSignal;
  readonly signal: AbortSignal;
}

function endOf({ end }: ChildResult, { options, stopping, signal }: EndFacts): RunEnd {
  switch (end.kind) {
    case 'exited':
    case 'signalled':
      return end;
    case 'timed_out':
      return { kind: 'wall_timeout' };
    case 'aborted':
      if (signal.aborted) return { kind: 'interrupted' };
      return { kind: stopping.reason === 'login_refused' ? 'login_refused' : 'idle_timeout' };
    case 'missing':
      throw missingProgram(options, end.cause);
  }
}
