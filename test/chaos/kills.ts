/** SIGKILL at random instants of a cycle, and at every boundary between two of its effects. */
import { countStates } from '../../src/model/plan.js';
import type { Course } from './course.js';
import { createRandom } from './random.js';
import type { Killing, Scene, Whom } from './scene.js';
import type { Trial } from './trial.js';
import type { Variant } from './variants.js';

/** No fault: the course of a trial that is only watched. */
export function undisturbed(variant: Variant): Trial {
  return {
    group: 'undisturbed',
    id: `undisturbed/${variant.name}`,
    course: () => ({ ...endsOf(variant), wish: () => ({ orders: {} }) }),
  };
}

/** How long each invocation of an undisturbed cycle takes, in milliseconds, by the variant's name. */
export type StepLengths = ReadonlyMap<string, readonly number[]>;

const whoms: readonly Whom[] = ['self', 'group', 'tree'];

/** One to three kills within a cycle, each at an instant drawn evenly from the length of a step. */
export function randomKills(
  seed: number,
  number: number,
  of: readonly Variant[],
  lengths: StepLengths,
): Trial {
  const id = `kill/${number}`;
  const random = createRandom(seed, id);
  const variant = random.pick(of);
  const steps = lengths.get(variant.name) ?? [];
  const whole = steps.reduce((sum, ms) => sum + ms, 0);
  const drawn = Array.from({ length: 1 + random.below(3) }, () => {
    // Most instants fall into the long steps; some are kept for the short ones.
    const step = random.below(4) === 0 ? random.below(steps.length) : stepAt(steps, random.next() * whole);
    return { step, kill: { afterMs: random.next() * (steps[step] ?? 0), whom: random.pick(whoms) } };
  });
  return {
    group: 'killed at random',
    id,
    course: () => {
      const pending = [...drawn];
      return {
        ...endsOf(variant),
        async wish(scene, invocation) {
          const step = variant.worker === undefined ? await stepOf(scene) : invocation;
          const index = pending.findIndex((one) => one.step === step);
          const kill: Killing | null = index === -1 ? null : (pending.splice(index, 1)[0]?.kill ?? null);
          return { orders: {}, kill };
        },
      };
    },
  };
}

function stepAt(steps: readonly number[], instant: number): number {
  let left = instant;
  const index = steps.findIndex((ms) => (left -= ms) < 0);
  return index === -1 ? steps.length - 1 : index;
}

/** 0: plan, then one per item, then the archive. */
async function stepOf(scene: Scene): Promise<number> {
  const plan = await scene.plan().catch(() => null);
  if (plan === null) return (await scene.archived()).length === 0 ? 0 : scene.variant.items.length + 1;
  return 1 + plan.items.length - countStates(plan.items).todo;
}

export interface Boundary {
  readonly variant: Variant;
  readonly whom: 'self' | 'tree';
  /** A write that the kill hits is cut in half. */
  readonly isTorn: boolean;
}

/** Killed right after the n-th effect of a cycle. */
export function boundaryKill({ variant, whom, isTorn }: Boundary, at: number): Trial {
  const way = `${whom}${isTorn ? '-torn' : ''}`;
  const course: Course = {
    ...endsOf(variant),
    wish: () => ({ orders: { killAt: at, whom, isTorn } }),
  };
  return {
    group: 'killed between two effects',
    id: `boundary/${variant.name.replace(' ', '-')}/${way}/${at}`,
    course: () => course,
  };
}

/** Killed after the first event whose name matches. */
export function killOn(pattern: string, variant: Variant): Trial {
  let isDone = false;
  return {
    group: 'killed at an effect',
    id: `on/${pattern}`,
    course: () => ({
      ...endsOf(variant),
      wish: () => ({ orders: isDone ? {} : { killOn: pattern, whom: 'tree' } }),
      after: (_scene, { wasKilled }) => {
        isDone ||= wasKilled;
      },
    }),
  };
}

/** What a kill may not change: every item comes to what it comes to without one. */
function endsOf(variant: Variant): Omit<Course, 'wish'> {
  const { worker } = variant;
  const ends = { variant, tolerated: [], failure: worker?.failure ?? null };
  return worker === undefined ? ends : { ...ends, isFinal: true, fate: worker.fate };
}
