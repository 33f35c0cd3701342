/** What the last good work on an item was made from, and what came of it: as long as nothing changed, there is nothing to do. */
export interface GoodWork {
  /** ISO 8601: when it shipped. */
  readonly at: string;
  /** Digest of the prompt's texts and of the model. */
  readonly asked: string;
  /** Digests of the item's own files: as it began, and as it shipped. */
  readonly before: string;
  readonly after: string;
}
