/** What stands under a branch's name where the line ships to: on the remote, or here. */
import type { Line } from './stage.js';
import type { BlockedBranch, RemoteBranch } from './workspace-station.js';

/** @param named - `base`: tells what is merged. */
export function branchTip(
  { config, stations }: Pick<Line, 'config' | 'stations'>,
  { branch, base }: { readonly branch: string; readonly base: string },
  signal: AbortSignal,
): Promise<RemoteBranch | BlockedBranch | null> {
  const { workspace } = stations;
  return config.ship.to === 'local'
    ? workspace.localBranch(branch, base, signal)
    : workspace.remoteBranch(branch, base, signal);
}
