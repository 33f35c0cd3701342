import type { Call } from '../session.js';
import { inEachThread, needless, placedCalls } from './detector.js';
import type { Detector } from './detector.js';

/** Runs in which the environment kept the tests from running, and set-up commands that failed. */
export const setupFailures: Detector = {
  id: 'setup-failures',
  rule: 'R5',
  title: 'runs that the environment kept from testing anything, and failed set-ups',
  recommendation:
    'Check and mend the environment before the agent starts, where it costs no tokens: in regen.yaml "checks.setup: { check: …, fix: … }".',
  find: inEachThread((thread) =>
    placedCalls(thread, (call) => failureOf(call) !== null).map(({ index, call }) => ({
      requests: [index + 1],
      what: `${call.what}: ${failureOf(call) ?? ''}`,
      count: 1,
      ...needless(thread, index, [call]),
    })),
  ),
};

function failureOf({ result }: Call): string | null {
  const test = result?.test ?? null;
  if (test?.outcome === 'aborted' && test.isEnvironment) return test.detail;
  return result?.why ?? null;
}
