/** A slice of `npm run chaos` that is short enough for every day. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultNamed } from './faults.js';
import { killOn } from './kills.js';
import { pinProgram } from './program.js';
import type { Program } from './program.js';
import { runTrial } from './trial.js';
import { single } from './variants.js';
import { batch, lostAnswer, perTarget } from './worker-variants.js';

describe('nothing is lost and nothing is done twice', () => {
  let program: Program;

  beforeAll(async () => {
    program = await pinProgram();
  });

  afterAll(() => program[Symbol.asyncDispose]());

  it.each([
    ['the first answer was booked', 'datasync .*ledger'],
    ['git push', '^exit git push'],
    ['the pull request was made', '^answered POST .*/pulls 201'],
    ['its first label', '^answered POST .*/issues/1/labels'],
    ['the mark in the plan', '^rename .regen-plan.md'],
  ])('when everything is killed right after %s', async (_name, pattern) => {
    const result = await runTrial(program, killOn(pattern, single));

    expect(result).toMatchObject({ kills: 1, violations: [] });
  });

  it.each([
    ['the answer has begun', 'appendFile .*answer.jsonl', perTarget],
    ['its items are marked', '^rename .regen-plan.md', perTarget],
    ['the batch was made', '^answered POST /v1/messages/batches 200', batch],
    ['a part of its results was booked', '^writeFile .*worker-0-batch/answer.jsonl', lostAnswer],
  ])('in a worker, when everything is killed right after %s', async (_name, pattern, variant) => {
    const result = await runTrial(program, killOn(pattern, variant));

    expect(result).toMatchObject({ kills: 1, violations: [] });
  });

  it.each(['git/push-refused/1', 'forge/502-after/create-pull-request/1', 'model/stream-dropped/1'])(
    'when the fault is %s',
    async (name) => {
      const trial = faultNamed(1, name);
      const result = await runTrial(program, {
        ...trial,
        course: () => ({ ...trial.course(), variant: single }),
      });

      expect(result.violations).toEqual([]);
      expect(result.faults).toBeGreaterThan(0);
    },
  );
});
