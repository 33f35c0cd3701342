/** The part of the composition root for what a repository needs to begin: `doctor` and `init`. */
import type { Tools } from './doctor/site.js';
import type { InitReport, InitRequest } from './init/initialise.js';
import type { Surroundings } from './model/surroundings.js';

/** @param configFile - `--config`; left out: regen.yaml. */
export async function wireDoctor(
  outside: Omit<Surroundings, 'root'>,
  configFile: string | undefined,
): Promise<Tools> {
  const [{ createGit }, { essence }, { loadConfig }, { isPriced }, { configSchema }] = await Promise.all([
    import('./workspace/git.js'),
    import('./workspace/git-messages.js'),
    import('./config/load.js'),
    import('./usage/priced.js'),
    import('./model/config-schema.js'),
  ]);
  return {
    git: (folder) => {
      const git = createGit({ root: folder, env: outside.env });
      return {
        run: async (args, signal) => {
          const { exitCode, stdout, stderr } = await git.run(args, signal);
          return { exitCode, stdout, reason: essence(stderr) };
        },
      };
    },
    loadConfig: (root, signal) => loadConfig({ surroundings: { root }, file: configFile, isPriced }, signal),
    readPlan: async (root) => {
      const { createPlanStore } = await import('./plan/store.js');
      const config = await loadConfig({ surroundings: { root }, file: configFile }).catch(() => null);
      const headings = config === null ? [] : [config.items.heading];
      return createPlanStore({ surroundings: { ...outside, root }, headings }).read();
    },
    defaults: configSchema.pick({ base: true, agent: true, cache: true }).parse({}),
    agentVersion: async (surroundings, config, signal) => {
      const { createAgent } = await import('./agent/claude.js');
      return createAgent({ surroundings, config }).version(signal);
    },
    askApi: async (surroundings, config, signal) => {
      const { probeApi } = await import('./worker/probe.js');
      return probeApi({ surroundings, config }, signal);
    },
    firstBlocks: async (surroundings, signal) => {
      const { wirePlanner } = await import('./wire.js');
      const { picker, workspace } = (await wirePlanner(surroundings, configFile)).stations;
      const tree = workspace.tree((await workspace.knownBase(signal)).sha);
      const [target] = await picker.targets(tree, signal);
      if (target === undefined) return null;
      const files = await picker.blocks(tree, target, signal);
      const blocks = files.reduce((sum, { split }) => sum + split.blocks.length, 0);
      return { target, files: files.length, blocks };
    },
    ensureForge: async (request, signal) => {
      const { createForge } = await import('./ship/forge.js');
      await createForge(request).ensureAccess(signal);
    },
  };
}

/** `init` with a git of its own. */
export async function wireInit(surroundings: Surroundings) {
  const [{ initialise }, { createGit }] = await Promise.all([
    import('./init/initialise.js'),
    import('./workspace/git.js'),
  ]);
  return (request: Omit<InitRequest, 'git'>, signal: AbortSignal): Promise<InitReport> =>
    initialise(surroundings, { ...request, git: createGit(surroundings) }, signal);
}
