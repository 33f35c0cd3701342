/** `run_checks`: the item's checks in one call that waits, instead of test runs whose whole output stays in the context. */
import * as z from 'zod';
import type { Violation } from '../model/change.js';
import { closest } from '../model/suggest.js';
import type { CheckResult } from '../model/verdict.js';
import { checksAnswer, violationAnswer } from './checks-answer.js';
import { definitions } from './definitions.js';
import { refusal } from './tool.js';
import type { Tool, ToolAnswer } from './tool.js';

/** What the wire hands in: the attempt's worktree and its checks. */
export interface CheckBench {
  /** The configured checks, in their order. */
  readonly names: readonly string[];
  /** The folder that the last run's products are in, absolute; null: no check produces any. */
  readonly products: string | null;
  state(signal: AbortSignal): Promise<WorktreeState>;
  /** Runs the named checks as the stage would; their logs' paths are absolute. */
  run(names: readonly string[], signal: AbortSignal): Promise<readonly CheckResult[]>;
}

/** `key` is equal for equal contents of what differs from the base. */
export type WorktreeState =
  | { readonly kind: 'violated'; readonly violations: readonly Violation[] }
  | { readonly kind: 'permitted'; readonly key: string };

const inputSchema = z.object({ names: z.array(z.string()).optional(), again: z.boolean().optional() });

export function createRunChecks(bench: CheckBench): Tool {
  let last: { readonly key: string; readonly text: string } | null = null;
  let before: Promise<unknown> = Promise.resolve();

  const run = async (input: unknown, signal: AbortSignal): Promise<ToolAnswer> => {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) return refusal('run_checks takes {"names"?: [name, …], "again"?: boolean}.');
    const asked = parsed.data.names ?? [];
    const names = asked.length === 0 ? bench.names : asked;
    const unknown = names.find((name) => !bench.names.includes(name));
    if (unknown !== undefined) return refusal(unknownCheck(unknown, bench.names));

    const state = await bench.state(signal);
    // The stage runs nothing either while something is changed that must not be.
    if (state.kind === 'violated') return { text: violationAnswer(state.violations) };
    const key = JSON.stringify([state.key, names]);
    if (last?.key === key && parsed.data.again !== true) return { text: `${unchanged}\n${last.text}` };
    const results = await bench.run(names, signal);
    const text = checksAnswer(results, { asked: names, all: bench.names, products: bench.products });
    const after = await bench.state(signal);
    // Formatters among the checks may have rewritten files: what was checked is what stands there now.
    last = { key: after.kind === 'permitted' ? JSON.stringify([after.key, names]) : key, text };
    return { text };
  };

  return {
    definition: definitions.run_checks,
    // One after the other: two runs in one worktree would disturb each other.
    call(input, signal) {
      const call = before.then(() => run(input, signal));
      before = call.catch(() => undefined);
      return call;
    },
  };
}

const unchanged =
  'Nothing has changed since the last call, so nothing was run again (again: true runs all the same).';

function unknownCheck(name: string, names: readonly string[]): string {
  const near = closest(name, names);
  const mend = near === null ? `There are: ${names.join(', ')}.` : `Did you mean ${JSON.stringify(near)}?`;
  return `No check is named ${JSON.stringify(name)}. ${mend}`;
}
