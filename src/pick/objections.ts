/** Why a target should rest for now. */
import { formatDuration } from '../model/duration.js';

export interface PickFacts {
  /** When each target was last finished. */
  readonly archives: ReadonlyMap<string, Date>;
  /** When each target last had an item shipped. */
  readonly shipped: ReadonlyMap<string, Date>;
  /** Numbers of our open pull requests by target; null when nobody looked. */
  readonly openPullRequests: ReadonlyMap<string, readonly number[]> | null;
  readonly now: Date;
}

/** @param minAge - milliseconds. */
export function objectionsTo(target: string, facts: PickFacts, minAge: number): string[] {
  const objections: string[] = [];
  const since = (instant: Date | undefined) =>
    instant === undefined ? Infinity : facts.now.getTime() - instant.getTime();
  const archived = since(facts.archives.get(target));
  const shipped = since(facts.shipped.get(target));
  if (Math.min(archived, shipped) < minAge) {
    const what = archived < minAge ? 'was finished' : 'had an item shipped';
    // A clock that went back would show a negative time.
    const ago = formatDuration(Math.max(archived < minAge ? archived : shipped, 0));
    objections.push(`${what} ${ago} ago, and minAge is ${formatDuration(minAge)}`);
  }
  const open = facts.openPullRequests?.get(target) ?? [];
  if (open.length > 0) {
    const numbers = open.map((number) => `#${number}`).join(', ');
    objections.push(
      `has ${open.length === 1 ? 'an open pull request' : 'open pull requests'} of ours: ${numbers}`,
    );
  }
  return objections;
}
