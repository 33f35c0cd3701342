import type { Config } from '../../src/model/config.js';
import type { GoodWork } from '../../src/model/good-work.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { splitFile } from '../../src/blocks/split.js';
import { createPicker } from '../../src/pick/picker.js';

/** A picker; nothing was ever done unless the test says so: notes by the items' ids. */
export function pickerOf(
  config: Config,
  surroundings: Surroundings,
  good: Readonly<Record<string, Omit<GoodWork, 'item'>>> = {},
) {
  return createPicker({
    config,
    surroundings,
    split: splitFile,
    goodWork: () => Promise.resolve(Object.entries(good).map(([item, one]) => ({ item, ...one }))),
  });
}
