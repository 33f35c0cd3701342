/** A clock that is set back or forward: between two invocations, or in the middle of one. */
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import { variants } from '../variants.js';
import type { Fault } from './fault.js';

const hour = 3_600_000;

export const clockFaults: readonly Fault[] = [
  { name: 'clock/back', course: (random) => shifted(random, -2 * hour) },
  { name: 'clock/forward', course: (random) => shifted(random, 26 * hour) },
];

/** Wrong from an event on; in half of the trials the invocation that meets it is killed soon after. */
function shifted(random: Random, shiftMs: number): Course {
  const shiftAt = 1 + random.below(380);
  const killAt = random.below(2) === 0 ? shiftAt + random.below(60) : undefined;
  const lasts = 1 + random.below(4);
  let left = lasts;
  let isMet = false;
  return {
    variant: random.pick(variants),
    async wish(scene) {
      const events = (await scene.events()).length;
      // After a while the clock is right again, as after a correction of the correction.
      if (events >= shiftAt) left -= 1;
      const isWrong = left > 0;
      const order = killAt === undefined ? {} : { killAt };
      return { orders: isWrong ? { ...order, shiftMs, shiftAt } : order };
    },
    async after(scene) {
      isMet ||= (await scene.events()).length >= shiftAt;
    },
    tolerated: [],
    failure: null,
    faults: () => (isMet ? 1 : 0),
  };
}
