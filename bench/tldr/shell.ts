/** A step's git work, as a person would write it down in a shell script. */
import type { Scene } from './scene.js';
import { addition } from './editor.js';
import { succeed } from '../measure.js';
import type { Measured } from '../measure.js';

// checkout-index -u: without it the next command would read all 38,000 files again.
const script = `set -e
page=$1 branch=$2 worktree=$3
git fetch --quiet --no-tags origin +refs/heads/main:refs/remotes/origin/main
base=$(git rev-parse refs/remotes/origin/main)
git worktree add --quiet --no-checkout --detach "$worktree" "$base"
cd "$worktree"
git read-tree "$base"
git -c checkout.workers=$4 checkout-index -a -u
awk -v addition='${addition}' '{ print } /^> / && !done { print addition; done = 1 }' "$page" > page.tmp
mv page.tmp "$page"
git add --all
git commit --quiet --message "$page: refresh page"
git push --quiet origin "HEAD:refs/heads/$branch"
cd "$OLDPWD"
git worktree remove --force "$worktree"
`;

export interface ShellRun {
  readonly page: string;
  /** What keeps branches and worktrees apart. */
  readonly name: string;
  /** Files that git writes at the same time; its own default is 1, regen has it write 4. */
  readonly workers: number;
}

export function runShell(scene: Scene, { page, name, workers }: ShellRun): Promise<Measured> {
  const values = [page, `shell/${name}`, `${scene.root}/.worktrees/shell-${name}`, String(workers)];
  return succeed({ command: ['sh', '-c', script, 'sh', ...values], cwd: scene.root, env: scene.env });
}
