import { groupBy } from '../group-by.js';
import type { WeighedThread } from '../weigh.js';
import { addCosts, inEachThread, needless, placedCalls } from './detector.js';
import type { Detector, Found, PlacedCall } from './detector.js';

/** So many messages with an edit of the same file are worth a word. */
const fewest = 4;

/** One file edited again and again, a message each. */
export const smallEdits: Detector = {
  id: 'small-edits',
  rule: 'R2',
  title: 'edits of a file that was being edited already, one message each',
  recommendation:
    'Make all edits of a file in one message (several Edit calls, or one Write of the whole file), and the same change at many places by one command.',
  find: inEachThread((thread) => {
    const byFile = groupBy(
      placedCalls(thread, ({ file, kind }) => kind === 'edit' && file !== null),
      ({ call }) => call.file ?? '',
    );
    return [...byFile].flatMap(([file, edits]) => foundIn(thread, file, edits));
  }),
};

function foundIn(thread: WeighedThread, file: string, edits: readonly PlacedCall[]): readonly Found[] {
  const byMessage = groupBy(edits, ({ index }) => index);
  if (byMessage.size < fewest) return [];
  const [, ...later] = byMessage;
  return [
    {
      requests: [...byMessage.keys()].map((index) => index + 1),
      what: `${file}: ${edits.length} edits in ${byMessage.size} messages`,
      count: later.length,
      ...addCosts(
        later.map(([index, placed]) =>
          needless(
            thread,
            index,
            placed.map(({ call }) => call),
          ),
        ),
      ),
    },
  ];
}
