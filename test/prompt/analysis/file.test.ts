import { describe, expect, it } from 'vitest';
import { analyseFile } from '../../../src/prompt/analysis/file.js';
import { findBoundaries } from '../../../src/prompt/analysis/boundaries.js';
import { findDynamicLines } from '../../../src/prompt/analysis/dynamic-lines.js';
import { usualScale } from '../../../src/prompt/analysis/scale.js';

const rate = { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 };

function analyse(text: string, { requests = 10, minimum = 100 } = {}) {
  return analyseFile({
    ...{ file: 'prompt.md', text, scale: usualScale },
    requests: { count: requests, source: 'flag', items: 0 },
    minimum: { tokens: minimum, source: 'table' },
    money: { model: 'sonnet', asOf: '2026-11-21', rate: () => rate },
  });
}

/** Lines of 35 characters with their line feed: 10 tokens each. */
const rules = (count: number): string => `${'r'.repeat(34)}\n`.repeat(count);

describe('lines that look dynamic', () => {
  it.each([
    ['Task: {task}', 'section', 'Task:'],
    ['**Working directory:** here', 'section', '**Working directory:'],
    ['## Task', 'section', '## Task'],
    ['Draw {item} anew.', 'placeholder', '{item}'],
    ['Draw {{ chart.name }} anew.', 'placeholder', '{{ chart.name }}'],
    ['Ask $USER or ${HOME}.', 'variable', '$USER'],
    ['Written on 2026-11-21.', 'date', '2026-11-21'],
    ['Began 2026-11-21T08:00:00Z', 'time', '2026-11-21T08:00:00Z'],
    ['Work in /home/me/charts.', 'path', '/home/me/charts.'],
    ['In C:\\work\\charts', 'path', 'C:\\work\\charts'],
    ['Session 57153767-4969-48f7-a378-5ca8b4abd354', 'uuid', '57153767-4969-48f7-a378-5ca8b4abd354'],
  ])('%s', (line, kind, text) => {
    expect(findDynamicLines([line])).toEqual([{ line: 1, kind, text, counts: true }]);
  });

  it.each([
    '# Tasks and how to do them',
    'Answer {"score": 1, "ok": {}}.',
    'It costs $5, and {} is empty.',
    'Start it with /usr/bin/env node.',
    'See docs/tmp/notes.md and https://host/home/me.',
    'Version 2.1.197 of 1999.',
  ])('leaves alone: %s', (line) => {
    expect(findDynamicLines([line])).toEqual([]);
  });

  it('tells of what stands in code, and doesn’t count it', () => {
    const found = findDynamicLines(['Write `{name}`.', '```sh', 'cd $HOME', '```', 'cd $HOME']);

    expect(found.map(({ line, counts }) => [line, counts])).toEqual([
      [1, false],
      [3, false],
      [5, true],
    ]);
  });
});

describe('boundaries', () => {
  it.each([
    '<!-- CACHE_BOUNDARY -->',
    '=== CACHE BOUNDARY ===',
    '# --- cache-boundary ---',
    '<<CACHE_BOUNDARY_MARKER>>',
    '<!-- CACHE_BOUNDARY: what follows changes -->',
  ])('are marked by a line such as %s', (mark) => {
    const { how, kinds, markers } = findBoundaries(['rules', mark, 'today']);

    expect({ how, kinds, markers }).toEqual({
      how: 'marked',
      kinds: ['static', 'marker', 'dynamic'],
      markers: [2],
    });
  });

  it('are those of regen’s own marks, layer by layer', () => {
    const lines = ['<!-- regen:static -->', 'a', '<!-- regen:target -->', 'b', '<!-- regen:item -->', '{c}'];

    const { kinds, evidence } = findBoundaries(lines);

    expect(kinds).toEqual(['marker', 'static', 'marker', 'target', 'marker', 'dynamic']);
    expect(evidence).toEqual([]);
  });

  it('are no words about a cache boundary in a sentence', () => {
    expect(findBoundaries(['The cache boundary comes later.']).how).toBe('guessed');
  });

  it('take a dynamic section to its end: a label’s paragraph, a heading’s text', () => {
    const label = findBoundaries(['Task: redo it', 'by noon', '', 'rules']).kinds;
    const heading = findBoundaries(['## Task', '', 'redo it', '### Why', 'old', '## Rules']).kinds;

    expect(label).toEqual(['dynamic', 'dynamic', 'static', 'static']);
    expect(heading).toEqual(['dynamic', 'dynamic', 'dynamic', 'dynamic', 'dynamic', 'static']);
  });
});

describe('the analysis of a file', () => {
  it('ends the guessed prefix at the first dynamic line, and says what moving it would save', () => {
    const report = analyse(`${rules(4)}Task: {task}\n\n${rules(40)}`);

    expect(report.parts.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['static', 1, 4],
      ['dynamic', 5, 5],
      ['late', 6, 46],
    ]);
    expect(report.prefix).toMatchObject({ endsAt: 4, tokens: 40, endedBy: { line: 5, kind: 'section' } });
    expect(report.cost).toMatchObject({ isCached: false, uncached: 0.00888, cached: 0.00888 });
    // 441 tokens written once and read nine times, 3 sent ten times.
    expect(report.moved?.lines).toEqual([5]);
    expect(report.moved?.prefixTokens).toBe(441);
    expect(report.moved?.cached).toBeCloseTo((441 * 2.5 + 9 * 441 * 0.2 + 10 * 3 * 2) / 1e6, 12);
    expect(report.moved?.savingUsd).toBeCloseTo(0.00888 - (report.moved?.cached ?? 0), 12);
  });

  it('caches a marked prefix that is long enough', () => {
    const report = analyse(`${rules(20)}<!-- CACHE_BOUNDARY -->\nTask: {task}\n`, { requests: 3 });

    expect(report).toMatchObject({
      ...{ boundaries: 'marked', markers: [21], moved: null, tokens: 204 },
      prefix: { endsAt: 20, tokens: 200, endedBy: null },
      cost: { isCached: true },
    });
    expect(report.cost.cached).toBeCloseTo((200 * 2.5 + 2 * 200 * 0.2 + 3 * 4 * 2) / 1e6, 12);
  });

  it('says which line of a marked prefix would end it', () => {
    const report = analyse(`${rules(2)}Today is 2026-11-21.\n${rules(20)}=== CACHE BOUNDARY ===\n{task}\n`);

    expect(report.prefix).toMatchObject({ endsAt: 2, endedBy: { line: 3, kind: 'date' } });
    expect(report.moved?.lines).toEqual([3]);
  });

  it('has nothing to say of an empty file, and nothing to move in one that is static', () => {
    expect(analyse('')).toMatchObject({ tokens: 0, lines: 0, moved: null, evidence: [] });
    expect(analyse(rules(20))).toMatchObject({ moved: null, prefix: { endsAt: 20, endedBy: null } });
  });
});
