/** The part of the composition root for an audit: what plan mode asks a model with. */
import { createAgent } from './agent/claude.js';
import { createAudit } from './audit/audit.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import { createJournals } from './step/journal-files.js';
import type { Auditing } from './step/stations.js';
import { createLedger } from './usage/ledger.js';
import { agentParts } from './wire-agent.js';

interface AuditParts extends Pick<Auditing, 'plans' | 'prompts'> {
  readonly config: Config;
  /** `--config`; left out: regen.yaml. */
  readonly configFile: string | undefined;
}

export async function wireAudit(surroundings: Surroundings, parts: AuditParts): Promise<Auditing> {
  const { config, configFile, plans, prompts } = parts;
  return {
    plans,
    prompts,
    agent: createAgent(await agentParts(surroundings, config, configFile)),
    audit: createAudit({ surroundings, config }),
    journals: createJournals(surroundings),
    ledger: createLedger({ surroundings, prices: config.prices }),
  };
}
