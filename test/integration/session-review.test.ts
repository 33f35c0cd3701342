/** A session that reviews its item itself, or hands in what a reviewer of its own has said. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { runItemStage } from '../../src/step/item-commands.js';
import { wireLine } from '../../src/wire.js';
import { malformedAnswers } from '../support/malformed-answers.js';
import { poemConfig, poemFiles } from '../support/poems.js';
import { answerWith, rubricText } from '../support/rubric.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

const files = { ...poemFiles, 'prompts/rubric.yaml': rubricText };
const more = `evaluate: { rubric: prompts/rubric.yaml, accept: 90, improve: 1 }
record: { metadata: 'poems/{target}/meta/{item}.yaml' }
`;
const config = poemConfig({ more }).replace(
  '  isolate: true\n',
  "  isolate: true\n  writes: ['poems/{target}/voices/{item}.txt', 'poems/{target}/meta/{item}.yaml']\n",
);
const poem = '.worktrees/autumn/bold/poems/autumn/voices/bold.txt';

describe('a review that a session hands in', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ files, config });
    await world.regen(['plan', 'autumn']);
    await world.regen(['item', 'start', 'bold']);
    await world.write({ [poem]: 'new bold autumn\n' });
  }, 60_000);

  afterAll(() => world[Symbol.asyncDispose]());

  it('is due after the checks; what a reviewer is asked can be read before', async () => {
    const checked = await world.regen(['item', 'check', '--json']);
    const asked = await world.regen(['item', 'evaluate', '--question', '--json']);

    expect(checked).toMatchObject({
      exitCode: 0,
      document: { ok: true, score: null, next: 'regen item evaluate' },
    });
    expect(asked).toMatchObject({
      exitCode: 0,
      document: {
        item: 'bold',
        prefix: expect.stringContaining('VQ-01, Legibility: 0 to 20') as string,
        message: expect.stringContaining('new bold autumn') as string,
        schema: { type: 'object', required: ['criteria', 'description', 'strengths', 'weaknesses'] },
      },
    });
  });

  it('is refused with every flaw, and then nothing is scored', async () => {
    const sound = answerWith({ vq1: 20, vq2: 10, de1: 16 });
    const flawed = { ...sound, criteria: { 'VQ-01': { ...sound.criteria['VQ-01'], score: 21 } } };

    const wrong = await handIn(JSON.stringify(flawed));
    const sums = await handIn(JSON.stringify({ ...sound, subtotals: { VQ: 30, DE: 20 } }));
    const noJson = await handIn('90 of 100\n');

    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain(`regen: the evaluation can’t be used:
- VQ-01: the score is 21, it goes from 0 to 20
- VQ-02 is missing
- DE-01 is missing
Nothing was scored.`);
    expect(sums.stderr).toContain('- DE: the subtotal is 20, but its criteria add up to 16');
    expect(noJson).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the evaluation on standard input isn') as string,
    });
    expect(await world.read('.regen-plan.md')).toContain('- [ ] bold\n');
  });

  it('never ticks the item when it is malformed, in any of 200 ways', async () => {
    const surroundings = {
      ...{ root: world.root, env: world.env, now: () => new Date(), newId: () => crypto.randomUUID() },
      progress: () => undefined,
    };
    const line = await wireLine(surroundings);
    const token = /"token":"([^"]+)"/.exec((await world.read('.regen/lease.json')) ?? '')?.[1] ?? null;
    const before = await world.read('.regen-plan.md');
    const answers = fc.sample(malformedAnswers, { numRuns: 200, seed: 6 });

    const ends = new Set<string>();
    for (const answer of answers) {
      const order = { stage: 'evaluate', review: { answer } };
      const end = runItemStage(
        line,
        order,
        { item: null, token, session: null },
        new AbortController().signal,
      );
      ends.add(await end.then(({ stage }) => `${stage} passed: ${JSON.stringify(answer)}`, codeOf));
    }

    expect(answers).toHaveLength(200);
    expect([...ends]).toEqual(['usage']);
    expect(await world.read('.regen-plan.md')).toBe(before);
  });

  it('sends the work back below what is accepted, and lets it on above', async () => {
    const fair = await handIn(JSON.stringify(answerWith({ vq1: 15, vq2: 10, de1: 10 })), '--json');
    await world.write({ [poem]: 'a better bold autumn\n' });
    await world.regen(['item', 'check']);
    const good = await handIn(JSON.stringify(answerWith({ vq1: 20, vq2: 10, de1: 16 })), '--json');
    await world.regen(['item', 'record']);
    await world.write({ [poem]: 'stale after all\n' });
    const edited = await world.regen(['item', 'ship', '--json']);
    const stale = await world.regen(['item', 'check']);
    await world.write({ [poem]: 'the best bold autumn\n' });
    const checked = await world.regen(['item', 'check', '--json']);
    await handIn(JSON.stringify(answerWith({ vq1: 20, vq2: 10, de1: 20 })));
    const shipped = await world.regen(['item', 'ship', '--json']);

    expect([fair.exitCode, JSON.parse(fair.stdout)]).toEqual([
      1,
      expect.objectContaining({
        ok: false,
        score: 70,
        verdict: 'NEEDS_WORK',
        reason: expect.stringContaining('- DE-01, Restraint: 10 of 20. Lost 10.') as string,
        next: 'mend it, then run: regen item check',
      }),
    ]);
    expect([good.exitCode, JSON.parse(good.stdout)]).toEqual([
      0,
      expect.objectContaining({
        ...{ ok: true, score: 92, verdict: 'APPROVED', reason: null, next: 'regen item record' },
      }),
    ]);
    expect(edited).toMatchObject({
      exitCode: 2,
      document: { error: { message: 'bold was edited since it was checked' } },
    });
    expect(stale.exitCode).toBe(1);
    expect(checked).toMatchObject({ exitCode: 0, document: { reason: null, next: 'regen item evaluate' } });
    expect(shipped).toMatchObject({ exitCode: 0, document: { step: { score: 100, verdict: 'APPROVED' } } });
    expect(await world.read('.regen-plan.md')).toMatch(/- \[x\] bold\n[\s\S]*score 100, verdict APPROVED/);
    const remote = await world.repository.git('ls-remote', 'origin', 'refs/heads/regen/autumn/bold');
    const shown = await world.repository.git(
      'show',
      `${remote.split('\t')[0] ?? ''}:poems/autumn/voices/bold.txt`,
    );
    expect(shown).toBe('the best bold autumn');
    // Nobody was paid for any of it.
    expect(world.model.requests).toEqual([]);
  });

  async function handIn(input: string, ...flags: string[]) {
    return execa(process.execPath, [cliPath, 'item', 'evaluate', ...flags], {
      cwd: world.root,
      env: world.env,
      extendEnv: false,
      input,
      reject: false,
    });
  }
});

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
