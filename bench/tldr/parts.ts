/** Where the time of a step went, by its own journal. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ItemRef } from '../../src/model/attempt.js';
import { encodeId } from '../../src/model/ids.js';

const record = z.object({
  at: z.string(),
  stage: z.string(),
  effect: z.string(),
  event: z.enum(['begin', 'end']),
});

/** From the start of the process to its end, without gaps, in ms. */
export type Parts = ReadonlyMap<string, number>;

export interface StepTimes {
  readonly parts: Parts;
  /** The agent's own run, within the part `agent`. */
  readonly agentMs: number;
}

/** @param step - when the process was started, and how long it ran. */
export async function readStepTimes(
  journal: string,
  step: { readonly startedAt: number; readonly wallMs: number },
): Promise<StepTimes> {
  const records = (await readFile(journal, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => record.parse(JSON.parse(line)));
  const parts = new Map<string, number>();
  let last = step.startedAt;
  const until = (name: string, at: number) => {
    parts.set(name, (parts.get(name) ?? 0) + at - last);
    last = at;
  };
  let agentMs = 0;
  let agentBegan = 0;
  for (const { at, stage, effect, event } of records) {
    const time = Date.parse(at);
    if (stage === 'agent' && effect === 'run') {
      if (event === 'begin') agentBegan = time;
      else agentMs += time - agentBegan;
    }
    if (stage === 'attempt' && effect === 'open') until('start, lock, fetch, items', time);
    if (effect === 'stage' && event === 'end') until(stage, time);
  }
  until('tick, worktree removal, exit', step.startedAt + step.wallMs);
  return { parts, agentMs };
}

/** The journal of an item's only attempt. */
export async function journalOf(root: string, ref: ItemRef): Promise<string> {
  const runs = path.join(root, '.regen', 'runs');
  const [plan = ''] = await readdir(runs);
  return path.join(runs, plan, encodeId(ref.target), encodeId(ref.item), '1', 'journal.jsonl');
}
