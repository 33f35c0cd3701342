/**
 * Branches of a target that are there already, whoever made them: another clone numbers its packs as this one does, and what
 * it has pushed is about other items.
 */
import type { Line } from '../stage.js';

/** The target, and what is in somebody's hands there; asked once, and only when a name is to be found. */
export interface TakenNames {
  /** Whether each name has a branch of its own: with `ship.per: target` all may have the same. */
  readonly isDistinct: boolean;
  /** Whether there is a branch for a shipment of this name. */
  has(item: string): Promise<boolean>;
  /** The same for each name that begins so. */
  hasAny(beginning: string): Promise<boolean>;
}

export function takenNames(
  { config, stations }: Pick<Line, 'config' | 'stations'>,
  target: string,
  signal: AbortSignal,
): TakenNames {
  const { workspace, texts } = stations;
  const nameOf = (item: string): string => texts.branch({ target, item });
  const stemOf = (item: string): string => commonBeginning(nameOf(`${item}a`), nameOf(`${item}b`));
  let asked: Promise<ReadonlySet<string>> | null = null;
  const names = (): Promise<ReadonlySet<string>> => {
    const prefix = stemOf('');
    asked ??=
      config.ship.to === 'local'
        ? workspace.localNames(prefix, signal)
        : workspace.remoteNames(prefix, signal);
    return asked;
  };
  // Else no other name is a way out.
  const isDistinct = nameOf('a') !== nameOf('b');
  return {
    isDistinct,
    has: async (item) => isDistinct && (await names()).has(nameOf(item)),
    hasAny: async (beginning) => {
      if (!isDistinct) return false;
      const stem = stemOf(beginning);
      return [...(await names())].some((name) => name.startsWith(stem));
    },
  };
}

function commonBeginning(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
