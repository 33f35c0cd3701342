import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import type { LedgerRow } from '../../src/model/ledger.js';
import type { StepResult } from '../../src/model/step-result.js';
import { replaceOnce } from '../support/example-files.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { answerWith, rubricText } from '../support/rubric.js';
import { makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

const files = {
  ...poemFiles,
  'poems/autumn/meta/bold.yaml': `updated: 2025-03-01T08:00:00+00:00
quality_score: 41
review:
  strengths: [It rhymes.]
  weaknesses: [It lacks wind.]
  verdict: NEEDS_WORK
`,
  'poems/autumn/voices/dark.txt': 'stale dark autumn\n',
  'prompts/rubric.yaml': rubricText,
};

const evaluate = `evaluate:
  rubric: prompts/rubric.yaml
  attach: ['{item}.png']
  accept: [90, 70]
  improve: 1
`;

const fourPixels =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAE0lEQVQI12NgYGD4//8/GDMwAAAp5AX76gd7owAAAABJRU5ErkJggg==';

/** Poems that are drawn, judged and recorded. */
function config(section: string): string {
  const drawn = replaceOnce(
    poemConfig({
      ship: `  repository: o/r
  body: 'Quality: {score}/100 ({breakdown})'
  labels: ['quality:{score}', { atLeast: 50, then: ai-approved, else: quality-poor }]
  labelDelay: 10ms`,
      more: `${section}record:\n  metadata: poems/{target}/meta/{item}.yaml\n  fields: { said: '{score} ({breakdown})' }\n`,
    }),
    '  repairs: 1\n',
    `    - { name: draw, run: 'echo ${fourPixels} | base64 -d > "$REGEN_ARTIFACTS"/{item}.png', produces: ['{item}.png'] }
  repairs: 1
`,
  );
  return replaceOnce(
    drawn,
    '  isolate: true\n',
    `  isolate: true
  writes: ['poems/{target}/voices/{item}.txt', 'poems/{target}/meta/{item}.yaml']
`,
  );
}

const good = answerWith({ vq1: 20, vq2: 10, de1: 16 });
const fair = answerWith({ vq1: 15, vq2: 10, de1: 10 });
const poor = answerWith({ vq1: 4, vq2: 4, de1: 4 });
const twoOfThree = { 'VQ-01': good.criteria['VQ-01'], 'DE-01': good.criteria['DE-01'] };

describe('items that are judged', () => {
  let world: World;
  let forge: TestForge;
  let steps: StepResult[] = [];
  let plan = '';

  beforeAll(async () => {
    world = await makeWorld({
      files: {
        ...files,
        'poems/autumn/voices/yonder.txt': 'stale yonder autumn\n',
        'poems/autumn/voices/zany.txt': 'stale zany autumn\n',
      },
      config: config(evaluate),
      script: judgedBy(
        {
          bold: [good],
          calm: [poor, fair],
          dark: [poor],
          wry: [{ ...good, criteria: twoOfThree }, answerWith({ vq1: 99, vq2: 0, de1: 0 })],
          yonder: [good],
          zany: [good],
        },
        poet({ calm: ['a calm draft\n', 'a better calm poem\n'] }),
        { yonder: 1, zany: 2 },
      ),
    });
    forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    for (const exitCode of [0, 0, 0, 0, 1, 0, 1]) {
      const run = await world.regen(['--json'], { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl });
      expect(run).toMatchObject({ exitCode });
      steps = [...steps, run.document as StepResult]; // its parts are compared below
    }
    plan = (await world.read('.regen-plan.md')) ?? '';
  }, 120_000);

  afterAll(async () => {
    await forge.stop();
    await world[Symbol.asyncDispose]();
  });

  it('are accepted, improved once and then accepted, shipped as poor, or failed without a number', () => {
    expect(
      steps.map(({ item, outcome, score, verdict, reason }) => ({ item, outcome, score, verdict, reason })),
    ).toMatchObject([
      { item: null, outcome: 'planned', score: null, verdict: null },
      { item: 'bold', outcome: 'shipped', score: 92, verdict: 'APPROVED', reason: null },
      { item: 'calm', outcome: 'shipped', score: 70, verdict: 'APPROVED', reason: null },
      { item: 'dark', outcome: 'shipped', score: 24, verdict: 'REJECTED', reason: null },
      {
        item: 'wry',
        outcome: 'failed',
        score: null,
        verdict: null,
        reason: 'evaluation: the judge’s answer can’t be used: VQ-01: the score is 99, it goes from 0 to 20',
      },
      { item: 'yonder', outcome: 'shipped', score: 92, verdict: 'APPROVED', reason: null },
      {
        item: 'zany',
        outcome: 'failed',
        score: null,
        verdict: null,
        reason: 'evaluation: the judge’s answer can’t be used: zany.png was not opened',
      },
    ]);
  });

  it('say the same score in plan, pull request, labels and metadata', async () => {
    const pulls = await forge.pullRequests();
    const log = plan
      .slice(plan.indexOf('## Log'))
      .replace(/[\d.]+k? tokens, \$[\d.]+/g, 'USED')
      .replace(/log \.regen\/runs\/\S+\/stream\.jsonl;/g, 'log LOG;');

    expect(log.replace(/http:\S+?\/pull\//g, 'URL/').replace(/\(20\S+\)/g, '(T)')).toBe(`## Log

- bold: PR URL/1, score 92, label quality:92 ai-approved, verdict APPROVED, USED (T)
- calm: PR URL/2, score 70, label quality:70 ai-approved, verdict APPROVED, USED (T)
- dark: PR URL/3, score 24, label quality:24 quality-poor, verdict REJECTED, USED (T)
- wry: FAILED: evaluation: the judge’s answer can’t be used: VQ-01: the score is 99, it goes from 0 to 20; log LOG; next: regen retry wry (it goes on from the kept commit) (T)
- yonder: PR URL/4, score 92, label quality:92 ai-approved, verdict APPROVED, USED (T)
- zany: FAILED: evaluation: the judge’s answer can’t be used: zany.png was not opened; log LOG; next: regen retry zany (it goes on from the kept commit) (T)
`);
    expect(pulls.map(({ body, labels }) => ({ line: body.split('\n')[0], labels }))).toEqual([
      { line: 'Quality: 92/100 (VQ: 30/30 | DE: 16/20)', labels: ['quality:92', 'ai-approved'] },
      { line: 'Quality: 70/100 (VQ: 25/30 | DE: 10/20)', labels: ['quality:70', 'ai-approved'] },
      { line: 'Quality: 24/100 (VQ: 8/30 | DE: 4/20)', labels: ['quality:24', 'quality-poor'] },
      { line: 'Quality: 92/100 (VQ: 30/30 | DE: 16/20)', labels: ['quality:92', 'ai-approved'] },
    ]);
    const metadata = await runGit(world.repository.remote, [
      'show',
      'regen/autumn/calm:poems/autumn/meta/calm.yaml',
    ]);
    expect(metadata.replace(/updated: \S+/, 'updated: T')).toBe(`created: 2025-01-01T00:00:00Z
updated: T
quality_score: 70
review:
  image_description: A picture on white.
  strengths:
    - Clear axes.
  weaknesses:
    - Too many colors.
  verdict: APPROVED
  criteria_checklist:
    VQ:
      score: 25
      max: 30
      items:
        - id: VQ-01
          name: Legibility
          score: 15
          max: 20
          passed: false
          comment: Lost 5.
        - id: VQ-02
          name: No overlap
          score: 10
          max: 10
          passed: true
          comment: Nothing to mend.
    DE:
      score: 10
      max: 20
      items:
        - id: DE-01
          name: Restraint
          score: 10
          max: 20
          passed: false
          comment: Lost 10.
said: "70 (VQ: 25/30 | DE: 10/20)"`);
  });

  it('are status’s as well', async () => {
    const { document } = await world.regen(['status', '--json']);

    expect(document).toMatchObject({
      items: [
        { id: 'bold', score: 92 },
        { id: 'calm', score: 70 },
        { id: 'dark', score: 24 },
        { id: 'wry', state: 'failed', score: null },
        { id: 'yonder', state: 'done', score: 92 },
        { id: 'zany', state: 'failed', score: null },
      ],
    });
  });

  it('are improved in the author’s session, by what lost most', async () => {
    const [prompt] = new Set(
      asked(({ tools, firstMessage }) => tools.includes('Write') && firstMessage.includes('calm')).flatMap(
        ({ prompts }) => prompts.slice(1),
      ),
    );

    expect(prompt).toContain(`A reviewer gave it 24 of 100. Most was lost here:

- VQ-01, Legibility: 4 of 20. Lost 16.
- DE-01, Restraint: 4 of 20. Lost 16.
- VQ-02, No overlap: 4 of 10. Lost 6.`);
    expect(
      await runGit(world.repository.remote, ['show', 'regen/autumn/calm:poems/autumn/voices/calm.txt']),
    ).toBe('a better calm poem');
  });

  it('are judged by a session of its own that only reads, sees the picture, and never the author’s words', () => {
    const judging = asked(isJudge);

    expect(new Set(judging.map(({ tools }) => tools.join()))).toEqual(new Set(['Read,StructuredOutput']));
    expect(new Set(judging.map(({ system }) => system.includes('## VQ, Visual Quality: 30')))).toEqual(
      new Set([true]),
    );
    expect(judging.filter(({ firstMessage }) => /Written\.|Write short lines/.test(firstMessage))).toEqual(
      [],
    );
    expect(judging.flatMap(({ toolResults }) => toolResults).filter(({ isError }) => isError)).toEqual([]);
    expect(JSON.stringify(judging.find(({ turnOfPrompt }) => turnOfPrompt === 2)?.body)).toContain(
      '"media_type":"image/png"',
    );
  });

  it('have the judge told once what is wrong with its answer', () => {
    const corrections = asked(isJudge).flatMap(({ prompts }) => prompts.slice(1));

    const correction = (problem: string) =>
      `Your answer can't be used:\n\n- ${problem}\n\nMend this, then give the whole structured answer once more, with every criterion of the rubric.`;
    expect([...new Set(corrections)]).toEqual([
      correction('VQ-02 is missing'),
      correction('yonder.png was not opened'),
      correction('zany.png was not opened'),
    ]);
  });

  it('have their author told what the last review said, and the judge never', () => {
    const told = asked(({ firstMessage }) => firstMessage.includes('Item: `bold`')).map((request) => ({
      isJudge: isJudge(request),
      review: /<review [\s\S]*<\/review>/.exec(request.firstMessage)?.[0] ?? null,
      isKnown: JSON.stringify(request.body).includes('It lacks wind.'),
    }));

    const review = `<review path="poems/autumn/meta/bold.yaml">
Score: 41 of 100
Verdict: NEEDS_WORK

Weaknesses, to be mended:
- It lacks wind.

Strengths, to be kept:
- It rhymes.
</review>`;
    expect(new Set(told.map((each) => JSON.stringify(each)))).toEqual(
      new Set([
        JSON.stringify({ isJudge: false, review, isKnown: true }),
        JSON.stringify({ isJudge: true, review: null, isKnown: false }),
      ]),
    );
  });

  it('have what the judge cost booked under its stage, to the token', async () => {
    const rows = await ledgerRows(world);

    expect(rows.map(({ message }) => message)).toEqual(world.model.bill.map(({ id }) => id));
    expect(rows.filter(({ stage }) => stage === 'evaluate').map(({ model }) => model)).toEqual(
      asked(isJudge).map(({ model }) => model),
    );
  });

  function asked(which: (request: ScriptedRequest) => boolean): ScriptedRequest[] {
    return world.model.requests.flatMap(({ scripted }) =>
      scripted !== null && which(scripted.request) ? [scripted.request] : [],
    );
  }
});

describe('a step that was killed while the judge was at work', () => {
  it('has the item judged anew, without the author, and what it cost stays on the books', async () => {
    let reach = (): void => undefined;
    let letGo = (): void => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const script = judgedBy({ bold: [good] }, poet());
    let judgeRequests = 0;
    await using world = await makeWorld({
      files,
      config: replaceOnce(config(evaluate), '  repository: o/r', '  to: branch'),
      script: async (request) => {
        if (isJudge(request)) judgeRequests += 1;
        if (judgeRequests !== 2) return script(request);
        reach();
        await released;
        return script(request);
      },
    });
    await world.regen(['plan', 'autumn']);

    const killed = world.regen([]);
    await reached;
    await world.killStep();
    await killed;
    judgeRequests += 1;
    letGo();
    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1, score: 92 } });
    const rows = await ledgerRows(world);
    expect(rows.map(({ stage }) => stage)).toEqual([
      'agent',
      'agent',
      'agent',
      ...rows.slice(3).map(() => 'evaluate'),
    ]);
    expect(rows.slice(3).length).toBeGreaterThanOrEqual(3);
    expect(rows.map(({ input }) => input).reduce((sum, tokens) => sum + tokens, 0)).toBe(
      world.model.bill.map(({ tokens }) => tokens.input).reduce((sum, tokens) => sum + tokens, 0),
    );
  });
});

describe('a session that does the work itself', () => {
  it('is told what the judge asks for, and ships the score', async () => {
    await using world = await makeWorld({
      files,
      config: replaceOnce(config(evaluate), '  repository: o/r', '  to: branch'),
      script: judgedBy({ bold: [fair, good] }, poet()),
    });
    await world.regen(['plan', 'autumn']);
    await world.regen(['item', 'start']);
    const poem = '.worktrees/autumn/bold/poems/autumn/voices/bold.txt';

    await world.write({ [poem]: 'a bold draft\n' });
    await world.regen(['item', 'check', 'bold']);
    const weak = await world.regen(['item', 'evaluate', 'bold']);
    await world.write({ [poem]: 'a bolder poem\n' });
    await world.regen(['item', 'check', 'bold']);
    const strong = await world.regen(['item', 'evaluate', 'bold', '--json']);
    const shipped = await world.regen(['item', 'ship', 'bold', '--json']);

    expect(weak).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /A reviewer gave it 70 of 100[\s\S]*- DE-01, Restraint: 10 of 20[\s\S]*mend it, then run: regen item check$/,
      ) as string,
    });
    expect(strong).toMatchObject({
      exitCode: 0,
      document: { ok: true, score: 92, next: 'regen item record' },
    });
    expect(shipped).toMatchObject({ exitCode: 0, document: { step: { score: 92, verdict: 'APPROVED' } } });
  });
});

describe('the evaluation’s settings', () => {
  it('fail a poor item where the config says so', async () => {
    await using world = await makeWorld({
      files,
      config: config(`${evaluate}  belowReject: fail\n`),
      script: judgedBy({ bold: [poor] }, poet()),
    });
    const forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };

    await world.regen(['plan', 'autumn']);
    const step = await world.regen(['--json'], env);
    await forge.stop();

    expect(step).toMatchObject({
      exitCode: 1,
      document: {
        outcome: 'failed',
        score: 24,
        verdict: 'REJECTED',
        reason: 'the score is 24, below 50 (evaluate.reject)',
        pr: null,
      },
    });
  });

  it('tick an item that was left as it was and is good enough', async () => {
    const section = config(evaluate);
    await using world = await makeWorld({
      files: { ...files, 'poems/autumn/voices/bold.txt': 'good as it is\n' },
      config: replaceOnce(section, '  isolate: true\n', '  isolate: true\n  unchanged: evaluate\n'),
      script: judgedBy({ bold: [good] }, poet({ bold: ['good as it is\n'] })),
    });
    const forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };

    await world.regen(['plan', 'autumn']);
    const step = await world.regen(['--json'], env);
    await forge.stop();

    expect(step).toMatchObject({
      exitCode: 0,
      document: { outcome: 'unchanged', score: 92, verdict: 'APPROVED', pr: null },
    });
    expect(await world.read('.regen-plan.md')).toMatch(
      /- \[x\] bold\n[\s\S]*- bold: unchanged: the agent left the item as it was, score 92, verdict APPROVED, /,
    );
  });

  it('refuse a rubric that doesn’t add up before a token is spent', async () => {
    await using world = await makeWorld({
      files: { ...files, 'prompts/rubric.yaml': rubricText.replace('max: 30', 'max: 31') },
      config: replaceOnce(config(evaluate), '  repository: o/r', '  to: branch'),
      script: judgedBy({ bold: [good] }, poet()),
    });

    await world.regen(['plan', 'autumn']);
    const refused = await world.regen(['--json']);
    const billed = world.model.bill.length;
    await world.repository.commit({ files: { 'prompts/rubric.yaml': rubricText } });
    await world.repository.git('push', '--quiet');
    const mended = await world.regen(['--json']);

    expect(refused).toMatchObject({
      exitCode: 2,
      document: {
        error: {
          code: 'config',
          message: 'prompts/rubric.yaml:4:10: categories[0].max: is 31, but its items add up to 30',
        },
      },
    });
    expect(billed).toBe(0);
    expect(mended).toMatchObject({ exitCode: 0, document: { attempt: 1, score: 92 } });
  });
});

async function ledgerRows(world: World) {
  const ledger = ((await world.read('.regen/ledger.jsonl')) ?? '').trim().split('\n');
  const rows = ledger.map((line) => JSON.parse(line) as LedgerRow);
  return rows.filter((row) => row.kind === 'message');
}
