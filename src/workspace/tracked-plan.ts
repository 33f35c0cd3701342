/** A plan that git tracks: a commit would carry it, and a checkout would write over it. */
import { RegenError } from '../model/errors.js';
import { fixedArguments, gitEnvironment } from './git-environment.js';
import { collectGitProcess } from './git-process.js';

export const planFile = '.regen-plan.md';

/** Lists the plan if it is tracked, else nothing. */
export const trackedPlan: readonly string[] = ['ls-files', '-z', '--', planFile];

export function trackedPlanError(): RegenError {
  return new RegenError('plan', `${planFile} is tracked by git, so a commit would carry it`, {
    hint: `git rm --cached ${planFile} && git commit, then run regen again.`,
  });
}

/**
 * The same for commands that need nothing else of git, in one child and without loading what the step needs.
 *
 * @throws RegenError `plan` when the plan is tracked.
 */
export async function ensurePlanUntracked(
  place: { readonly root: string; readonly env: Readonly<Record<string, string | undefined>> },
  signal: AbortSignal,
): Promise<void> {
  const args = [...fixedArguments, ...trackedPlan];
  const listed = await collectGitProcess({ args, cwd: place.root, env: gitEnvironment(place.env) }, signal);
  if (listed.exitCode === 0 && listed.stdout !== '') throw trackedPlanError();
}
