/** regen's own files stay out of every commit. */
import { missing, ok, warning } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

const plan = '.regen-plan.md';
const own = [plan, '.regen-history/', '.worktrees/', '.regen/'];

export async function examineIgnored({ git }: Site, signal: AbortSignal): Promise<Finding> {
  const tracked = (await git.run(['ls-files', '-z', '--', ...own], signal)).stdout
    .split('\0')
    .filter(Boolean);
  if (tracked.includes(plan)) {
    return missing(`${plan} is tracked by git`, `git rm --cached ${plan}, and commit that.`);
  }
  if (tracked[0] !== undefined) {
    const files = tracked.length === 1 ? tracked[0] : `${tracked[0]} and ${tracked.length - 1} more`;
    return warning(`tracked by git: ${files}`, 'git rm -r --cached what is not meant to be committed.');
  }
  // check-ignore refuses to work with literal pathspecs, which our git sets for everything else.
  const args = ['--no-literal-pathspecs', 'check-ignore', '--no-index', '--', ...own];
  const ignored = (await git.run(args, signal)).stdout.split('\n');
  const open = own.filter((path) => !ignored.includes(path));
  if (open.length === 0) return ok(own.join(', '));
  return ok(`the first step adds to .git/info/exclude: ${open.join(', ')}`);
}
