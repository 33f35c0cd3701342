/** The labels of a pull request, and how they look when they are new to the repository. Pure. */
import { createHash } from 'node:crypto';
import type { ItemRef } from '../model/attempt.js';
import type { LabelConfig } from '../model/config.js';
import { encodeId } from '../model/ids.js';
import { fillTemplate } from '../model/template.js';

/** GitHub's limit. */
const maxLength = 50;

/** In the order in which they are put on. What needs a score is left out when there is none. */
export function labelNames(
  labels: readonly LabelConfig[],
  facts: ItemRef & { readonly score: number | null },
): string[] {
  const { target, item, score } = facts;
  const values = {
    target: encodeId(target),
    item: encodeId(item),
    ...(score !== null && { score: String(score) }),
  };
  const templates = labels.flatMap((label) => template(label, score) ?? []);
  const names = templates.map((one) => fitLabel(fillTemplate(one, values)));
  // GitHub's labels don't differ by case alone.
  return names.filter(
    (name, index) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) === index,
  );
}

/** Six hex digits: green, yellow or red for `quality:<score>` and for the words that say so; else grey. */
export function labelColor(name: string): string {
  const score = /^quality:(\d+(?:\.\d+)?)$/.exec(name)?.[1];
  if (score !== undefined) return Number(score) >= 90 ? '0e8a16' : Number(score) >= 50 ? 'fbca04' : 'd93f0b';
  if (/approved|accepted/i.test(name)) return '0e8a16';
  if (/poor|rejected|failed/i.test(name)) return 'd93f0b';
  return 'ededed';
}

function template(label: LabelConfig, score: number | null): string | null {
  if (typeof label === 'string') return label.includes('{score}') && score === null ? null : label;
  return score === null ? null : score >= label.atLeast ? label.then : label.else;
}

/** A long name keeps its beginning and ends in a digest, so that two of them stay two. */
function fitLabel(name: string): string {
  if (name.length <= maxLength) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const start = name.slice(0, maxLength - digest.length - 1).replace(/%.?$/, '');
  return `${start}~${digest}`;
}
