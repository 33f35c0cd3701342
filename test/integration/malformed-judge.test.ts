import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { structured } from '../../src/demo/model/reply.js';
import { answerJsonSchema } from '../../src/judge/answer-schema.js';
import { runGit } from '../support/git-repo.js';
import { isJudge } from '../support/judge.js';
import { malformedAnswers } from '../support/malformed-answers.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { answerWith, rubric, rubricText } from '../support/rubric.js';
import { makeWorld } from '../support/world.js';

const poem = 'poems/autumn/voices/bold.txt';

/** So many answers that don't fit the schema end a run of Claude Code 2.1.197. */
const mostUnfit = 5;

const config = poemConfig({
  more: `evaluate:
  rubric: prompts/rubric.yaml
record:
  metadata: poems/{target}/meta/{item}.yaml
`,
}).replace(
  '  isolate: true\n',
  `  isolate: true
  writes: ['poems/{target}/voices/{item}.txt', 'poems/{target}/meta/{item}.yaml']
`,
);

describe('a judge that gives nothing but malformed answers', () => {
  it('leaves the item without a number, and a retry asks it again and no author', async () => {
    const answers = [...unfit(2 * mostUnfit - 1), ...fittingButFlawed(1)];
    const sound = answerWith({ vq1: 20, vq2: 10, de1: 16 });
    const author = poet();
    let given = 0;
    await using world = await makeWorld({
      files: { ...poemFiles, 'prompts/rubric.yaml': rubricText },
      config,
      script: (request) => {
        if (!isJudge(request)) return author(request);
        given += 1;
        return structured((answers[given - 1] ?? sound) as Readonly<Record<string, unknown>>); // mostly it isn't
      },
    });
    await world.regen(['plan', 'autumn']);

    const failed = await world.regen(['--json']);
    const turns = new Set(judgePrompts());
    const status = await world.regen(['status', '--json']);
    const plan = await world.read('.regen-plan.md');
    const branches = await world.repository.git('ls-remote', '--heads', 'origin');
    const authored = authorRequests();
    await world.regen(['retry', 'bold']);
    const shipped = await world.regen(['--json']);

    expect(given).toBe(answers.length + 1);
    expect(turns).toEqual(
      new Set([
        null,
        expect.stringContaining("Your answer can't be used:\n\n- there is no structured answer\n") as string,
      ]),
    );
    expect(failed).toMatchObject({
      exitCode: 1,
      document: { outcome: 'failed', item: 'bold', score: null, verdict: null, pr: null },
    });
    expect(status.document).toMatchObject({
      items: [{ id: 'bold', state: 'failed', score: null, pr: null }, {}, {}],
    });
    expect(plan).toContain('\n- [!] bold\n- [ ] calm\n- [ ] wry\n');
    expect(plan).toMatch(/\n- bold: FAILED: evaluation: the judge’s answer can’t be used: [^\n]*\n$/);
    expect(plan).not.toMatch(/score \d|verdict/);
    expect(branches).toMatch(/^\w+\trefs\/heads\/main$/);
    expect(shipped).toMatchObject({
      exitCode: 0,
      document: { outcome: 'shipped', item: 'bold', attempt: 2, score: 92, verdict: 'APPROVED' },
    });
    expect(authorRequests()).toBe(authored);
    expect(await world.read('.regen-plan.md')).toContain('\n- [x] bold\n');
    expect(await runGit(world.repository.remote, ['show', `regen/autumn/bold:${poem}`])).toBe(
      'new bold autumn',
    );

    function authorRequests(): number {
      return world.model.requests.filter(({ scripted }) => scripted !== null && !isJudge(scripted.request))
        .length;
    }

    function judgePrompts(): (string | null)[] {
      return world.model.requests.flatMap(({ scripted }) =>
        scripted !== null && isJudge(scripted.request) ? [scripted.request.prompts[1] ?? null] : [],
      );
    }
  });
});

/** Generated answers that Claude Code itself refuses. */
function unfit(count: number): readonly unknown[] {
  return generated()
    .filter((answer) => !schema.safeParse(answer).success)
    .slice(0, count);
}

/** Generated answers that Claude Code lets pass: only we see the flaw. */
function fittingButFlawed(count: number): readonly unknown[] {
  return generated()
    .filter((answer) => schema.safeParse(answer).success)
    .slice(0, count);
}

const schema = z.fromJSONSchema({ ...answerJsonSchema(rubric) });

/** As they arrive: what JSON has no word for is null, or not there. */
function generated(): readonly unknown[] {
  const answers = fc.sample(malformedAnswers, { seed: 6, numRuns: 60 });
  return answers.map((answer): unknown => JSON.parse(JSON.stringify(answer)));
}
