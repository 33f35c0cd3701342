import type { Config } from '../../src/model/config.js';
import type { GoodWork } from '../../src/model/good-work.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { splitFile } from '../../src/blocks/split.js';
import { createPicker } from '../../src/pick/picker.js';

/** A picker; nothing was ever done unless the test says so. */
export function pickerOf(
  config: Config,
  surroundings: Surroundings,
  good: Readonly<Record<string, GoodWork>> = {},
) {
  return createPicker({
    config,
    surroundings,
    split: splitFile,
    goodWork: () => Promise.resolve(new Map(Object.entries(good))),
  });
}
