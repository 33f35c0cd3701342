import { describe, expect, it } from 'vitest';
import { noUsage } from '../../src/model/usage.js';
import { logLine, withoutEvidence } from '../../src/step/log-line.js';
import { planBranch } from '../../src/step/stages/claim-branch.js';
import { writesOf } from '../../src/model/writes.js';
import { siblingFiles } from '../../src/step/siblings.js';
import { evaluation } from '../support/rubric.js';

const at = new Date('2026-05-02T14:02:11.500Z');
const usage = { ...noUsage, requests: 3, input: 1200, output: 40_000, costUsd: 0.31 };
const nothingShipped = { targetFiles: [], labels: [], merged: false };

describe('whose a branch is', () => {
  const ref = { target: 'scatter', item: 'altair' };
  const tip = { sha: 'a'.repeat(40), owner: { ...ref, attempt: 'theirs' }, isMerged: false };

  it('is nobody’s when there is none', () => {
    expect(planBranch(null, { ref, own: [], mayAdopt: false })).toEqual({ kind: 'ours', expected: null });
  });

  it('is ours when our journals know its attempt', () => {
    expect(planBranch(tip, { ref, own: ['theirs'], mayAdopt: false })).toEqual({
      kind: 'ours',
      expected: tip.sha,
    });
  });

  it('is another clone’s until a person says that it may be taken over', () => {
    expect(planBranch(tip, { ref, own: ['mine'], mayAdopt: false })).toEqual({ kind: 'foreign', tip });
    expect(planBranch(tip, { ref, own: ['mine'], mayAdopt: true })).toEqual({
      kind: 'ours',
      expected: tip.sha,
    });
  });

  it('is not adopted when its trailers name another item, or none', () => {
    const other = { ...tip, owner: { ...tip.owner, item: 'plotly' } };
    const bare = { ...tip, owner: null };

    expect(planBranch(other, { ref, own: [], mayAdopt: true })).toEqual({ kind: 'foreign', tip: other });
    expect(planBranch(bare, { ref, own: [], mayAdopt: true })).toEqual({ kind: 'foreign', tip: bare });
  });

  it('may be replaced once it is merged', () => {
    const merged = { ...tip, owner: null, isMerged: true };

    expect(planBranch(merged, { ref, own: [], mayAdopt: false })).toEqual({
      kind: 'ours',
      expected: tip.sha,
    });
  });
});

describe('what the log says', () => {
  it('of a pull request', () => {
    const pr = { number: 12, url: 'https://github.test/o/r/pull/12', branch: 'b' };
    const shipped = { ...nothingShipped, pr, labels: ['ai-approved'], targetFiles: ['spec.md'] };

    expect(logLine({ end: { kind: 'shipped' }, shipped, evaluation: null, usage, at, evidence: null })).toBe(
      'PR https://github.test/o/r/pull/12, label ai-approved, also changes spec.md, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)',
    );
  });

  it('of a pull request that was scored', () => {
    const pr = { number: 12, url: 'https://github.test/o/r/pull/12', branch: 'b' };
    const shipped = { ...nothingShipped, pr, labels: ['ai-approved'] };

    expect(logLine({ end: { kind: 'shipped' }, shipped, evaluation, usage, at, evidence: null })).toBe(
      'PR https://github.test/o/r/pull/12, score 86, label ai-approved, verdict NEEDS_WORK, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)',
    );
  });

  it('of an item that was accepted as it is', () => {
    const end = { kind: 'unchanged', reason: 'the agent left it', isAccepted: true } as const;

    expect(logLine({ end, shipped: nothingShipped, evaluation, usage, at, evidence: null })).toBe(
      'unchanged: the agent left it, score 86, verdict NEEDS_WORK, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)',
    );
  });

  it('of a branch without a pull request', () => {
    const shipped = { ...nothingShipped, branch: 'regen/a/b', sha: '0123456789' };

    expect(logLine({ end: { kind: 'shipped' }, shipped, evaluation: null, usage, at, evidence: null })).toBe(
      'branch regen/a/b at 0123456, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)',
    );
  });

  it('of a failure', () => {
    const end = { kind: 'failed', reason: 'check "render" failed: plot-dark.png was not produced' } as const;

    expect(logLine({ end, shipped: nothingShipped, evaluation: null, usage, at, evidence: null })).toBe(
      'FAILED: check "render" failed: plot-dark.png was not produced (2026-05-02T14:02:11Z)',
    );
  });

  it('of a failure with its evidence, and the reason can be told from it', () => {
    const end = { kind: 'failed', reason: 'check "render" failed; all of it' } as const;
    const evidence = { log: '.regen/runs/p/t/i/1/render.log', lines: ['x'], next: 'regen retry altair' };

    const line = logLine({ end, shipped: nothingShipped, evaluation: null, usage, at, evidence });

    expect(line).toBe(
      'FAILED: check "render" failed; all of it; log .regen/runs/p/t/i/1/render.log; next: regen retry altair (2026-05-02T14:02:11Z)',
    );
    expect(withoutEvidence(line.replace(/^FAILED: | \(20.*$/g, ''))).toBe('check "render" failed; all of it');
  });
});

describe('what an item may write', () => {
  const defaults = { exclude: [], heading: 'Items', isolate: false, unchanged: 'skip', skip: [] } as const;

  it('is the file that names it, unless the config says more', () => {
    expect(writesOf({ ...defaults, exclude: [], skip: [], glob: 'plots/{target}/*.py' })).toEqual([
      'plots/{target}/{item}.py',
    ]);
    expect(writesOf({ ...defaults, exclude: [], skip: [], glob: 'a/*.py', writes: ['b/{item}.md'] })).toEqual(
      ['b/{item}.md'],
    );
  });

  it('hides the files of the other items, and no file that belongs to none', () => {
    const paths = [
      'p/s/altair.py',
      'p/s/plotly.py',
      'p/s/plotly.yaml',
      'p/s/__init__.py',
      'p/other/plotly.py',
    ];
    const writes = ['p/{target}/{item}.py', 'p/{target}/{item}.yaml', 'p/{target}/notes.md'];

    const hidden = siblingFiles(paths, { writes, target: 's', item: 'altair', items: ['altair', 'plotly'] });

    expect(hidden).toEqual(['p/s/plotly.py', 'p/s/plotly.yaml']);
  });
});
