/** What the outside hands in: nothing below reads the clock, the environment or the working directory itself. */
export interface Surroundings {
  /** The repository's root folder, absolute. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** A new UUID. */
  newId(): string;
  /** One line of progress for a person, on stderr; a detail is shown only to who asks for more. */
  progress(line: string, importance?: 'detail'): void;
}
