import type { RecordConfig } from '../model/config.js';
import { formatDigest } from '../model/excerpt.js';
import { scratchHome } from '../system/item-command.js';
import type { ItemPlace, RunItemCommand } from '../system/item-command.js';
import { fieldValue, known } from './fields.js';
import type { RecordValues } from './fields.js';

/** Reading off a version takes moments; a command that hangs must not hold up the step. */
const queryTimeoutMs = 5 * 60_000;

/** What the fields are filled from. */
export interface FieldBench {
  readonly run: RunItemCommand;
  readonly place: ItemPlace;
  /** Environment variables that are passed on to `{run: …}`. */
  readonly names: readonly string[];
  readonly values: RecordValues;
  /** An empty folder: `REGEN_ARTIFACTS`. */
  readonly artifacts: string;
  readonly log: string;
}

export type FieldValues =
  | { readonly kind: 'filled'; readonly values: ReadonlyMap<string, string | number> }
  | { readonly kind: 'failed'; readonly digest: string };

/** The configured fields, those of commands in turn; a field without a value this time is left out. */
export async function fillFields(
  fields: RecordConfig['fields'],
  bench: FieldBench,
  signal: AbortSignal,
): Promise<FieldValues> {
  const values = new Map<string, string | number>();
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === 'string') {
      const value = fieldValue(field, bench.values);
      if (value !== null) values.set(name, value);
      continue;
    }
    const answer = await ask(field.run, bench, signal);
    const flaw = answer.failure ?? (answer.stdout.trim() === '' ? 'printed nothing' : null);
    if (flaw !== null) {
      const digest = formatDigest([`the command of field ${name}: ${flaw}`], answer.excerpt);
      return { kind: 'failed', digest };
    }
    values.set(name, answer.stdout.trim());
  }
  return { kind: 'filled', values };
}

function ask(template: string, bench: FieldBench, signal: AbortSignal): ReturnType<RunItemCommand> {
  const { run, place, names, values, artifacts, log } = bench;
  const command = {
    template,
    values: known(values),
    names,
    artifacts,
    home: scratchHome(place.attempt),
    timeoutMs: queryTimeoutMs,
    log,
    isQuery: true,
  };
  return run(place, command, signal);
}
