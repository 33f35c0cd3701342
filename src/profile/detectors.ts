/** Everything that is looked for. A new rule is a file of its own and a line here. */
import { cacheMisses, longGaps } from './detectors/cache.js';
import type { Detector } from './detectors/detector.js';
import { narration } from './detectors/narration.js';
import { largeOutputs } from './detectors/outputs.js';
import { polling } from './detectors/polling.js';
import { subagentReports } from './detectors/reports.js';
import { rereads } from './detectors/rereads.js';
import { suiteReruns } from './detectors/reruns.js';
import { setupFailures } from './detectors/setup.js';
import { smallEdits } from './detectors/small-edits.js';

export const detectors: readonly Detector[] = [
  narration,
  smallEdits,
  rereads,
  subagentReports,
  largeOutputs,
  setupFailures,
  suiteReruns,
  polling,
  cacheMisses,
  longGaps,
];
