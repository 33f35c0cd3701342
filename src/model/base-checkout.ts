/** A worktree of an attempt's base beside the item's own, for what fails there too. */
export interface BaseCheckout {
  /** Equal for equal files: the base's commit and what isolation hides. */
  key(signal: AbortSignal): Promise<string>;
  /** Makes it anew; returns its absolute path. */
  open(signal: AbortSignal): Promise<string>;
  close(signal: AbortSignal): Promise<void>;
}
