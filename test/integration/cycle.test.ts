import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../src/model/ledger.js';
import type { TestForge } from '../support/forge.js';
import { startForge } from '../support/forge.js';
import type { GitHttp } from '../support/git-http.js';
import { startGitHttp } from '../support/git-http.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { CommandRun, World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

const ship = `  branch: 'implementation/{target}/{item}'
  body: |
    The {item} voice of {target}.
  labels: ['voice:{item}', ready]
  labelDelay: 300ms
  repository: o/r`;

/** The whole cycle over the real binary, a real remote over HTTP and the forge: each invocation does one step. */
describe('a target from its plan to its archive', () => {
  let world: World;
  let forge: TestForge;
  let http: GitHttp;
  const runs: CommandRun[] = [];
  const plans: (string | null)[] = [];

  beforeAll(async () => {
    world = await makeWorld({
      files: poemFiles,
      config: poemConfig({ ship }),
      // calm keeps the stale text first and is repaired; wry never gets it right.
      script: poet({ calm: ['still stale\n', 'new calm autumn\n'], wry: ['stale\n', 'more stale\n'] }),
    });
    const { remote } = world.repository;
    forge = await startForge({ owner: 'o', repo: 'r', remote });
    http = await startGitHttp({
      remote,
      path: '/o/r.git',
      credentials: { user: 'x-access-token', password: forge.token },
    });
    await world.repository.git(
      'remote',
      'set-url',
      'origin',
      http.url.replace('//', `//x-access-token:${forge.token}@`),
    );
    for (let step = 0; step < 5; step += 1) {
      runs.push(await world.regen(['--json'], { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl }));
      plans.push(await world.read('.regen-plan.md'));
    }
  }, 120_000);

  afterAll(async () => {
    await forge.stop();
    await http.stop();
    await world[Symbol.asyncDispose]();
  });

  it('detects the mode, does one item per invocation and says what became of it', () => {
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 1, 0]);
    expect(runs.map(({ document }) => document)).toMatchObject([
      { mode: 'plan', target: 'autumn', item: null, outcome: 'planned', remaining: 3 },
      { mode: 'execute', item: 'bold', outcome: 'shipped', attempt: 1, pr: { number: 1 }, remaining: 2 },
      {
        mode: 'execute',
        item: 'calm',
        outcome: 'shipped',
        pr: { branch: 'implementation/autumn/calm' },
        remaining: 1,
      },
      {
        mode: 'execute',
        item: 'wry',
        outcome: 'failed',
        pr: null,
        checks: [{ name: 'new', ok: false }],
        remaining: 0,
      },
      { mode: 'done', target: 'autumn', outcome: 'archived', remaining: 0 },
    ]);
  });

  it('prints every key of the document', () => {
    const keys = [
      'mode',
      'target',
      'item',
      'outcome',
      'reason',
      'attempt',
      'score',
      'verdict',
      'pr',
      'checks',
      'usage',
    ];

    for (const { document } of runs) {
      expect(Object.keys(document as object)).toEqual([
        ...keys,
        'durationMs',
        'remaining',
        'retryAt',
        'evidence',
      ]);
    }
  });

  it('keeps the plan as the contract has it, line by line', () => {
    const [planned, bold, calm, wry, archived] = plans.map((plan) => plan?.replace(/`20\d\d-\S+`/g, '`T`'));

    expect(masked(planned)).toBe(
      '# Regen plan: autumn\n\n- Target: `autumn`\n- Title: `A Poem of Autumn`\n- Last updated: `T`\n' +
        '- Base: `origin/main@SHA`\n- Plan created: `T`\n\n## Items\n\n- [ ] bold\n- [ ] calm\n- [ ] wry\n\n## Log\n',
    );
    expect(masked(bold)).toBe(
      masked(planned)
        .replace('[ ] bold', '[x] bold')
        .replace('## Log\n', '## Log\n\n- bold: PR URL/1, label voice:bold ready, USED (T)\n'),
    );
    expect(masked(calm)).toBe(
      `${masked(bold).replace('[ ] calm', '[x] calm')}- calm: PR URL/2, label voice:calm ready, USED (T)\n`,
    );
    expect(masked(wry)).toBe(
      `${masked(calm).replace('[ ] wry', '[!] wry')}- wry: FAILED: check "new" failed: exit code 1; log LOG; next: regen retry wry (T)\n`,
    );
    expect(archived).toBeUndefined();
  });

  it('opens one pull request an item, with title, body and labels in order', async () => {
    const pulls = await forge.pullRequests();

    expect(pulls.map(({ title, branch, labels, state }) => ({ title, branch, labels, state }))).toEqual([
      {
        title: 'regen(autumn): bold',
        branch: 'implementation/autumn/bold',
        labels: ['voice:bold', 'ready'],
        state: 'open',
      },
      {
        title: 'regen(autumn): calm',
        branch: 'implementation/autumn/calm',
        labels: ['voice:calm', 'ready'],
        state: 'open',
      },
    ]);
    expect(pulls[0]?.body).toMatch(
      /^The bold voice of autumn\.\n[\s\S]*<!-- regen: attempt=[0-9a-f-]{36} target=autumn item=bold -->\s*$/,
    );
  });

  it('sets labels one request each, a delay apart, and dispatches no workflow', () => {
    const labels = forge.requests.filter(
      ({ method, path }) => method === 'POST' && /issues\/1\/labels$/.test(path),
    );

    expect(labels.map(({ body }) => body)).toEqual([{ labels: ['voice:bold'] }, { labels: ['ready'] }]);
    expect((labels[1]?.at ?? 0) - (labels[0]?.at ?? 0)).toBeGreaterThanOrEqual(300);
    expect(forge.requests.filter(({ path }) => /dispatches|workflows|actions/.test(path))).toEqual([]);
  });

  it('commits only what may be written, onto the base, with its trailers', async () => {
    const { repository } = world;
    await repository.git('fetch', '--quiet', 'origin');
    const changed = await repository.git(
      'diff',
      '--name-status',
      'origin/main',
      'origin/implementation/autumn/calm',
    );
    const message = await repository.git('log', '-1', '--format=%B', 'origin/implementation/autumn/calm');

    expect(changed).toBe('M\tpoems/autumn/voices/calm.txt');
    expect(message).toMatch(
      /^regen\(autumn\): calm\n\nRegen-Target: autumn\nRegen-Item: calm\nRegen-Attempt: [0-9a-f-]{36}\n*$/,
    );
  });

  it('leaves nothing behind but the history, the ledger and the runs', async () => {
    const { repository } = world;

    expect(await repository.git('status', '--porcelain')).toBe('?? regen.yaml');
    expect(await repository.git('worktree', 'list', '--porcelain')).not.toContain('.worktrees');
    expect(await repository.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('booked what the model billed, to the token', async () => {
    const ledger = ((await world.read('.regen/ledger.jsonl')) ?? '').trim().split('\n');
    const rows = ledger.map((line) => JSON.parse(line) as LedgerRow);
    const messages = rows.filter((row) => row.kind === 'message');

    expect(messages.map(({ message, input, output }) => ({ message, input, output }))).toEqual(
      world.model.bill.map(({ id, tokens }) => ({ message: id, input: tokens.input, output: tokens.output })),
    );
  });
});

function masked(plan: string | undefined): string {
  return (plan ?? '')
    .replace(/@[0-9a-f]{7}`/, '@SHA`')
    .replace(/http:\S+?\/pull\//g, 'URL/')
    .replace(/log \.regen\/runs\/\S+\.log;/g, 'log LOG;')
    .replace(/[\d.]+k? tokens, \$[\d.]+/g, 'USED')
    .replace(/\(20\S+\)/g, '(T)');
}
