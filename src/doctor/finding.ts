/** What was seen of one thing that regen needs. */
import { RegenError } from '../model/errors.js';

/** `missing` keeps a step from succeeding; `warning` may. */
type State = 'ok' | 'warning' | 'missing';

export interface Finding {
  readonly state: State;
  /** What was seen. */
  readonly detail: string;
  /** What to do about it; null when there is nothing to do. */
  readonly mend: string | null;
}

export interface Row extends Finding {
  readonly name: string;
}

export function ok(detail: string): Finding {
  return { state: 'ok', detail, mend: null };
}

export function warning(detail: string, mend: string): Finding {
  return { state: 'warning', detail, mend };
}

export function missing(detail: string, mend: string | null): Finding {
  return { state: 'missing', detail, mend };
}

/** Something else has to be mended before this can be looked at. */
export function notLookedAt(why: string, first: string): Finding {
  return warning(`not looked at: ${why}`, `Mend "${first}" first.`);
}

/** The row; whatever goes wrong in looking becomes its content, so that the others are still looked at. */
export async function look(
  name: string,
  examine: () => Finding | Promise<Finding>,
  signal: AbortSignal,
): Promise<Row> {
  try {
    return { name, ...(await examine()) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RegenError) return { name, ...missing(error.message, error.hint) };
    return { name, ...missing(`could not be looked at: ${String(error)}`, null) };
  }
}
