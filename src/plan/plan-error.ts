import { RegenError } from '../model/errors.js';

/** The plan's name in the repository's root. */
export const planFile = '.regen-plan.md';

/** An error that names the plan's line, 1-based. */
export function planError(line: number, problem: string, hint: string): RegenError {
  return new RegenError('plan', `${planFile}:${line}: ${problem}`, { hint });
}
