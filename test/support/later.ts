/** Another time of day for a command: its `Date` is shifted from outside, by a file that Node loads first. */
import path from 'node:path';
import { writeFiles } from './git-repo.js';

/**
 * @param folder - where the file is put.
 * @param ms - how much later; a negative number: the clock went back.
 * @returns what to add to the command's environment.
 */
export async function shiftedClock(folder: string, ms: number): Promise<Record<string, string>> {
  const name = `clock-${ms}.cjs`;
  const source = `const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + ${ms});
    else super(...args);
  }
  static now() { return Real.now() + ${ms}; }
};
`;
  await writeFiles(folder, { [name]: source });
  return { NODE_OPTIONS: `--require ${JSON.stringify(path.join(folder, name))}` };
}

export const minutes = 60_000;
export const days = 24 * 60 * minutes;
