/** Errors for people and for scripts. */
import { CommanderError } from 'commander';
import { exitStatus, RegenError } from '../model/errors.js';
import type { ErrorCode } from '../model/errors.js';
import type { Reporter } from './reporter.js';

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** Prints what went wrong and returns the exit status. */
export function reportError(reporter: Reporter, error: unknown): number {
  const problem = problemOf(error);
  const exit = exitStatus[problem.code];
  const lines = [`regen: ${problem.message}`, ...(problem.hint === null ? [] : [problem.hint])];
  if (problem.code === 'bug') lines.push(...bugReport(error));
  reporter.problem(lines, { error: problem, exit });
  return exit;
}

function problemOf(error: unknown): Problem {
  if (error instanceof RegenError) return { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof CommanderError) return usageProblem(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'bug', message: `a bug in regen: ${message}`, hint: null };
}

/** commander writes `error: unknown option '--jsn'\n(Did you mean --json?)`. */
function usageProblem(error: CommanderError): Problem {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\(|\)$/g, '') ?? 'See "regen --help".';
  return { code: 'usage', message, hint };
}

function bugReport(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [stack, 'Nothing was marked. Please report this text together with the command and .regen-plan.md.'];
}
