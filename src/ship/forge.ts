/** The forge of `ship.to: github`. */
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { repositorySchema } from './answers.js';
import { createGitHub, expectData } from './github.js';
import type { GitHub } from './github.js';
import { createLabels } from './labels.js';
import type { Labels } from './labels.js';
import { createMask } from '../system/mask.js';
import { createPullRequests } from './pull-requests.js';
import type { PullRequests } from './pull-requests.js';
import type { Draft } from './texts.js';
import { resolveApiUrl, resolveRepository } from './repository.js';

export interface ForgeOptions {
  readonly surroundings: Surroundings;
  readonly config: Config;
  /** Of the remote that `base` names; null when there is none. */
  readonly remoteUrl: string | null;
}

interface Forge extends PullRequests, Labels {
  ensureAccess(signal: AbortSignal): Promise<void>;
}

/**
 * No request is made and no token is read before the first method is called.
 *
 * @throws RegenError `config` when the repository or its API can't be told from regen.yaml and the remote.
 */
export function createForge({ surroundings, config, remoteUrl }: ForgeOptions): Forge {
  const github = createGitHub({
    surroundings,
    repository: resolveRepository(config.ship.repository, remoteUrl),
    apiUrl: resolveApiUrl(surroundings.env['GITHUB_API_URL'], remoteUrl),
  });
  const pulls = createPullRequests(github);
  const mask = createMask(surroundings.env);
  const masked = (draft: Draft): Draft => ({ ...draft, title: mask(draft.title), body: mask(draft.body) });
  return {
    ...pulls,
    create: (draft, signal) => pulls.create(masked(draft), signal),
    update: (number, draft, signal) => pulls.update(number, masked(draft), signal),
    setBody: (number, body, signal) => pulls.setBody(number, mask(body), signal),
    ...createLabels(github),
    ensureAccess: (signal) => ensureAccess(github, signal),
  };
}

async function ensureAccess(github: GitHub, signal: AbortSignal): Promise<void> {
  const name = `${github.repository.owner}/${github.repository.name}`;
  const answer = await github.ask({ route: 'GET /repos/{owner}/{repo}' }, repositorySchema, signal);
  const found = expectData(answer, `show ${name}`);
  // GitHub redirects after a move, but a list filtered by the old owner's branches stays empty.
  if (found.full_name.toLowerCase() !== name.toLowerCase()) {
    throw new RegenError('config', `The repository ${name} is now called ${found.full_name}.`, {
      hint: `Set ship.repository to ${found.full_name}, or the remote's URL.`,
    });
  }
  if (found.archived === true || found.permissions?.push === false) {
    const why = found.archived === true ? 'is archived' : 'may not be written to with this token';
    throw new RegenError('environment', `The repository ${name} ${why}.`, {
      hint: 'The token has to write contents and pull requests.',
    });
  }
}
