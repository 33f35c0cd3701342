/** Every fault in turn, each time with other particulars. */
import type { Course } from './course.js';
import { clockFaults } from './faults/clock.js';
import { diskFaults } from './faults/disk.js';
import type { Fault } from './faults/fault.js';
import { forgeFaults } from './faults/forge.js';
import { gitFaults } from './faults/git.js';
import { modelFaults } from './faults/model.js';
import { peopleFaults } from './faults/people.js';
import { createRandom } from './random.js';
import type { Random } from './random.js';
import type { Trial } from './trial.js';

const faults: readonly Fault[] = [
  ...gitFaults,
  ...modelFaults,
  ...diskFaults,
  ...forgeFaults,
  ...clockFaults,
  ...peopleFaults,
];

/** A stride that visits every fault before any a second time, and neighbours far apart. */
const stride = 17;

/** The n-th fault trial of a seed. */
export function faultTrial(seed: number, number: number): Trial {
  const fault = faults[(number * stride) % faults.length];
  if (fault === undefined) throw new Error('there are no faults');
  return faultNamed(seed, `${fault.name}/${number}`);
}

/** By its id, which ends with the number of the trial. */
export function faultNamed(seed: number, id: string): Trial {
  const name = id.replace(/\/\d+$/, '');
  const fault = faults.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  const course = (): Course => {
    const random = createRandom(seed, id);
    const drawn = fault.course(random);
    return /^(?:git|forge|model)\//.test(name) && random.below(4) === 0 ? withKill(drawn, random) : drawn;
  };
  return { group: `${name.split('/')[0] ?? ''} fault`, id: `fault/${id}`, course };
}

/** How long an item takes, about. */
const itemMs = 2500;

/** Trouble seldom comes alone: one of the invocations is killed besides. */
function withKill(course: Course, random: Random): Course {
  const at = 1 + random.below(2);
  const kill = { afterMs: random.next() * itemMs, whom: random.pick(['self', 'group', 'tree'] as const) };
  return {
    ...course,
    wish: async (scene, index) => ({ ...(await course.wish(scene, index)), ...(index === at && { kill }) }),
  };
}
