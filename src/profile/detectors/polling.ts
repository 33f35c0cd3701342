import type { Request } from '../session.js';
import type { WeighedThread } from '../weigh.js';
import { addCosts, inEachThread, needless } from './detector.js';
import type { Detector, Found } from './detector.js';

/** Asking again and again after something that runs: every look sends the whole prompt. */
export const polling: Detector = {
  id: 'polling',
  rule: 'R7',
  title: 'looks after something that was still running',
  recommendation:
    'Wait once: run the command in the foreground with a long timeout, or in one call that ends when it does ("while pgrep …; do sleep 5; done").',
  find: inEachThread((thread) => episodesOf(thread.requests).flatMap((episode) => foundIn(thread, episode))),
};

/** Indexes of messages in a row that do nothing but look; a message of text alone doesn't interrupt. */
function episodesOf(requests: readonly Request[]): readonly (readonly number[])[] {
  const episodes: number[][] = [];
  let current: number[] = [];
  for (const [index, { calls }] of requests.entries()) {
    if (calls.length === 0) continue;
    if (calls.every(({ wait }) => wait !== null)) {
      current.push(index);
      continue;
    }
    episodes.push(current);
    current = [];
  }
  return [...episodes, current];
}

function foundIn(thread: WeighedThread, episode: readonly number[]): readonly Found[] {
  const calls = episode.flatMap((index) => thread.requests[index]?.calls ?? []);
  const sleeps = calls.filter(({ wait }) => wait === 'sleep').length;
  const isRepeated = new Set(calls.map(({ waitKey }) => waitKey)).size < calls.length;
  // Two looks at two things are no polling; a second sleep is.
  if (episode.length < 2 || (sleeps < 2 && !(isRepeated && episode.length > 2))) return [];
  const [, ...later] = episode; // the first look is the one that is needed
  return [
    {
      requests: episode.map((index) => index + 1),
      what: `${episode.length} messages, ${sleeps} with sleep: ${calls[0]?.what ?? ''}`,
      count: later.length,
      ...addCosts(later.map((index) => needless(thread, index, thread.requests[index]?.calls ?? []))),
    },
  ];
}
