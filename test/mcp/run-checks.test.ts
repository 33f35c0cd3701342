import { describe, expect, it } from 'vitest';
import { createRunChecks } from '../../src/mcp/run-checks.js';
import type { CheckBench, WorktreeState } from '../../src/mcp/run-checks.js';
import type { CheckResult } from '../../src/model/verdict.js';

const never = new AbortController().signal;

/** Checks that pass; what they were asked for is kept. */
function benchOf(states: readonly WorktreeState[]): CheckBench & { readonly runs: (readonly string[])[] } {
  const runs: (readonly string[])[] = [];
  let looks = 0;
  const passes = (name: string): CheckResult => ({
    name,
    ok: true,
    durationMs: 1000,
    digest: null,
    notes: [],
    log: '',
  });
  return {
    runs,
    names: ['lint', 'suite'],
    products: null,
    state: () =>
      Promise.resolve(states[Math.min(looks++, states.length - 1)] ?? { kind: 'permitted', key: '' }),
    run: (names) => {
      runs.push(names);
      return Promise.resolve(names.map(passes));
    },
  };
}

const permitted = (key: string): WorktreeState => ({ kind: 'permitted', key });

describe('run_checks', () => {
  it('does not run again what it ran on the same files, and says so', async () => {
    const bench = benchOf([permitted('one')]);
    const tool = createRunChecks(bench);

    const answers = [await tool.call({}, never), await tool.call({}, never)];

    expect(bench.runs).toEqual([['lint', 'suite']]);
    expect(answers[1]?.text).toContain('Nothing has changed since the last call');
    expect(answers[1]?.text).toContain(answers[0]?.text);
  });

  it('runs again when a file differs, when other checks are asked for, and on demand', async () => {
    const bench = benchOf([permitted('one'), permitted('one'), permitted('two')]);
    const tool = createRunChecks(bench);

    for (const input of [{}, {}, { names: ['suite'] }, { names: ['suite'], again: true }]) {
      await tool.call(input, never);
    }

    expect(bench.runs).toEqual([['lint', 'suite'], ['lint', 'suite'], ['suite'], ['suite']]);
  });

  it('takes what a check itself rewrote for checked', async () => {
    const bench = benchOf([permitted('before'), permitted('formatted')]);
    const tool = createRunChecks(bench);

    await tool.call({}, never);
    await tool.call({}, never);

    expect(bench.runs).toHaveLength(1);
  });

  it('runs nothing while a file is changed that must not be', async () => {
    const violations = [{ path: 'other.txt', reason: 'it was added, but this item may not write it' }];
    const bench = benchOf([{ kind: 'violated', violations }]);

    const answer = await createRunChecks(bench).call({}, never);

    expect(answer.text).toContain('other.txt');
    expect(bench.runs).toEqual([]);
  });

  it('runs one call after the other', async () => {
    const bench = benchOf([permitted('one')]);
    const tool = createRunChecks(bench);

    const answers = await Promise.all([tool.call({}, never), tool.call({}, never)]);

    expect(bench.runs).toHaveLength(1);
    expect(answers[1].text).toContain('Nothing has changed');
  });

  it.each([
    [{ names: ['suit'] }, 'No check is named "suit". Did you mean "suite"?'],
    [{ names: ['zebra'] }, 'No check is named "zebra". There are: lint, suite.'],
    [{ names: 'suite' }, 'run_checks takes {"names"?: [name, …], "again"?: boolean}.'],
  ])('refuses %j in words', async (input, text) => {
    expect(await createRunChecks(benchOf([])).call(input, never)).toEqual({ text, isError: true });
  });
});
