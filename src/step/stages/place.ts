import path from 'node:path';
import type { BaseCheckout } from '../../model/base-checkout.js';
import type { Attempt } from '../../model/attempt.js';
import type { Config } from '../../model/config.js';
import { compileGlob } from '../../model/glob.js';
import { writesOf, writesOfAttempt } from '../../model/writes.js';
import { hashOf } from '../../system/content-hash.js';
import type { CheckPlace, Stations } from '../stations.js';
import { siblingFiles } from '../siblings.js';

/** What a place is made from: a stage's context has all of it. */
export interface PlaceFacts {
  readonly attempt: Attempt;
  readonly config: Config;
  readonly stations: Pick<Stations, 'workspace' | 'picker'>;
  readonly round: number;
}

/** Where the commands of the repository run, and where their artifacts go. */
export function checkPlace(facts: PlaceFacts, worktree: string): CheckPlace {
  const { attempt, round } = facts;
  return {
    attempt: calledAfterItem(facts),
    cwd: worktree,
    round,
    artifacts: path.join(attempt.directory, 'artifacts'),
    before: earlierRounds(attempt, round),
    base: baseCheckout(facts),
    isOwn: ownPaths(facts),
  };
}

/** Of a shipment that a later plan had to call otherwise, the item's own id. */
function calledAfterItem({ attempt, config }: PlaceFacts): Attempt {
  const [item, ...others] = attempt.members ?? [];
  const isNamed = config.ship.per === 'item' && item !== undefined && others.length === 0;
  return isNamed ? { ...attempt, item } : attempt;
}

/** The folders of what checks left in the rounds before, the newest first. */
export function earlierRounds({ directory }: Attempt, round: number): readonly string[] {
  return Array.from({ length: round }, (_, index) =>
    path.join(directory, 'checks', String(round - 1 - index)),
  );
}

function ownPaths({ attempt, config }: PlaceFacts): CheckPlace['isOwn'] {
  const { target, item } = attempt;
  const globs = writesOfAttempt(config.items, attempt).map((source) => compileGlob(source, { target, item }));
  return (file) => globs.some((glob) => glob.match(file) !== null);
}

/** What isolation keeps from the attempt's worktree, and so from the base's beside it. */
export async function hiddenFiles(
  { attempt, config, stations }: Omit<PlaceFacts, 'round'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!config.items.isolate) return [];
  const tree = stations.workspace.tree(attempt.base);
  const paths = (await tree.entries(signal)).map((entry) => entry.path);
  const items = await stations.picker.ids(tree, attempt.target, signal);
  return siblingFiles(paths, {
    writes: writesOf(config.items),
    target: attempt.target,
    item: attempt.item,
    items,
  });
}

function baseCheckout(facts: PlaceFacts): BaseCheckout {
  const { attempt, stations } = facts;
  return {
    key: async (signal) => hashOf([attempt.base, ...(await hiddenFiles(facts, signal))].join('\0')),
    open: async (signal) => stations.workspace.openBase(attempt, await hiddenFiles(facts, signal), signal),
    close: (signal) => stations.workspace.closeBase(attempt, signal),
  };
}
