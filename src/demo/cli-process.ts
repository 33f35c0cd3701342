/** One invocation of the real `regen` as a child process. */
import { RegenError } from '../model/errors.js';
import { errorDocument, stepDocument } from '../model/step-document.js';
import type { ReadStep } from '../model/step-document.js';
import { runChild } from '../system/child.js';
import type { Marker } from '../system/processes.js';

export interface CliPlace {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What every process of the invocation carries in its environment. */
  readonly marker: Marker;
}

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `regen` with the arguments. */
export type RunCli = (args: readonly string[], place: CliPlace, signal: AbortSignal) => Promise<CliRun>;

/** Longer than what `regen` itself grants its agent between SIGINT and SIGKILL. */
const graceMs = 15_000;

/** @param cliPath - the built command line, such as `dist/cli.js`, absolute. */
export function createRunCli(cliPath: string): RunCli {
  return async (args, place, signal) => {
    const { end, stdout, stderr } = await runChild(
      { command: [process.execPath, cliPath, ...args], ...place, stopSignal: 'SIGINT', graceMs },
      signal,
    );
    signal.throwIfAborted();
    if (end.kind === 'exited') return { exitCode: end.code, stdout, stderr };
    throw new RegenError(
      'bug',
      `regen ${args.join(' ')} ended without an exit status: ${end.kind}\n${stderr}`,
    );
  };
}

/** @throws RegenError that carries on what stopped the invocation. */
export function readStep(run: CliRun): ReadStep {
  const document = parseJson(run);
  const step = stepDocument.safeParse(document);
  if (step.success) return step.data;
  const problem = errorDocument.safeParse(document);
  if (!problem.success)
    throw new RegenError('bug', `regen --json printed something else: ${run.stdout}${run.stderr}`);
  const { code, message, hint } = problem.data.error;
  throw new RegenError(code, message, { hint: hint ?? undefined });
}

function parseJson(run: CliRun): unknown {
  try {
    return JSON.parse(run.stdout);
  } catch (cause) {
    const said = `${run.stdout}${run.stderr}`.trim();
    throw new RegenError('bug', `regen exited with ${run.exitCode} and no document: ${said}`, { cause });
  }
}
