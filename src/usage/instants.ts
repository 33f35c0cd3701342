/** Comparing the instants of many rows without making a Date of each. */

/** What others are compared with. */
export interface Boundary {
  readonly text: string;
  readonly ms: number;
}

export function boundaryAt(instant: Date): Boundary {
  return { text: instant.toISOString(), ms: instant.getTime() };
}

/** Whether an ISO 8601 instant is at the boundary or after it; false for a text that is none. */
export function isSince(at: string, boundary: Boundary): boolean {
  return isUtc(at) ? at >= boundary.text : Date.parse(at) >= boundary.ms;
}

/** The day in UTC; null for a text that is no instant. */
export function dayOf(at: string): string | null {
  if (isUtc(at)) return at.slice(0, 10);
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().slice(0, 10);
}

/** As Date.toISOString writes it, and regen with it: such texts sort as their instants do. */
function isUtc(at: string): boolean {
  return at.length === 24 && at.charCodeAt(10) === letterT && at.charCodeAt(23) === letterZ;
}

const letterT = 'T'.charCodeAt(0);
const letterZ = 'Z'.charCodeAt(0);
