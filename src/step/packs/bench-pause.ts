/** How long a bench waits when the API can't answer now. Pure. */

/** Before the second try, the third and the fourth; the API's own client has tried three times before each. */
const pausesMs = [2_000, 10_000, 30_000];

/** Who is told to wait longer than this comes again another time. */
const longestMs = 5 * 60_000;

interface Refused {
  /** Tries so far, this one included. */
  readonly tries: number;
  /** When the API said that it may be asked again; null: it said nothing. */
  readonly retryAt: Date | null;
  readonly now: Date;
}

/** In ms; null: it isn't worth waiting for. */
export function pauseMs({ tries, retryAt, now }: Refused): number | null {
  const usual = pausesMs[tries - 1];
  if (usual === undefined) return null;
  if (retryAt === null) return usual;
  const asked = Math.max(0, retryAt.getTime() - now.getTime());
  return asked > longestMs ? null : asked;
}
