/** `regen profile`: where the tokens of sessions went, and what would have saved them. */
import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { profileText } from '../report/profile-text.js';
import { createMask } from '../system/mask.js';
import { readHeading } from '../wire-heading.js';
import { wireProfile } from '../wire-profile.js';

/** As they stand on the command line. */
export interface ProfileFlags {
  readonly top?: string;
}

/** Findings that a person is shown unless asked for more. */
const usualTop = 10;

export async function profile(invocation: Invocation, what: string, flags: ProfileFlags): Promise<number> {
  const { cwd, options, outside, reporter, signal } = invocation;
  const top = flags.top === undefined ? null : countNamed(flags.top);
  const root = await repositoryRoot(invocation);
  const source = { configFile: options.config, readConfig: readHeading };
  const profiler = await wireProfile({ cwd, outside, root }, source);
  const withRequests = options.json === true;
  const shown = withRequests ? top : (top ?? usualTop);
  const found = await profiler.profile({ what, withRequests, top: shown }, signal);
  reporter.result(withRequests ? '' : profileText(found, createMask(outside.env)), found);
  return 0;
}

/** A transcript can be looked at anywhere. */
async function repositoryRoot(invocation: Invocation): Promise<string | null> {
  try {
    return (await invocation.surroundings()).root;
  } catch (error) {
    if (error instanceof RegenError && error.code === 'environment') return null;
    throw error;
  }
}

function countNamed(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new RegenError('usage', `--top takes a count from 1 on, not ${JSON.stringify(text)}`, {
    hint: 'For example: --top 5',
  });
}
