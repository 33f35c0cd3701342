/** What the preload is told to do to the process that it is loaded into; it comes as JSON in `REGEN_CHAOS`. */

export interface Orders {
  /** Every event is a line of this file, over all invocations of a trial. */
  readonly log: string;
  /** SIGKILL once the event of this number (1-based, over all invocations) has taken place. */
  readonly killAt?: number;
  /** SIGKILL after the first event whose name matches. */
  readonly killOn?: string;
  /** Only regen, or everything that descends from it too. */
  readonly whom?: 'self' | 'tree';
  /** If the event is the writing of a text, only half of it reaches the file. */
  readonly isTorn?: boolean;
  /** Writes from the event of this number on fail… */
  readonly failAt?: number;
  /** …so many of them… */
  readonly failures?: number;
  /** …with this error. */
  readonly errorCode?: string;
  /** The clock is wrong by so many milliseconds… */
  readonly shiftMs?: number;
  /** …from the event of this number on. */
  readonly shiftAt?: number;
}
