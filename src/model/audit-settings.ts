import type { Config } from './config.js';

/** Who is asked whether items copy each other, and for how much. */
export interface AuditSettings {
  readonly model: string;
  /** US dollars for one target. */
  readonly maxUsd: number;
}

/** What `audit` comes to: the judge's model and limit unless it names its own; null: nobody looks for copies. */
export function auditSettings({
  audit,
  agent,
  evaluate,
}: Pick<Config, 'audit' | 'agent' | 'evaluate'>): AuditSettings | null {
  if (audit === false) return null;
  const own = audit === true ? {} : audit;
  return {
    model: own.model ?? evaluate?.model ?? agent.model,
    maxUsd: own.maxUsd ?? evaluate?.maxUsd ?? usualMaxUsd,
  };
}

/** As much as a review may cost. */
const usualMaxUsd = 0.2;
