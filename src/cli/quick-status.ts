/**
 * `regen status` on its own, in one file: the parser of the command line and the files that the commands share cost
 * more than the command does (bench/startup). Whatever isn't plain is left to the program, which also reports errors:
 * the command changes nothing, so that it can run again.
 */
import { parseArgs } from 'node:util';
import { createInvocation } from './invocation.js';
import { createReporter } from './reporter.js';
import { status } from './status.js';

/** Returns the exit status; null: let the program run. */
export async function quickStatus(argv: readonly string[]): Promise<number | null> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: commonFlags,
      allowPositionals: true,
    });
    if (positionals.length !== 1 || positionals[0] !== 'status') return null;
    const invocation = await createInvocation(
      values,
      createReporter(values),
      new AbortController().signal,
      [],
    );
    return await status(invocation, needsParser);
  } catch {
    return null;
  }
}

/** Those of program.ts. */
export const commonFlags = {
  json: { type: 'boolean' },
  cwd: { type: 'string' },
  config: { type: 'string' },
  quiet: { type: 'boolean' },
  verbose: { type: 'boolean' },
  'no-wait-state': { type: 'boolean' }, // of no use here
} as const;

function needsParser(): never {
  throw new Error('regen.yaml has to be parsed');
}
