import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TokenRow, TokenTable } from '../../src/model/token-table.js';
import { noUsage } from '../../src/model/usage.js';
import type { Usage } from '../../src/model/usage.js';
import { renderTokens, replaceTokens } from '../../src/ship/token-table.js';
import { createShipTexts } from '../../src/ship/texts.js';
import { makeConfig, makeFacts, uuid } from './ship-scene.js';

function row(name: string, change: Partial<TokenRow> = {}): TokenRow {
  return {
    ...{ name, usage: noUsage, pricedUsd: 0, estimated: noUsage },
    ...{ sessions: 1, peakContext: 0, durationMs: 0 },
    ...change,
  };
}

function tableOf(input: number, change: Partial<TokenTable> = {}): TokenTable {
  const usage: Usage = { ...noUsage, requests: 1, input };
  return {
    rows: [row('agent', { usage })],
    total: row('Total', { usage }),
    orchestrator: null,
    outside: noUsage,
    ...change,
  };
}

test('the whole table: a row per stage, the orchestrator’s, a total, and what there is to say', () => {
  const agent: Usage = {
    ...{ requests: 183, input: 119, output: 46_600, cacheRead: 9_500_000 },
    ...{ cacheWrite5m: 100_700, cacheWrite1h: 30_000, costUsd: 12.5 },
  };
  const flight = { ...noUsage, requests: 1, input: 900, output: 100, costUsd: 0.01 };
  const orchestrator = {
    ...noUsage,
    requests: 12,
    input: 5500,
    output: 700,
    cacheRead: 870_900,
    costUsd: 0.31,
  };
  const total = { ...agent, requests: 195, input: 5619, cacheRead: 10_370_900, costUsd: 12.81 };

  const block = renderTokens({
    rows: [
      row('agent', { usage: agent, estimated: flight, peakContext: 98_304, durationMs: 1_375_000 }),
      row('orchestrator', { usage: orchestrator, sessions: 2, peakContext: 61_000 }),
    ],
    total: row('Total', {
      ...{ usage: total, estimated: flight, sessions: 3, peakContext: 98_304, durationMs: 9_300_000 },
    }),
    orchestrator: {
      evaluation: { ...noUsage, requests: 1, input: 12_300 },
      ownTurns: { ...noUsage, requests: 10, input: 800_000 },
      sharedTurns: { ...noUsage, requests: 1, input: 64_800 },
    },
    outside: { ...noUsage, requests: 3, input: 2000, costUsd: 0.02 },
  });

  expect(block).toBe(`<!-- regen:tokens begin -->
| Tokens | uncached | output | cache read | cache write | sessions | requests | peak context | time | cost |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
| agent | 119 | ≈ 46.6k | 9.5M | 130.7k | 1 | 183 | 98.3k | 22m 55s | ≈ \\$12.50 |
| orchestrator | 5.5k | 700 | 870.9k | 0 | 2 | 12 | 61.0k | – | \\$0.31 |
| **Total** | **5.6k** | **≈ 46.6k** | **10.4M** | **130.7k** | **3** | **195** | **98.3k** | **2h 35m** | **≈ \\$12.81** |

<sub>The orchestrator: evaluation, 12.3k tokens; turns of a session for this item, 800.0k tokens; its share in turns for several items, 64.8k tokens. What the session said for no item, 2.0k tokens, \\$0.02, is in no row. ≈ holds what was in flight when a run ended, an estimate: 1.0k tokens, \\$0.01.</sub>
<!-- regen:tokens end -->`);
});

test('a price that nobody knows is said, not guessed', () => {
  const usage = { ...noUsage, requests: 1, input: 10, costUsd: null };

  const block = renderTokens({
    ...tableOf(10),
    rows: [row('agent', { usage })],
    total: row('Total', { usage, pricedUsd: 1.2 }),
  });

  expect(block).toContain('| agent | 10 | 0 | 0 | 0 | 1 | 1 | 0 | – | price unknown |');
  expect(block).toContain('| **–** | **\\$1.20 + ?** |');
  expect(block).toContain('<sub>A model without a price took part: see prices in regen.yaml.</sub>');
});

test('a stage’s name can’t break out of its cell', () => {
  const block = renderTokens({ ...tableOf(1), rows: [row('a|b <!-- regen:tokens end --> @you #1')] });

  expect(block.split('\n')[3]).toMatch(
    /^\| a\\\|b &lt;!-- regen:tokens end --&gt; @&#8203;you \\#&#8203;1 \| 0 \|/,
  );
  expect(block.match(/<!-- regen:tokens end -->/g)).toHaveLength(1);
});

describe('a table that is brought up to date', () => {
  const old = renderTokens(tableOf(1));
  const fresh = renderTokens(tableOf(2));

  test('replaces the one that is there, and what a person wrote around it stays', () => {
    const body = `My words.\r\n\r\n${old.replaceAll('\n', '\r\n')}\r\nMine too: $& | x |\r\n`;

    const change = replaceTokens(body, fresh);

    expect(change).toEqual({
      kind: 'replaced',
      body: `My words.\r\n\r\n${fresh}\r\nMine too: $& | x |\r\n`,
    });
  });

  test('isn’t written when it says the same, whatever the line ends', () => {
    expect(replaceTokens(`x\n${old}\ny`, old)).toEqual({ kind: 'same' });
    expect(replaceTokens(`x\r\n${old.replaceAll('\n', '\r\n')}`, old)).toEqual({ kind: 'same' });
  });

  test('takes copies out', () => {
    const change = replaceTokens(`x\n\n${old}\n\nbetween\n\n${fresh}\n\ny\n`, fresh);

    expect(change).toEqual({ kind: 'replaced', body: `x\n\n${fresh}\n\nbetween\n\n\ny\n` });
  });

  test('stays out where a person took it out', () => {
    expect(replaceTokens('No table, please.', fresh)).toEqual({ kind: 'absent' });
  });

  test.each([
    ['the end', old.replace('<!-- regen:tokens end -->', '')],
    ['the beginning', old.replace('<!-- regen:tokens begin -->', '')],
    ['the end of the first of two', `${old.replace('<!-- regen:tokens end -->', '')}\n${old}`],
  ])('is left as it is where a person took out a marker: %s', (_, body) => {
    expect(replaceTokens(body, fresh)).toEqual({ kind: 'broken' });
  });

  test('is there once and the same after any number of updates, and everything else as it was', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '|', '\n', '\r\n', '$', '`', '<!--', '-->', '\\') });
    fc.assert(
      fc.property(text, text, fc.array(fc.nat(), { minLength: 1 }), (before, after, counts) => {
        const bodies = counts.reduce((body, count) => {
          const change = replaceTokens(body, renderTokens(tableOf(count)));
          return change.kind === 'replaced' ? change.body : body;
        }, `${before}${old}${after}`);

        expect(bodies).toBe(`${before}${renderTokens(tableOf(counts.at(-1) ?? 1))}${after}`);
      }),
    );
  });
});

describe('the body of a pull request', () => {
  const marker = `<!-- regen: attempt=${uuid} target=charts item=bar -->`;

  test('ends in the table and the attempt’s marker', () => {
    const { body } = createShipTexts(makeConfig()).draft(makeFacts({ tokens: tableOf(5) }));

    expect(body).toBe(`Regenerated **bar** of **charts**.\n\n${renderTokens(tableOf(5))}\n\n${marker}\n`);
  });

  test('has the table where its template has the markers', () => {
    const template = 'First.\n\n<!-- regen:tokens begin --><!-- regen:tokens end -->\n\nLast.\n';

    const { body } = createShipTexts(makeConfig({ body: template })).draft(makeFacts({ tokens: tableOf(5) }));

    expect(body).toBe(`First.\n\n${renderTokens(tableOf(5))}\n\nLast.\n\n${marker}\n`);
  });

  test.each(['begin', 'end'])('has one table also when its template has the %s marker alone', (which) => {
    const template = `First.\n\n<!-- regen:tokens ${which} -->\n`;

    const { body } = createShipTexts(makeConfig({ body: template })).draft(makeFacts({ tokens: tableOf(5) }));

    expect(body).toBe(`First.\n\n${renderTokens(tableOf(5))}\n\n${marker}\n`);
  });

  test('keeps room for the table however long its text is', () => {
    const { body } = createShipTexts(makeConfig({ body: 'x'.repeat(100_000) })).draft(
      makeFacts({ tokens: tableOf(5) }),
    );

    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain(renderTokens(tableOf(5)));
  });
});
