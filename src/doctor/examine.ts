/** `regen doctor`: whether everything is there that a step needs. Nothing is changed and nothing is paid for. */
import { exitStatus, RegenError } from '../model/errors.js';
import { findRepositoryRoot } from '../system/repository-root.js';
import { examineClaude, examineLogin } from './claude.js';
import { examineCommands } from './commands.js';
import { look, notLookedAt, ok } from './finding.js';
import type { Finding, Row } from './finding.js';
import { examineForge } from './forge.js';
import { examineHooks } from './hooks.js';
import { examineIgnored } from './ignored.js';
import { examineFolders, examinePlan } from './own-files.js';
import { examinePromptFiles } from './prompt-files.js';
import { askRemote, examineBase, examineRemote, isCutOff } from './remote.js';
import { examineCheckout, examineGit, examineIdentity } from './repository.js';
import type { Place, Site, Tools } from './site.js';
import { examineTools } from './tools.js';
import { examineApi, examineBlocks, isWorkers } from './worker.js';

export interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly Row[];
}

/** Looks at everything; no row's trouble keeps another from being looked at. */
export async function examine(tools: Tools, place: Place, signal: AbortSignal): Promise<Diagnosis> {
  const root = await attempt(() => findRepositoryRoot(place.cwd));
  const config = await attempt(async () => tools.loadConfig(orThrow(root), signal));
  const site: Site = {
    ...place,
    root: root.value,
    config: config.value,
    settings: config.value ?? tools.defaults,
    git: tools.git(root.value ?? place.cwd),
  };
  const inRepository = (name: string, examiner: (root: string) => Finding | Promise<Finding>) =>
    look(name, () => (site.root === null ? noRepository : examiner(site.root)), signal);
  const remote = site.root === null ? null : askRemote(site, signal);
  const checks = await Promise.all([
    look('git', () => examineGit(site, signal), signal),
    look('repository', () => examineCheckout(orThrow(root), site, signal), signal),
    inRepository('config', () => (orThrow(config), ok('regen.yaml is valid'))),
    inRepository('plan', (folder) => examinePlan(folder, tools)),
    inRepository('folders', examineFolders),
    inRepository('remote', async () => examineRemote(await present(remote))),
    inRepository('base', async () => examineBase(await present(remote), await isCutOff(site, signal))),
    inRepository('prompt files', () => examinePromptFiles(site, signal)),
    look('identity', () => examineIdentity(site, signal), signal),
    ...(isWorkers(site)
      ? [
          look('api', () => examineApi(tools, site, signal), signal),
          inRepository('blocks', (folder) => examineBlocks(tools, site, folder, signal)),
        ]
      : [
          look('claude', () => examineClaude(tools, site, signal), signal),
          look('login', () => examineLogin(site), signal),
        ]),
    inRepository('forge', async (folder) => {
      const { pushUrl } = await present(remote);
      return examineForge(tools, site, { root: folder, remoteUrl: pushUrl }, signal);
    }),
    inRepository('ignored files', () => examineIgnored(site, signal)),
    inRepository('commands', (folder) => examineCommands(folder, site, signal)),
    inRepository('tools', (folder) => examineTools(folder, site, signal)),
    inRepository('hooks', (folder) => examineHooks(folder, site, signal)),
  ]);
  return { ok: checks.every(({ state }) => state !== 'missing'), checks };
}

/** The exit status that goes with it. */
export function exitStatusOf({ ok: isReady, checks }: Diagnosis): number {
  if (isReady) return 0;
  const isInvalid = checks.some(
    ({ name, state }) => (name === 'config' || name === 'plan') && state === 'missing',
  );
  return isInvalid ? exitStatus.config : exitStatus.environment;
}

const noRepository = notLookedAt('there is no repository', 'repository');

type Attempt<T> =
  { readonly value: T; readonly error: null } | { readonly value: null; readonly error: RegenError };

async function attempt<T>(effect: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await effect(), error: null };
  } catch (error) {
    if (!(error instanceof RegenError)) throw error;
    return { value: null, error };
  }
}

function orThrow<T>(attempted: Attempt<T>): T {
  if (attempted.error !== null) throw attempted.error;
  return attempted.value;
}

/** Asked once for all rows that need it. */
function present<T>(promise: Promise<T> | null): Promise<T> {
  if (promise === null) throw new Error('only a row inside of a repository asks for the remote');
  return promise;
}
