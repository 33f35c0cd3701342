import { expect, it } from 'vitest';
import { recommend } from '../../src/packing-bench/recommend.js';
import { packingReport } from '../../src/packing-bench/report.js';
import { packingBenchText, packingCheckText } from '../../src/report/packing-bench-text.js';
import { cellWith, resultsWith } from '../packing-bench/cells.js';

it('shows a table per model, and what follows', () => {
  const cells = [
    cellWith({ costUsd: 0.021, differ: 2 }),
    cellWith({ size: 10, requests: 10, costUsd: 0.004, differ: 2, fail: 1 }),
    cellWith({ size: 40, requests: 3, costUsd: 0.002, differ: 14 }),
    cellWith({ model: 'local', size: 5, requests: 20, costUsd: null }),
  ];
  const recommendation = recommend(cells) ?? { model: '', size: 0, why: '' };

  const text = packingBenchText(packingReport(resultsWith(cells, { recommendation })));

  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
    Packing bench: labels.jsonl, 100 items, 2026-11-22T10:00:00Z

    haiku
                              95 %                   cost per   cost  items lost,
      size  agreement     interval  failures  calls      item   vs 1       gained       p
         1     98.0 %  93.0–99.4 %         0    100  $0.00021  1.00x
        10     97.0 %  91.5–99.0 %         1     10  $0.00004  0.19x         1, 0   1.000
        40     86.0 %  77.9–91.5 %         0      3  $0.00002  0.10x        12, 0  <0.001

    local
                               95 %                   cost per  cost  items lost,
      size  agreement      interval  failures  calls      item  vs 5       gained  p
         5    100.0 %  96.3–100.0 %         0     20   unknown     ?

    Recommended: haiku with up to 10 items per call: it agrees on 97.0 % of 100 items, local at 5 per
    call agrees on 100.0 %; a loss of more than 7.2 points against it is excluded at 95 %, and nothing
    as good is cheaper. Without a known price, so not compared by cost: local at 5 per call.
    "
  `);
});

it('says when nothing is recommended', () => {
  const cells = [cellWith({ differ: 100 })];
  const recommendation = recommend(cells) ?? { model: '', size: 0, why: '' };

  const text = packingBenchText(packingReport(resultsWith(cells, { recommendation })));

  expect(text.split('\n\n').at(-1)).toBe(
    'Nothing is recommended: haiku at 1 per call agrees on 0.0 % of 100 items, and nothing on more; at\nleast half of them have to agree. Look at the labels, the task and the models.',
  );
});

it('says what a check found', () => {
  expect(packingCheckText([], '2026-11-22T10:00:00.000Z')).toBe('No regression since 2026-11-22T10:00:00Z.');
  expect(packingCheckText(['a: b'], '2026-11-22T10:00:00.000Z')).toBe(
    'A regression since 2026-11-22T10:00:00Z:\n- a: b',
  );
  expect(packingCheckText(['a: b', 'c: d'], '2026-11-22T10:00:00.000Z')).toBe(
    '2 regressions since 2026-11-22T10:00:00Z:\n- a: b\n- c: d',
  );
});
