import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageRow } from '../../src/model/ledger.js';
import { formatRow, parseRow } from '../../src/usage/ledger-row.js';
import { readRow } from '../../src/usage/row-reader.js';
import { messageRow, runRow } from '../support/ledger-rows.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a"b', '\\', 'größe', 'null'),
);
const count = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 1e15, 1e21, 0.5, -1));

const anyMessage: fc.Arbitrary<MessageRow> = fc
  .record({
    at: text,
    plan: text,
    item: fc.option(text),
    attempt: fc.option(text),
    model: text,
    input: count,
    cacheWrite1h: count,
    costUsd: fc.option(fc.oneof(count, fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }))),
    prefixHash: fc.option(text),
    isEstimate: fc.boolean(),
  })
  .map(messageRow);

const anyLine: fc.Arbitrary<string> = fc.oneof(
  anyMessage.map((row) => formatRow(row).trimEnd()),
  fc
    .tuple(anyMessage, fc.array(text, { maxLength: 3 }))
    .map(([row, sharedBy]) => formatRow({ ...row, sharedBy }).trimEnd()),
  anyMessage.map((row) => JSON.stringify(row)),
  fc
    .constantFrom(runRow(), { ...messageRow(), v: 1, kind: undefined }, {}, null)
    .map((one) => JSON.stringify(one)),
);

describe('a line of the ledger', () => {
  it('is read the same, quickly or slowly, whole or mangled', () => {
    fc.assert(
      fc.property(
        anyLine,
        fc.nat(600),
        fc.constantFrom('', '"', ',', '0', '.', 'null', '}'),
        (line, at, piece) => {
          const mangled = `${line.slice(0, at)}${piece}${line.slice(at + 1)}`;

          expect(readRow(line)).toEqual(parseRow(line));
          expect(readRow(mangled)).toEqual(parseRow(mangled));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is read quickly as it is written, whatever the order of the fields was before', () => {
    const { costUsd, ...row } = messageRow({ costUsd: 1.5e-7, prefixHash: 'abc' });

    const line = formatRow({ costUsd, ...row });

    expect(line).toBe(formatRow({ ...row, costUsd }));
    expect(readRow(line.trimEnd())).toEqual({ kind: 'row', row: { ...row, costUsd } });
  });

  it('of version 1 is a message', () => {
    const { kind, ...old } = messageRow({ message: 'm', input: 5 });

    const parsed = readRow(JSON.stringify({ ...old, v: 1 }));

    expect(parsed).toEqual({ kind: 'row', row: { ...old, kind } });
  });

  it.each([
    { kind: 'run', difference: undefined },
    { kind: 'run', difference: {} },
    { kind: 'run', reported: 'much' },
    { kind: 'message', isEstimate: 'false' },
    { kind: 'message', isSidechain: undefined },
  ])('is none with %o', ({ kind, ...change }) => {
    const row = kind === 'run' ? runRow() : messageRow();

    expect(readRow(JSON.stringify({ ...row, ...change }))).toEqual({ kind: 'unknown' });
  });

  it('of a run may tell of a difference either way, and of one without a price', () => {
    const difference = { input: 1, output: -2, cacheRead: 0, cacheWrite: 0, costUsd: null };
    const row = runRow({ reported: { ...difference, output: 2 }, difference });

    expect(readRow(formatRow(row).trimEnd())).toEqual({ kind: 'row', row });
  });
});
