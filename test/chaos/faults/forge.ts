/** Answers of the forge that fail before or after their effect, limits, a token that is refused for a while. */
import type { Fault as ForgeFault } from '../../support/forge-faults.js';
import { isCarriedOut } from '../../support/forge-faults.js';
import type { ForgeRequest } from '../../support/forge-server.js';
import type { Course } from '../course.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';
import { variants } from '../variants.js';
import type { Fault } from './fault.js';

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
}

const routes: readonly Route[] = [
  { name: 'create-pull-request', method: 'POST', path: /\/pulls$/ },
  { name: 'create-label', method: 'POST', path: /\/o\/r\/labels$/ },
  { name: 'add-label', method: 'POST', path: /\/issues\/\d+\/labels$/ },
  { name: 'list-pull-requests', method: 'GET', path: /\/pulls$/ },
  { name: 'look-at-repository', method: 'GET', path: /\/repos\/o\/r$/ },
];

type Making = (random: Random) => ForgeFault;

const kinds: Readonly<Record<string, Making>> = {
  '500-before': () => ({ kind: 'answer', status: 500, body: { message: 'Server Error' } }),
  '502-after': () => ({ kind: 'lost-answer' }),
  'reset-before': () => ({ kind: 'reset', after: 'nothing' }),
  'reset-after': () => ({ kind: 'reset', after: 'effect' }),
  'secondary-limit': () => ({ kind: 'secondary-limit', retryAfter: 1 }),
  'primary-limit': () => ({ kind: 'primary-limit', reset: new Date(Date.now() + 1000) }),
  'token-refused': () => ({ kind: 'answer', status: 401, body: { message: 'Bad credentials' } }),
};

/** Every kind at every route. */
export const forgeFaults: readonly Fault[] = Object.entries(kinds).flatMap(([kind, make]) =>
  routes.map((route) => ({
    name: `forge/${kind}/${route.name}`,
    course: (random: Random) => forgeCourse(route, make, random),
  })),
);

function forgeCourse(route: Route, make: Making, random: Random): Course {
  // Five are more than the three tries of one invocation: the next one has to finish.
  const times = random.pick([1, 1, 2, 5]);
  const start = random.below(3);
  let fault: ForgeFault | null = null;
  let from = Infinity;
  let log: readonly ForgeRequest[] = [];
  const hit = () => faulted(log, route, { from, times });
  return {
    variant: random.pick(variants),
    wish(scene: Scene, index) {
      if (index === start) {
        log = scene.forge.requests;
        from = log.length;
        const planned = make(random);
        fault = planned;
        scene.forge.failNext(route, ...Array.from({ length: times }, () => planned));
      }
      return { orders: {} };
    },
    tolerated: [3, 75],
    failure: null,
    faults: () => hit().length,
    refused: () => new Set(fault === null || isCarriedOut(fault) ? [] : hit()),
  };
}

/** The places in the log of the first requests that the faults were planned for. */
function faulted(
  log: readonly ForgeRequest[],
  route: Route,
  { from, times }: { readonly from: number; readonly times: number },
): number[] {
  const matches = log.flatMap(({ method, path }, index) =>
    index >= from && method === route.method && route.path.test(path) ? [index] : [],
  );
  return matches.slice(0, times);
}
