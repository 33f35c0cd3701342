import { mkdir, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cost as costOf } from '../../src/cli/cost.js';
import type { CostFlags } from '../../src/cli/cost.js';
import { createInvocation } from '../../src/cli/invocation.js';
import { createReporter } from '../../src/cli/reporter.js';
import { messageRow, runRow, writeLedger } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { cliPath } from '../support/world.js';

let scratch: Scratch;

beforeEach(async () => {
  scratch = await makeScratch();
  await mkdir(scratch.in('.git'));
});

afterEach(() => scratch[Symbol.asyncDispose]());

async function cost(...args: string[]) {
  const options = { cwd: scratch.folder, reject: false, stripFinalNewline: false } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'cost', ...args], options);
  return { exitCode, stdout, stderr };
}

const plan =
  '# Regen plan: alpha\n\n- Target: `alpha`\n- Plan created: `2026-11-20T08:00:00Z`\n\n## Items\n\n';

const rows = [
  messageRow({ message: '1', cacheRead: 2000, output: 5, costUsd: 0.25 }),
  messageRow({ message: '2', stage: 'evaluate', costUsd: 0.05, at: '2026-11-19T11:00:00.000Z' }),
  runRow({ durationMs: 1500 }),
];

describe('regen cost', () => {
  it('prints a table, what is wrong with the sums, and the forecast with the budgets of regen.yaml', async () => {
    await writeLedger(scratch.folder, [...rows, '{"v":2']);
    await writeFile(scratch.in('.regen-plan.md'), `${plan}- [x] one\n- [ ] two\n- [ ] three\n`);
    await writeFile(
      scratch.in('regen.yaml'),
      'version: 1\ntargets: { list: [alpha] }\nitems: { list: [one], writes: ["{item}"] }\nprompt: { task: Redo it. }\nbudget: { targetUsd: 0.5 }\n',
    );

    const run = await cost();

    expect(run).toEqual({
      exitCode: 0,
      stdout: `Cost by stage
                                   cache  write               peak                 cache
stage     requests  input  output   read     5m  sessions  context  time   cost   saving
agent            1      0       5   2.0k      0         1     2.0k    2s  $0.25  $0.0090
evaluate         1      0       0      0      0         1        0    0s  $0.05    $0.00
----------------------------------------------------------------------------------------
total            2      0       5   2.0k      0         1     2.0k    2s  $0.30  $0.0090

Lines of .regen/ledger.jsonl that no sum holds: 1 cut off by a crash.

Forecast for alpha: 2 of 3 items to do; drawn from finished items: 1 of this plan
  cost to the end  $0.60 (P50), $0.60 (P90); an item $0.30 (P50), $0.30 (P90)
  time to the end  3.0 s (P50), 3.0 s (P90); an item 1.5 s (P50), 1.5 s (P90)
  targetUsd $0.50 ($0.30 spent) lasts to about item 2 of 3 (two)
`,
      stderr: '',
    });
  });

  it('--json is one document with plain numbers', async () => {
    await writeLedger(scratch.folder, rows);

    const { exitCode, stdout, stderr } = await cost('--json', '--by', 'day', '--since', '2026-11-20');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ by: 'day', since: '2026-11-20T00:00:00.000Z', target: null, plan: null, forecast: null },
      groups: [
        { key: '2026-11-20', usage: { requests: 1, cacheRead: 2000, costUsd: 0.25 }, durationMs: 1500 },
      ],
      total: { key: null, usage: { requests: 1 }, netCacheSavingUsd: 0.009 },
    });
  });

  it('--csv is RFC 4180; what is wrong with the sums goes to stderr', async () => {
    await writeLedger(scratch.folder, [messageRow({ item: '=1+1', costUsd: 0.25 }), '{"v":2']);

    const { exitCode, stdout, stderr } = await cost('--csv', '--by', 'item');

    const [header, record, ...rest] = stdout.split('\r\n');
    expect({ exitCode, stderr, rest }).toEqual({
      exitCode: 0,
      stderr: 'Lines of .regen/ledger.jsonl that no sum holds: 1 cut off by a crash.\n',
      rest: [''],
    });
    expect(header).toMatch(/^item,requests,input,/);
    expect(record).toMatch(/^"'=1\+1",1,0,0,0,0,0,0\.25,/);
  });

  it('without a ledger says so; the document has zeros', async () => {
    const text = await cost('--target', 'anything');
    const document = await cost('--json');

    expect(text).toEqual({
      exitCode: 0,
      stdout: 'No ledger yet: .regen/ledger.jsonl has no row, so nothing was paid for here.\n',
      stderr: '',
    });
    expect(JSON.parse(document.stdout)).toMatchObject({
      groups: [],
      total: { usage: { requests: 0, input: 0, costUsd: 0 }, durationMs: 0, netCacheSavingUsd: 0 },
      unread: { torn: 0, unknown: 0 },
    });
  });

  it.each<[CostFlags, string, string]>([
    [{ by: 'modle' }, '--by takes stage, item, target, model, session, day, not "modle"', '--by model'],
    [{ since: 'yesterday' }, '--since takes an instant, a date or a duration, not "yesterday"', '--since 7d'],
    [{ since: '99999999999d' }, '--since takes an instant, a date or a duration', '--since 7d'],
    [{ target: 'alhpa' }, '--target alhpa: the ledger has no row of it', 'Did you mean "--target alpha"?'],
    [{ plan: 'p' }, '--plan p: the ledger has no row of it', 'Known: 20261120T080000Z.'],
    [{ plan: 'current' }, '--plan current: there is no plan', '.regen/runs'],
  ])('%j is refused with the way out', async (flags, message, hint) => {
    await writeLedger(scratch.folder, rows);
    if (flags.plan !== 'current') await writeFile(scratch.in('.regen-plan.md'), `${plan}- [ ] one\n`);
    const reporter = createReporter({});
    const options = { cwd: scratch.folder };
    const invocation = await createInvocation(options, reporter, new AbortController().signal, []);

    const refused = await costOf(invocation, flags).catch((error: unknown) => error);

    expect(refused).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as unknown,
      hint: expect.stringContaining(hint) as unknown,
    });
  });

  it('ends with 2 when it is asked for two formats at once, or for a word too much', async () => {
    const both = await cost('--csv', '--json');
    const word = await cost('alpha');

    expect([both.exitCode, word.exitCode]).toEqual([2, 2]);
    expect(both.stderr).toBe('regen: --json is one document, --csv a table\nLeave one of them out.\n');
    expect(word.stderr).toContain('too much for "regen cost": "alpha"');
  });

  it('ends quietly when nobody reads its output any more', async () => {
    await writeLedger(
      scratch.folder,
      Array.from({ length: 2000 }, (_, index) => messageRow({ message: `${index}`, item: `item-${index}` })),
    );
    const command = `"${process.execPath}" "${cliPath}" cost --by item | head -n 1`;

    const { stdout, stderr } = await execa('sh', ['-c', command], { cwd: scratch.folder });

    expect({ stdout, stderr }).toEqual({ stdout: 'Cost by item', stderr: '' });
  });
});
