/** Errors for people and for scripts. */
import { exitStatus, RegenError } from '../model/errors.js';
import type { ErrorCode } from '../model/errors.js';
import { isErrno } from '../system/errno.js';
import { createMask } from '../system/mask.js';
import type { Mask } from '../system/mask.js';
import type { Reporter } from './reporter.js';

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** Prints what went wrong and returns the exit status. */
export function reportError(reporter: Reporter, error: unknown): number {
  const mask = createMask(process.env);
  const problem = masked(problemOf(error), mask);
  const exit = exitStatus[problem.code];
  const lines = [`regen: ${problem.message}`, ...(problem.hint === null ? [] : [problem.hint])];
  if (problem.code === 'bug') lines.push(...bugReport(error));
  const retryAt = error instanceof RegenError && error.code === 'wait' ? { retryAt: error.retryAt } : {};
  reporter.problem(lines.map(mask), { error: problem, exit, ...retryAt });
  return exit;
}

/** An error may quote what it was told: a header, a URL, a child's last words. */
function masked({ code, message, hint }: Problem, mask: Mask): Problem {
  return { code, message: mask(message), hint: hint === null ? null : mask(hint) };
}

function problemOf(error: unknown): Problem {
  if (error instanceof RegenError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return isErrno(error, ...refusals)
    ? { code: 'environment', message, hint: diskHint }
    : { code: 'bug', message: `a bug in regen: ${message}`, hint: null };
}

function bugReport(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [stack, 'Nothing was marked. Please report this text together with the command and .regen-plan.md.'];
}

/** What a file system says of rights, room and things in each other's way. A file that is missing is our own fault. */
const refusals = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EISDIR', 'ENOTDIR', 'EEXIST'],
  ...['ENOTEMPTY', 'ELOOP', 'ENAMETOOLONG', 'EMFILE', 'ENFILE', 'EBUSY'],
];

const diskHint =
  'The repository, .git, .regen, .worktrees and .regen-history have to be folders that can be written.';
