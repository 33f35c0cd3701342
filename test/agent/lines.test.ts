import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter } from '../../src/agent/lines.js';

it('gives the same lines however the input is cut, also within a character', () => {
  const lines = fc.array(
    fc.string({ unit: 'binary', minLength: 1 }).map((line) => line.replaceAll('\n', '¶')),
  );
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(
    fc.property(lines, cuts, fc.boolean(), (texts, places, endsWithBreak) => {
      const input = Buffer.from(texts.join('\n') + (endsWithBreak ? '\n' : ''));
      const at = [...new Set(places.map((place) => place % (input.length + 1)))].sort((a, b) => a - b);
      const splitter = createLineSplitter();

      const pieces = [...at, input.length].map((end, index) => input.subarray(at[index - 1] ?? 0, end));
      const found = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.rest()];

      expect(found).toEqual(
        Buffer.from(texts.join('\n'))
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      );
    }),
  );
});

it('takes a record of megabytes in kilobytes', () => {
  const record = 'ä'.repeat(2_000_000);
  const input = Buffer.from(`${record}\nnext`);
  const splitter = createLineSplitter();

  const lines: string[] = [];
  for (let at = 0; at < input.length; at += 1001) lines.push(...splitter.push(input.subarray(at, at + 1001)));

  expect(lines).toEqual([record]);
  expect(splitter.rest()).toEqual(['next']);
});
