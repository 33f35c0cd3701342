/** Writes that fail: once, a few times, or for the rest of the invocation. */
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';
import { variants } from '../variants.js';
import type { Fault } from './fault.js';

/** Fewer than a cycle's effects, so that the fault is met. */
const effects = 380;

export const diskFaults: readonly Fault[] = [
  full('disk/full-once', 'ENOSPC', 1),
  full('disk/full-for-a-while', 'ENOSPC', 6),
  full('disk/full', 'ENOSPC', Infinity),
  full('disk/read-only', 'EROFS', Infinity),
  full('disk/denied', 'EACCES', Infinity),
  full('disk/input-output-error', 'EIO', 1),
  full('disk/too-many-files', 'EMFILE', 1),
];

function full(name: string, errorCode: string, times: number): Fault {
  return {
    name,
    course(random: Random): Course {
      const failAt = 1 + random.below(effects);
      const failures = Number.isFinite(times) ? times : 1e9;
      let isOver = false;
      return {
        variant: random.pick(variants),
        wish: () => ({ orders: isOver ? {} : { failAt, failures, errorCode } }),
        // Mended once the invocation that met it is over.
        async after(scene) {
          isOver ||= (await scene.failedWrites()) > 0;
        },
        tolerated: [3, 75],
        failure: null,
        faults: async (scene: Scene) => Math.min(1, await scene.failedWrites()),
      };
    },
  };
}
