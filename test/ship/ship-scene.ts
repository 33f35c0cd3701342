/** A repository with a bare remote, a forge in front of it on loopback, and our side of it. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { Config } from '../../src/model/config.js';
import { configSchema } from '../../src/model/config-schema.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { createForge } from '../../src/ship/forge.js';
import { createShipTexts } from '../../src/ship/texts.js';
import type { Forge, ShipFacts, ShipTexts } from '../../src/step/ship-station.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { makeRepository } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';

export const { signal } = new AbortController();
export const uuid = '1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b';
export const otherUuid = '6fa459ea-ee8a-4ca4-894e-db77e160355e';

export function makeConfig(ship: Readonly<Record<string, unknown>> = {}): Config {
  return configSchema.parse({
    version: 1,
    targets: { list: ['charts'] },
    items: { list: ['bar'] },
    prompt: { task: 'Redraw it.' },
    ship: { repository: 'sample/charts', ...ship },
  });
}

export function makeSurroundings(
  env: Surroundings['env'],
  progress: (line: string) => void = () => undefined,
): Surroundings {
  return { root: '/', env, now: () => new Date(), newId: () => uuid, progress };
}

export function makeFacts(facts: Partial<ShipFacts> = {}): ShipFacts {
  return {
    target: 'charts',
    item: 'bar',
    attempt: uuid,
    score: null,
    breakdown: null,
    parentIssue: null,
    changeRequests: [],
    items: [],
    targetFiles: [],
    checkNotes: [],
    date: new Date('2026-05-02T14:02:11Z'),
    tokens: null,
    ...facts,
  };
}

export interface ShipScene {
  readonly github: TestForge;
  readonly forge: Forge;
  readonly texts: ShipTexts;
  /** Lines of progress so far. */
  readonly lines: readonly string[];
  /** Commits on top of main and pushes that to the branch, with force; returns the SHA. */
  pushBranch(branch: string, text?: string): Promise<string>;
}

/** Everything is stopped when the test is finished. */
export async function playScene(ship: Readonly<Record<string, unknown>> = {}): Promise<ShipScene> {
  const { repository, remote } = await makeRemote();
  const github = await startForge({ owner: 'sample', repo: 'charts', remote });
  onTestFinished(() => github.stop());
  const config = makeConfig(ship);
  const lines: string[] = [];
  const env = { GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: github.token };
  const surroundings = makeSurroundings(env, (line) => lines.push(line));
  return {
    github,
    forge: createForge({ surroundings, config, remoteUrl: remote }),
    texts: createShipTexts(config),
    lines,
    async pushBranch(branch, text = 'new\n') {
      await repository.git('checkout', '--quiet', '--detach', 'main');
      const sha = await repository.commit({ files: { 'bar.txt': text } });
      await repository.git('push', '--quiet', '--force', remote, `HEAD:refs/heads/${branch}`);
      return sha;
    },
  };
}

let checkout: Promise<TestRepository> | null = null;
let remotes = 0;

afterAll(async () => {
  await (await checkout)?.cleanup();
  checkout = null;
});

/** A bare repository of the test's own, copied: the tests of a file share the checkout that they push from. */
async function makeRemote(): Promise<{ readonly repository: TestRepository; readonly remote: string }> {
  checkout ??= makeRepository({ files: { 'bar.txt': 'old\n' } });
  const repository = await checkout;
  remotes += 1;
  const remote = path.join(path.dirname(repository.root), `remote-${remotes}.git`);
  await cp(repository.remote, remote, { recursive: true });
  return { repository, remote };
}
