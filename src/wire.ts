/** The composition root: the only place where adapters are constructed. Everything is imported when it is needed. */
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import type { Planner } from './step/decide-plan.js';
import type { Line } from './step/stage.js';
import type { Stations } from './step/stations.js';
import { agentParts } from './wire-agent.js';

/**
 * What plan mode needs; neither the agent nor the checks are loaded for it.
 *
 * @param configFile - `--config`; left out: regen.yaml.
 */
export async function wirePlanner(surroundings: Surroundings, configFile?: string): Promise<Planner> {
  const [
    { loadConfig },
    { isPriced },
    { createPlanStore },
    { createPicker },
    { createPrompts },
    { createWorkspace },
    { readGood },
  ] = await Promise.all([
    import('./config/load.js'),
    import('./usage/priced.js'),
    import('./plan/store.js'),
    import('./pick/picker.js'),
    import('./prompt/prompts.js'),
    import('./workspace/workspace.js'),
    import('./step/good-work.js'),
  ]);
  const config = await loadConfig({ surroundings, file: configFile, isPriced });
  const plans = createPlanStore({ surroundings, headings: [config.items.heading] });
  const prompts = createPrompts({ config });
  const workspace = createWorkspace({ surroundings, config, configFile });
  const picker = createPicker({
    config,
    surroundings,
    goodWork: (target) => readGood(surroundings, target),
    split: async (...file) => (await import('./blocks/split.js')).splitFile(...file),
  });
  return {
    config,
    surroundings,
    stations: {
      plans,
      picker,
      prompts,
      workspace,
      forge: () => wireForge(surroundings, config, workspace),
      auditing: async () =>
        (await import('./wire-audit.js')).wireAudit(surroundings, { config, configFile, plans, prompts }),
      worker: async () =>
        (await import('./wire-worker.js')).wireWorker({
          surroundings,
          config,
          stations: { plans, picker, workspace },
        }),
      routing: async () => (await import('./wire-routing.js')).routing,
    },
  };
}

/** The whole line. */
export async function wireLine(surroundings: Surroundings, configFile?: string): Promise<Line> {
  const [planner, stations] = await Promise.all([
    wirePlanner(surroundings, configFile),
    Promise.all([
      import('./agent/claude.js'),
      import('./checks/checks.js'),
      import('./judge/evaluate.js'),
      import('./judge/record.js'),
      import('./ship/texts.js'),
      import('./usage/ledger.js'),
      import('./step/journal-files.js'),
      import('./agent/sessions.js'),
    ]),
  ]);
  const [{ createAgent }, { createChecks }, { createJudge }, { createRecorder }] = stations;
  const [, , , , { createShipTexts }, { createLedger }, { createJournals }, { createSessions }] = stations;
  const { config } = planner;
  return {
    config,
    surroundings,
    journals: createJournals(surroundings),
    stations: {
      ...planner.stations,
      agent: createAgent(await agentParts(surroundings, config, configFile)),
      sessions: createSessions(surroundings),
      checks: createChecks({ surroundings, config }),
      judge: createJudge({ surroundings, config }),
      recorder: createRecorder({ surroundings, config }),
      texts: createShipTexts(config),
      ledger: createLedger({ surroundings, prices: config.prices }),
      references: async (place) =>
        config.retrieval === undefined
          ? null
          : (await import('./wire-references.js')).wireReferences(surroundings, config, place),
    },
  };
}

async function wireForge(surroundings: Surroundings, config: Config, workspace: Stations['workspace']) {
  const { createForge } = await import('./ship/forge.js');
  const remoteUrl = await workspace.remoteUrl(new AbortController().signal);
  return createForge({ surroundings, config, remoteUrl });
}
