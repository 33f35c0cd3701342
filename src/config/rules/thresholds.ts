/** Thresholds that contradict each other. */
import type { Config } from '../../model/config.js';
import type { Problem } from '../problem.js';

/** A later review that wants more than an earlier one did would send back what was nearly good enough. */
export function checkThresholds({ evaluate }: Config): Problem[] {
  const accept = evaluate?.accept ?? [];
  return accept.flatMap((score, index): Problem[] => {
    const before = accept[index - 1];
    if (before === undefined || score <= before) return [];
    const text = `${score} is more than the ${before} of the review before; a cascade falls, such as [90, 80, 70]`;
    return [{ path: ['evaluate', 'accept', index], at: 'value', text }];
  });
}
