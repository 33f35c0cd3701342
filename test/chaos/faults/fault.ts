/** Parts that faults are made of. */
import type { ScriptedReply } from '../../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../../src/demo/model/request.js';
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import type { InvocationWish, Scene } from '../scene.js';

/** A way in which things go wrong; what it leaves open is drawn. */
export interface Fault {
  readonly name: string;
  course(random: Random): Course;
}

/** Something that is broken for the length of one invocation. */
export interface Breakage {
  break(scene: Scene): Promise<void>;
  mend(scene: Scene): Promise<void>;
}

/** When something breaks: before an invocation, or while the agent works in it. */
export interface Moment {
  /** 0-based number of the invocation. */
  readonly invocation: number;
  readonly isMidway: boolean;
}

export function drawMoment(random: Random, invocations: number): Moment {
  return { invocation: random.below(invocations), isMidway: random.below(2) === 0 };
}

type Steps = Required<Pick<Course, 'wish' | 'after' | 'faults'>>;

/** Breaks at the moment, mends when that invocation is over. Midway in one without an agent: in the next that has one. */
export function brokenDuring(moment: Moment, breakage: Breakage): Steps {
  let state: 'whole' | 'broken' | 'mended' = 'whole';
  const breakNow = async (scene: Scene): Promise<void> => {
    if (state !== 'whole') return;
    state = 'broken';
    await breakage.break(scene);
  };
  return {
    async wish(scene, index): Promise<InvocationWish> {
      if (index === moment.invocation && moment.isMidway) {
        scene.interpose(async () => {
          await breakNow(scene);
          return null;
        });
      } else if (index === moment.invocation) await breakNow(scene);
      return { orders: {} };
    },
    async after(scene) {
      if (state !== 'broken') return;
      state = 'mended';
      scene.interpose(null);
      await breakage.mend(scene);
    },
    faults: () => (state === 'whole' ? 0 : 1),
  };
}

interface AnsweringSteps {
  wish(scene: Scene, index: number): InvocationWish;
  faults(): number;
}

/** Answers in the script's place for as long as `replace` gives one. */
export function answered(replace: (request: ScriptedRequest) => ScriptedReply | null): AnsweringSteps {
  let given = 0;
  return {
    wish(scene, index): InvocationWish {
      if (index === 0) {
        scene.interpose((request) => {
          const reply = request.isSide ? null : replace(request);
          if (reply !== null) given += 1;
          return Promise.resolve(reply);
        });
      }
      return { orders: {} };
    },
    faults: () => Math.min(given, 1),
  };
}
