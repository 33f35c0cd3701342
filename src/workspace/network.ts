/** Runs git for what needs the remote: simple-git brings abort, and a limit on silence. */
import { Buffer } from 'node:buffer';
import type { SimpleGitOptions } from 'simple-git';
import { RegenError } from '../model/errors.js';
import { createMask } from '../system/mask.js';
import type { Mask } from '../system/mask.js';
import { gitEnvironment, fixedSettings } from './git-environment.js';
import type { GitResult } from './git.js';
import { essence } from './git-messages.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface NetworkCall {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A network command that ran to its end, or was ended because the remote fell silent. */
export interface NetworkResult extends GitResult {
  /** stderr in one line, secrets masked. */
  readonly reason: string;
  readonly isSilent: boolean;
}

export interface Network {
  run(call: NetworkCall, signal: AbortSignal): Promise<NetworkResult>;
}

/** A remote that says nothing for so long, in ms, doesn't answer; git reports its progress every second. */
const silenceMs = 120_000;

/** curl's own limit catches a stalled transfer earlier, and tells it better. */
const networkSettings = ['http.lowSpeedLimit=1', 'http.lowSpeedTime=60', 'fetch.recurseSubmodules=false'];

/** simple-git refuses what could run programs when it comes from untrusted hands; here all of it is ours or the user's. */
const unsafe: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
};

export function createNetwork(place: { readonly root: string; readonly env: Env }): Network {
  const base = gitEnvironment(place.env);
  const mask = createMask(place.env);
  return {
    async run(call, signal) {
      signal.throwIfAborted();
      const { simpleGit, GitPluginError } = await import('simple-git');
      const env = { ...base, ...call.env };
      let ended: Ended = { exitCode: 0, stdErr: [], stdOut: [] };
      const git = simpleGit({
        baseDir: place.root,
        config: [...fixedSettings, ...networkSettings],
        abort: signal,
        timeout: { block: silenceMs },
        // Wait for the streams' end only: simple-git may otherwise go on 50 ms after the exit, without the rest.
        completion: { onClose: true, onExit: false },
        unsafe,
        allowEnvironment: Object.keys(env),
        // Every exit status is an answer here; the callers read it.
        errors: (_error, result) => void (ended = result),
      }).env(env);
      try {
        const stdout = await git.raw([...call.args]);
        signal.throwIfAborted();
        return asResult(ended, stdout, mask);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof GitPluginError && cause.plugin === 'timeout') return silent(ended, mask);
        throw notStarted(call, cause);
      }
    },
  };
}

interface Ended {
  readonly exitCode: number;
  readonly stdErr: Buffer[];
  readonly stdOut: Buffer[];
}

function asResult(ended: Ended, stdout: string, mask: Mask): NetworkResult {
  const stderr = Buffer.concat(ended.stdErr).toString('utf8');
  return { exitCode: ended.exitCode, stdout, stderr, reason: mask(essence(stderr)), isSilent: false };
}

function silent(ended: Ended, mask: Mask): NetworkResult {
  const reason = `the remote said nothing for ${silenceMs / 1000} s`;
  return { ...asResult(ended, '', mask), exitCode: 128, reason, isSilent: true };
}

function notStarted(call: NetworkCall, cause: unknown): RegenError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RegenError('environment', `git ${call.args[0] ?? ''} could not be run: ${why}`, { cause });
}
