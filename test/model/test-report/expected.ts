/** What the fixtures' outputs say, as a person reads them. */

export interface Expected {
  readonly fixture: string;
  /** `runner: outcome failed/passed/skipped`, `?` when the output doesn't tell. */
  readonly run: string;
  readonly failing: readonly Failing[];
  readonly abortedBy?: string;
  readonly isEnvironment?: boolean;
}

/** What runs the test again, and where it failed. */
export type Failing = readonly [name: string, place: string];

/** The fixtures of sixty failures have them all from one cause. */
export function sixty(failing: (number: number) => Failing): readonly Failing[] {
  return Array.from({ length: 60 }, (_, index) => failing(index + 1));
}
