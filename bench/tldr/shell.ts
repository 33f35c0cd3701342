/** The same git work as a step's, as a person would write it down in a shell script. */
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
git checkout-index -a -u
awk -v addition='${addition}' '{ print } /^> / && !done { print addition; done = 1 }' "$page" > page.tmp
mv page.tmp "$page"
git add --all
git commit --quiet --message "$page: refresh page"
git push --quiet origin "HEAD:refs/heads/$branch"
cd "$OLDPWD"
git worktree remove --force "$worktree"
`;

export function runShell(scene: Scene, page: string, number: number): Promise<Measured> {
  const names = [page, `shell/${number}`, `${scene.root}/.worktrees/shell-${number}`];
  return succeed({ command: ['sh', '-c', script, 'sh', ...names], cwd: scene.root, env: scene.env });
}
