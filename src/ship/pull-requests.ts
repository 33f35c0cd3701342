/** Pull requests on GitHub: looked up before anything is made, and again before anything is repeated. */
import type { FoundPullRequest, PullRequest } from '../model/forge.js';
import { RegenError } from '../model/errors.js';
import { pullRequestSchema, pullRequestsSchema } from './answers.js';
import type { SeenPullRequest } from './answers.js';
import { expectData, expectForItem } from './github.js';
import type { Answer, GitHub } from './github.js';
import { parseMarker } from './marker.js';
import { planPullRequest } from './plan-pull-request.js';
import type { Ownership } from './plan-pull-request.js';
import type { Draft } from './texts.js';

const maxTries = 3;
const pageSize = 100;

interface Query extends Ownership {
  readonly branch: string;
  /** A number from the journal: that one and no other. */
  readonly number: number | null;
}

export interface PullRequests {
  openByTarget(signal: AbortSignal): Promise<ReadonlyMap<string, readonly number[]>>;
  find(query: Query, signal: AbortSignal): Promise<FoundPullRequest | null>;
  create(draft: Draft, signal: AbortSignal): Promise<PullRequest>;
  update(number: number, draft: Draft, signal: AbortSignal): Promise<PullRequest>;
  setBody(number: number, body: string, signal: AbortSignal): Promise<void>;
}

export function createPullRequests(github: GitHub): PullRequests {
  return {
    openByTarget: (signal) => openByTarget(github, signal),
    find: (query, signal) => find(github, query, signal),
    create: (draft, signal) => create(github, draft, signal),
    update: (number, { title, body }, signal) => change(github, number, { title, body }, signal),
    async setBody(number, body, signal) {
      await change(github, number, { body }, signal);
    },
  };
}

async function change(
  github: GitHub,
  number: number,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<PullRequest> {
  const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
  const parameters = { pull_number: number, ...fields };
  const answer = await github.ask({ route, parameters }, pullRequestSchema, signal);
  return toPullRequest(expectForItem(answer, `update pull request #${number}`));
}

async function openByTarget(github: GitHub, signal: AbortSignal): Promise<Map<string, readonly number[]>> {
  const byTarget = new Map<string, readonly number[]>();
  for (const { number, body } of await list(github, { state: 'open' }, signal)) {
    const marker = parseMarker(body);
    if (marker !== null) byTarget.set(marker.target, [...(byTarget.get(marker.target) ?? []), number]);
  }
  return byTarget;
}

async function find(github: GitHub, query: Query, signal: AbortSignal): Promise<FoundPullRequest | null> {
  if (query.number !== null) {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const parameters = { pull_number: query.number };
    const answer = await github.ask({ route, parameters }, pullRequestSchema, signal);
    return toFound(expectData(answer, `show pull request #${query.number}`));
  }
  const plan = planPullRequest(query, await ofBranch(github, query.branch, signal));
  switch (plan.kind) {
    case 'found':
    case 'earlier':
      return toFound(plan.pullRequest);
    case 'foreign':
      throw foreign(plan.pullRequest);
    case 'create':
      return null;
  }
}

async function create(github: GitHub, draft: Draft, signal: AbortSignal): Promise<PullRequest> {
  const { branch, base, title, body } = draft;
  const route = 'POST /repos/{owner}/{repo}/pulls';
  const what = `open a pull request from ${branch} into ${base}`;
  for (let round = 1; ; round++) {
    const parameters = { title, body, base, head: branch };
    const answer = await github.ask({ route, parameters }, pullRequestSchema, signal);
    if (answer.kind === 'ok') return toPullRequest(answer.data);
    if (answer.kind === 'unknown') await github.pause(round, signal);
    else if (!isDuplicate(answer)) return expectForItem(answer, what);
    const made = await madeMeanwhile(github, draft, signal);
    if (made !== null) return made;
    if (answer.kind !== 'unknown' || round === maxTries) return expectForItem(answer, what);
  }
}

/** The pull request that a lost answer or another process of ours left behind; null when there is none. */
async function madeMeanwhile(
  github: GitHub,
  { branch, body }: Draft,
  signal: AbortSignal,
): Promise<PullRequest | null> {
  const attempt = parseMarker(body)?.attempt;
  const open = (await ofBranch(github, branch, signal)).filter((one) => one.state === 'open');
  const ours = open.find((one) => attempt !== undefined && parseMarker(one.body)?.attempt === attempt);
  if (ours !== undefined) return toPullRequest(ours);
  const [other] = open;
  if (other !== undefined) throw foreign(other);
  return null;
}

async function ofBranch(github: GitHub, branch: string, signal: AbortSignal): Promise<SeenPullRequest[]> {
  const head = `${github.repository.owner}:${branch}`;
  const seen = await list(github, { state: 'all', head }, signal);
  // GitHub ignores a head that it can't read, and then lists everything.
  return seen.filter((one) => one.branch === branch);
}

/** All pages, without pull requests from forks: anybody may open those, with any text in them. */
async function list(
  github: GitHub,
  filter: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SeenPullRequest[]> {
  const { owner, name } = github.repository;
  const own = `${owner}/${name}`.toLowerCase();
  const route = 'GET /repos/{owner}/{repo}/pulls';
  const seen: SeenPullRequest[] = [];
  for (let page = 1; ; page++) {
    const parameters = { ...filter, sort: 'created', direction: 'asc', per_page: pageSize, page };
    const answer = await github.ask({ route, parameters }, pullRequestsSchema, signal);
    const pulls = expectData(answer, 'list pull requests');
    seen.push(...pulls.filter((one) => one.headRepository?.toLowerCase() === own));
    if (pulls.length < pageSize) return seen;
  }
}

function isDuplicate(answer: Answer<unknown>): boolean {
  return answer.kind === 'invalid' && answer.reasons.some((reason) => /already exists/i.test(reason));
}

function foreign({ number, url, branch }: FoundPullRequest): RegenError {
  return new RegenError(
    'item',
    `Pull request #${number} from ${branch} is open, and no attempt of ours opened it: ${url}`,
    {
      hint: 'close or merge it, or choose another ship.branch',
    },
  );
}

function toPullRequest({ number, url, branch }: PullRequest): PullRequest {
  return { number, url, branch };
}

function toFound({ number, url, branch, state, headSha, body }: FoundPullRequest): FoundPullRequest {
  return { number, url, branch, state, headSha, body };
}
