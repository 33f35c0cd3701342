/** Targets and items, as read off the base. */

export interface Target {
  readonly id: string;
  readonly title: string | null;
  /** The target's own age; null when nothing says so. */
  readonly updated: Date | null;
}

export interface Item {
  readonly id: string;
  /** Why a pre-filter rule skips it; null when it is to be done. */
  readonly skipped: string | null;
}

/** A target that the order would have come to, and why it was passed over. */
export interface PassedOver {
  readonly target: string;
  readonly reason: string;
}

export type Choice =
  | {
      readonly kind: 'picked';
      readonly target: Target;
      readonly items: readonly Item[];
      /** One sentence. */
      readonly why: string;
      readonly passedOver: readonly PassedOver[];
    }
  | { readonly kind: 'none'; readonly passedOver: readonly PassedOver[] }
  | { readonly kind: 'unknown'; readonly wanted: string; readonly known: readonly string[] };
