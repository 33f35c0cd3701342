/** Runs git for what needs the remote. */
import { createMask } from '../system/mask.js';
import { fixedArguments, gitEnvironment } from './git-environment.js';
import type { GitResult } from './git.js';
import { essence } from './git-messages.js';
import { collectGitProcess } from './git-process.js';

export interface NetworkCall {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A network command that ran to its end, or was ended because the remote fell silent. */
export interface NetworkResult extends GitResult {
  /** Why it failed, in one line, secrets masked. */
  readonly reason: string;
  readonly isSilent: boolean;
}

export interface Network {
  run(call: NetworkCall, signal: AbortSignal): Promise<NetworkResult>;
}

/** A remote that says nothing for so long, in ms, doesn't answer; with `--progress` git speaks up every second. */
const silenceMs = 120_000;

/** curl's own limit notices a stalled transfer earlier, and tells it better. */
const networkSettings = ['http.lowSpeedLimit=1', 'http.lowSpeedTime=60', 'fetch.recurseSubmodules=false'];

export function createNetwork(place: {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Network {
  const base = gitEnvironment(place.env);
  const mask = createMask(place.env);
  const settings = networkSettings.flatMap((setting) => ['-c', setting]);
  return {
    async run(call, signal) {
      const process = {
        args: [...fixedArguments, ...settings, ...call.args],
        cwd: place.root,
        env: { ...base, ...call.env },
        silenceMs,
      };
      const end = await collectGitProcess(process, signal);
      const isSilent = end.stopped === 'silent';
      return {
        exitCode: end.exitCode,
        stdout: end.stdout,
        stderr: end.stderr,
        reason: isSilent ? `the remote said nothing for ${silenceMs / 1000} s` : mask(essence(end.stderr)),
        isSilent,
      };
    },
  };
}
