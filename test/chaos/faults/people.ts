/** What people and other programs do to an attempt that was just killed: files removed, the pull request decided on. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runGit } from '../../support/git-repo.js';
import type { Course, Fate } from '../course.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';
import { target, variants } from '../variants.js';
import type { Fault } from './fault.js';

export const peopleFaults: readonly Fault[] = [
  decided('people/pull-request-closed', 'closed', (scene) => scene.forge.closePullRequest(1)),
  decided('people/pull-request-merged', 'merged', (scene) => scene.forge.merge(1)),
  decided('people/pull-request-merged-branch-deleted', 'merged', mergeAndDelete),
  { name: 'people/invoked-twice', course: invokedTwice },
  removed('files/worktree-gone', (scene) => [path.join(scene.root, '.worktrees')]),
  removed('files/worktree-record-gone', (scene) => [path.join(scene.root, '.git', 'worktrees')]),
  removed('files/open-pointers-gone', (scene) => [path.join(scene.root, '.regen', 'open')]),
  removed('files/home-gone', (scene) => [scene.home], true),
];

/** Killed after the pull request was made, before its labels are all on; then somebody decides. */
function decided(name: string, fate: Fate, decide: (scene: Scene) => Promise<void>): Fault {
  return {
    name,
    course(random: Random): Course {
      const killOn = random.pick([
        'answered POST .*/pulls 201',
        'send POST .*/issues/1/labels',
        'answered POST .*/issues/1/labels',
      ]);
      let isDecided = false;
      return {
        variant: random.pick(variants),
        wish: () => ({ orders: isDecided ? {} : { killOn, whom: random.pick(['self', 'tree']) } }),
        async after(scene, invocation) {
          if (isDecided || !invocation.wasKilled) return;
          isDecided = true;
          await decide(scene);
        },
        tolerated: [],
        failure: null,
        fate: (item) => (item === 'bold' ? fate : 'open'),
        faults: () => (isDecided ? 1 : 0),
      };
    },
  };
}

async function mergeAndDelete({ forge, repository }: Scene): Promise<void> {
  await forge.merge(1);
  const git = (...args: readonly string[]) => runGit(repository.remote, args);
  const branch = `refs/heads/regen/${target}/bold`;
  await git('update-ref', 'refs/heads/main', branch);
  await git('update-ref', '-d', branch);
}

/** Cron starts a second regen while the first is at work: it has to wait, and to touch nothing. */
function invokedTwice(random: Random): Course {
  const nth = random.below(6);
  let seen = 0;
  const exits: (number | null)[] = [];
  return {
    variant: random.pick(variants),
    wish(scene, index) {
      if (index === 0) {
        scene.interpose(async () => {
          seen += 1;
          if (seen === nth + 1) exits.push((await scene.invoke({ args: ['--json'] })).exitCode);
          return null;
        });
      }
      return { orders: {} };
    },
    tolerated: [75], // what the second one had to wait for may be noted for the next
    failure: null,
    faults: () => exits.length,
    problems: () =>
      exits.every((exit) => exit === 75) ? [] : [`the second one exited with ${exits.join()}`],
  };
}

/** Killed anywhere, and then something is gone. */
function removed(name: string, what: (scene: Scene) => readonly string[], isKeptAsFolder = false): Fault {
  return {
    name,
    course(random: Random): Course {
      const killAt = 20 + random.below(360);
      let isRemoved = false;
      return {
        variant: random.pick(variants),
        wish: () => ({ orders: { killAt, whom: 'tree' } }),
        async after(scene, invocation) {
          if (isRemoved || !invocation.wasKilled) return;
          isRemoved = true;
          for (const folder of what(scene)) {
            const names = isKeptAsFolder ? await readdir(folder) : ['.'];
            for (const one of names) {
              const removedPath = one === '.' ? folder : path.join(folder, one);
              await rm(removedPath, { recursive: true, force: true });
            }
          }
        },
        tolerated: [],
        failure: null,
        faults: () => (isRemoved ? 1 : 0),
      };
    },
  };
}
