import type { InitReport } from './initialise.js';

/** A line per file, and what comes next. */
export function initText({ files, next }: InitReport): string {
  return [...files.map(({ path, action, detail }) => `${action.padEnd(8)}  ${path} (${detail})`), next].join(
    '\n',
  );
}
