/** What plan mode decided, for a person and for a script. */
import { encodePlanId } from '../model/ids.js';
import { formatUsage } from '../model/format.js';
import type { NewChangeRequest, NewPlan } from '../model/plan.js';
import type { PassedOver } from '../model/target.js';
import type { Usage } from '../model/usage.js';

interface Decision {
  readonly base: { readonly ref: string; readonly sha: string };
  readonly plan: NewPlan | null;
  readonly choice: {
    readonly kind: 'picked' | 'none';
    readonly why?: string;
    readonly passedOver: readonly PassedOver[];
  };
  /** null: nobody looked for copies. */
  readonly audit: Audited | null;
  /** What planning took, the audit included. */
  readonly usage: Usage;
}

interface Audited {
  readonly suspects: readonly { readonly items: readonly string[]; readonly evidence: readonly string[] }[];
  readonly requests: readonly NewChangeRequest[];
  readonly warnings: readonly string[];
  readonly usage: Usage;
}

interface Detail {
  readonly dryRun: boolean;
  readonly explain: boolean;
}

/** The plan, why this target, and what was passed over. */
export function planText(decision: Decision, { dryRun, explain }: Detail): string {
  const { audit, choice, plan, usage } = decision;
  const reasons = explain ? [...passedOver(choice.passedOver), ...prefiltered(plan)] : [];
  if (plan === null) return [`Nothing to plan: ${whyNone(choice.passedOver)}.`, ...reasons].join('\n');
  const head = dryRun
    ? `Would plan ${plan.target} (${choice.why ?? ''}) on ${plan.base}:`
    : `Planned ${plan.target} (${choice.why ?? ''}) on ${plan.base}.`;
  const items = dryRun
    ? plan.items.map(({ id, skipped }) => `- [${skipped === undefined ? ' ' : '-'}] ${encodePlanId(id)}`)
    : [];
  const alike = audit === null ? [] : auditLines(audit, dryRun);
  const isAllAudit = usage.requests === (audit?.usage.requests ?? 0);
  const paid = isAllAudit ? [] : [`Planning took ${formatUsage(usage)}.`];
  const tail = dryRun ? [] : [whatIsNext(plan)];
  return [head, ...items, ...alike, ...paid, ...reasons, ...tail].join('\n');
}

function whatIsNext({ items }: NewPlan): string {
  const all = items.length === 1 ? '1 item' : `${items.length} items`;
  const skipped = items.filter((item) => item.skipped !== undefined).length;
  const place = `${all} in .regen-plan.md`;
  if (skipped === 0) return `${place}. Run regen to do the first.`;
  if (skipped < items.length) {
    return `${place}: ${items.length - skipped} to do, ${skipped} skipped. Run regen to do the first.`;
  }
  return `${place}, all skipped (its log says why): nothing is to be done. Run regen to archive the plan.`;
}

function auditLines({ suspects, requests, warnings, usage }: Audited, dryRun: boolean): string[] {
  const found = suspects.map(
    ({ items, evidence }) => `${items.join(' and ')} look alike: ${evidence.join('; ')}`,
  );
  const paid = usage.requests === 0 ? [] : [`The audit took ${formatUsage(usage)}.`];
  return [
    ...(dryRun ? found.map((line) => `${line}. A model would be asked.`) : []),
    ...requests.map(({ item, text }) => `Change request for ${item}: ${text}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...paid,
  ];
}

/** `regen plan --json` */
export function planDocument({ audit, base, plan, choice, usage }: Decision): unknown {
  return {
    target: plan?.target ?? null,
    title: plan?.title ?? null,
    base: plan?.base ?? `${base.ref}@${base.sha.slice(0, 7)}`,
    items: plan?.items.map(({ id }) => id) ?? [],
    why: choice.why ?? whyNone(choice.passedOver),
    passedOver: choice.passedOver,
    skipped:
      plan?.items.flatMap(({ id, skipped }) => (skipped === undefined ? [] : [{ id, reason: skipped }])) ??
      [],
    changeRequests: plan?.changeRequests ?? [],
    audit,
    usage,
  };
}

function whyNone(targets: readonly PassedOver[]): string {
  const [first] = targets;
  if (first === undefined) return 'no target was found on the base; see targets in regen.yaml';
  const more = targets.length === 1 ? '' : `; and ${targets.length - 1} more, see --explain`;
  return `every target is passed over: ${first.target} ${first.reason}${more}`;
}

function passedOver(targets: readonly PassedOver[]): string[] {
  return targets.map(({ target, reason }) => `Passed over ${target}: ${reason}`);
}

function prefiltered(plan: NewPlan | null): string[] {
  return (
    plan?.items.flatMap(({ id, skipped }) => (skipped === undefined ? [] : [`Skipped ${id}: ${skipped}`])) ??
    []
  );
}
