/** What `engine: worker` needs in the agent's place: an API, a key for it, and blocks. No secret is read. */
import { missing, notLookedAt, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site, Tools } from './site.js';

/** Whether the worker does the items; then nothing asks for the agent's program. */
export function isWorkers({ config }: Site): boolean {
  return config?.engine === 'worker';
}

export async function examineApi(tools: Tools, site: Site, signal: AbortSignal): Promise<Finding> {
  const { config, outside } = site;
  if (config === null) return notLookedAt('regen.yaml says whom the worker asks', 'config');
  const { endpoint } = config.worker;
  const key = keyNames.find((name) => (outside.env[name] ?? '') !== '');
  if (key === undefined && endpoint === undefined) {
    return missing(
      `no key: neither ${keyNames.join(' nor ')} is set`,
      `Set one of them, or name a server that needs none in worker.endpoint. A login of Claude Code is none for the API.`,
    );
  }
  const where = endpoint === undefined ? [] : [`worker.endpoint is ${endpoint}`];
  const how = key === undefined ? 'asked without a key' : `${key} is set`;
  const seen = await tools.askApi({ ...outside, root: site.root ?? site.cwd }, config, signal);
  return ok([...where, how, seen].join('; '));
}

const keyNames = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'];

/** Of the first target. */
export async function examineBlocks(
  tools: Tools,
  site: Site,
  root: string,
  signal: AbortSignal,
): Promise<Finding> {
  const { config, git } = site;
  if (config === null) return notLookedAt('regen.yaml says what an item is', 'config');
  const base = await git.run(['rev-parse', '--verify', '--quiet', `refs/remotes/${config.base}`], signal);
  if (base.exitCode !== 0) return notLookedAt(`${config.base} was never fetched`, 'base');
  const found = await tools.firstBlocks({ ...site.outside, root }, signal);
  if (found === null)
    return missing(`${config.base} has no target`, 'Correct targets in regen.yaml, or push what it names.');
  const { target, files, blocks } = found;
  const inFiles = `${files} ${files === 1 ? 'file' : 'files'}`;
  const mend = 'Correct items.glob and items.blocks in regen.yaml.';
  if (blocks === 0) return missing(`${target}: no block in ${inFiles}`, mend);
  return ok(
    config.items.blocks === undefined
      ? `${target}: ${inFiles}, an item each (there is no items.blocks)`
      : `${target}: ${blocks} ${blocks === 1 ? 'block' : 'blocks'} in ${inFiles}`,
  );
}
