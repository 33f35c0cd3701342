import { marginLayout, noMargin } from './layout.js';
import { byteOrderMark, trimmedRange } from './lines.js';
import type { Splitter } from './region.js';

/** The file as one block, without its byte order mark and the blank lines at its ends. */
export const wholeFile: Splitter = {
  split(text) {
    const range = trimmedRange(text, text.startsWith(byteOrderMark) ? 1 : 0, text.length);
    const layout = marginLayout({ text, ...range }, noMargin);
    return { regions: [{ key: 'file', kind: 'file', shape: 'file', layout, ...range }], faults: 0 };
  },
};
