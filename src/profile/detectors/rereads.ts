import { groupBy } from '../group-by.js';
import type { Call, Range } from '../session.js';
import { isFreshStart } from '../weigh.js';
import type { WeighedThread } from '../weigh.js';
import { addCosts, inEachThread, needless } from './detector.js';
import type { Detector } from './detector.js';

/** Lines of a file that are in the prompt already, read once more although nobody here edited it since. */
export const rereads: Detector = {
  id: 'rereads',
  rule: 'R2',
  title: 'reads of what had been read and not been edited since',
  recommendation:
    'Refer to what is in the conversation already; after an edit Claude Code knows the file’s state, so that reading it back is not needed either.',
  find: inEachThread((thread) => {
    const { again, reads } = readsOf(thread);
    return [...groupBy(again, ({ file }) => file)].map(([file, repeated]) => ({
      requests: repeated.map(({ index }) => index + 1),
      what: `${file}: ${repeated.length} of ${reads.get(file) ?? 0} reads`,
      count: repeated.length,
      ...addCosts(repeated.map(({ index, call }) => needless(thread, index, [call]))),
    }));
  }),
};

interface Reread {
  readonly index: number;
  readonly call: Call;
  readonly file: string;
}

function readsOf(thread: WeighedThread) {
  const seen = new Map<string, Range[]>();
  const reads = new Map<string, number>();
  const again: Reread[] = [];
  for (const [index, { calls }] of thread.requests.entries()) {
    // What was summed up is gone: reading it again is no waste.
    if (isFreshStart(thread.requests, thread.contexts, index)) seen.clear();
    for (const call of calls) {
      const { file, kind } = call;
      if (file === null || call.result?.isError === true) continue;
      if (kind === 'edit') seen.delete(file);
      if (kind !== 'read') continue;
      reads.set(file, (reads.get(file) ?? 0) + 1);
      const range = call.range ?? wholeFile;
      const before = seen.get(file) ?? [];
      if (before.some(({ from, to }) => from <= range.from && to >= range.to))
        again.push({ index, call, file });
      else seen.set(file, [...before, range]);
    }
    // A command may have changed any file.
    if (calls.some(({ kind }) => kind === 'other')) seen.clear();
  }
  return { again, reads };
}

const wholeFile: Range = { from: 1, to: 2000 };
