/** A remote that refuses or is gone, locks that somebody else holds, a base that moves. */
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runGit } from '../../support/git-repo.js';
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';
import { plain, target, variants } from '../variants.js';
import { brokenDuring, drawMoment } from './fault.js';
import type { Breakage, Fault, Moment } from './fault.js';

/** As many as a cycle of two items has. */
const invocations = 4;

export const gitFaults: readonly Fault[] = [
  { name: 'git/push-refused', course: pushRefused },
  passing('git/remote-gone', { break: moveRemote, mend: moveRemoteBack }),
  // While the agent works, a change of git's settings would be the agent's, and fail the item.
  betweenInvocations('git/remote-unreachable', {
    break: (scene) => setUrl(scene, 'http://127.0.0.1:9/o/r.git'),
    mend: (scene) => setUrl(scene, scene.repository.remote),
  }),
  passing('git/lock-index', lockFile('index.lock')),
  passing('git/lock-packed-refs', lockFile('packed-refs.lock')),
  passing('git/lock-config', lockFile('config.lock')),
  passing('git/lock-fetched-ref', lockFile('refs/remotes/origin/main.lock')),
  { name: 'git/lock-remote-branch', course: remoteBranchLocked },
  passing('git/base-moved', { break: moveBase, mend: () => Promise.resolve() }),
];

/** The item stays open, and a later invocation ships it. */
function passing(name: string, breakage: Breakage): Fault {
  return {
    name,
    course: (random) => passingAt(drawMoment(random, invocations), random, breakage),
  };
}

/** The same, but never in the middle of an invocation. */
function betweenInvocations(name: string, breakage: Breakage): Fault {
  return {
    name,
    course: (random) =>
      passingAt({ invocation: random.below(invocations), isMidway: false }, random, breakage),
  };
}

function passingAt(moment: Moment, random: Random, breakage: Breakage): Course {
  return {
    variant: random.pick(variants),
    ...brokenDuring(moment, breakage),
    tolerated: [3, 75],
    failure: null,
  };
}

/** A hook of the remote refuses the first push, or the first two. */
function pushRefused(random: Random): Course {
  const times = 1 + random.below(2);
  const marks = (scene: Scene, number: number) => path.join(scene.folder, `refusal-${number}`);
  return {
    variant: random.pick(variants),
    async wish(scene, index) {
      if (index === 0) {
        // Each item is retried once.
        const lines = Array.from({ length: Math.min(times, scene.variant.items.length) }, (_, number) => {
          const mark = marks(scene, number);
          return `if [ ! -e '${mark}' ]; then touch '${mark}'; echo 'not today' >&2; exit 1; fi\n`;
        });
        const hook = path.join(scene.repository.remote, 'hooks', 'pre-receive');
        await mkdir(path.dirname(hook), { recursive: true });
        await writeFile(hook, `#!/bin/sh\n${lines.join('')}`, { mode: 0o755 });
      }
      return { orders: {} };
    },
    tolerated: [],
    failure: /^push of /,
    isRetryFree: true,
    faults: async (scene) => {
      const made = await Promise.all([0, 1].map((number) => exists(marks(scene, number))));
      return made.filter(Boolean).length;
    },
  };
}

/** Somebody else's push to the branch never ended. */
function remoteBranchLocked(random: Random): Course {
  const item = random.pick(plain.items);
  const lock = (scene: Scene) =>
    path.join(scene.repository.remote, 'refs', 'heads', 'regen', target, `${item}.lock`);
  return {
    variant: random.pick(variants),
    ...brokenDuring(
      { invocation: 1 + plain.items.indexOf(item), isMidway: true },
      {
        async break(scene) {
          await mkdir(path.dirname(lock(scene)), { recursive: true });
          await writeFile(lock(scene), '');
        },
        mend: (scene) => rm(lock(scene), { force: true }),
      },
    ),
    tolerated: [3, 75],
    failure: /^push of /,
    isRetryFree: true,
  };
}

function lockFile(name: string): Breakage {
  const file = (scene: Scene) => path.join(scene.root, '.git', name);
  return {
    async break(scene) {
      await mkdir(path.dirname(file(scene)), { recursive: true });
      await writeFile(file(scene), '');
    },
    mend: (scene) => rm(file(scene), { force: true }),
  };
}

async function moveRemote({ repository }: Scene): Promise<void> {
  await rename(repository.remote, `${repository.remote}.away`);
}

async function moveRemoteBack({ repository }: Scene): Promise<void> {
  await rename(`${repository.remote}.away`, repository.remote);
}

async function setUrl({ repository }: Scene, url: string): Promise<void> {
  await repository.git('config', 'remote.origin.url', url);
}

/** Somebody merges something else. */
async function moveBase({ repository }: Scene): Promise<void> {
  const git = (...args: readonly string[]) => runGit(repository.remote, args);
  const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.invalid'];
  const tree = await git('rev-parse', 'main^{tree}');
  const commit = await git(...who, 'commit-tree', tree, '-p', 'main', '-m', 'Something else');
  await git('update-ref', 'refs/heads/main', commit);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
