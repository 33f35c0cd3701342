/** What good work on an item was made from, and what came of it: as long as nothing changed, there is nothing to do. */
export interface GoodWork {
  /** The item's id at that time; a block may stand elsewhere by now. */
  readonly item: string;
  /** ISO 8601: when it shipped, or was found good as it stood. */
  readonly at: string;
  /** Digest of the prompt's texts, the references and the models. */
  readonly asked: string;
  /** Digests of the item's own files, or of the block's text: as it began, and as it shipped. */
  readonly before: string;
  readonly after: string;
}
