import { encodePlanId } from '../model/ids.js';
import { formatInstant } from '../model/instant.js';
import { stateMarks } from '../model/plan.js';
import type { NewPlan } from '../model/plan.js';
import { formatEntryLine, oneLine } from './entry-line.js';
import { logTitle, requestsTitle } from './parse-plan.js';

/** The text of a new plan. */
export function renderPlan(plan: NewPlan): string {
  const target = encodePlanId(plan.target);
  const created = formatInstant(plan.created);
  const header = [
    ['Target', target],
    ['Title', plan.title === null ? null : oneLine(plan.title)],
    ['Last updated', plan.updated],
    ['Base', plan.base],
    ['Plan created', created],
  ].flatMap(([key, value]) => (value === null || value === '' ? [] : [`- ${key}: \`${value}\``]));
  const items = plan.items.map(({ id, skipped, note = '' }) => {
    const mark = stateMarks[skipped === undefined ? 'todo' : 'skipped'];
    return `- [${mark}] ${encodePlanId(id)} ${oneLine(note)}`.trimEnd();
  });
  const log = plan.items.flatMap(({ id, skipped }) =>
    skipped === undefined ? [] : [formatEntryLine({ item: id, text: `skipped: ${skipped} (${created})` })],
  );
  const parts = [
    [`# Regen plan: ${target}`],
    header,
    [`## ${plan.heading}`],
    items,
    ...(plan.changeRequests.length === 0
      ? []
      : [[`## ${requestsTitle}`], plan.changeRequests.map((request) => formatEntryLine(request))]),
    [`## ${logTitle}`],
    ...(log.length === 0 ? [] : [log]),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
