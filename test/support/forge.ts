/**
 * GitHub's API on loopback: the demo's emulator, with a server in front that refuses what GitHub refuses and the
 * emulator doesn't, fails on demand, knows the commits of a real bare repository, and keeps a log.
 */
import type { IncomingMessage } from 'node:http';
import { startLoopbackForge } from '../../src/demo/forge.js';
import type { ForgePullRequest, LoopbackForge } from '../../src/demo/forge.js';
import { createExchangeLog } from './forge-exchanges.js';
import type { Reply } from './forge-exchanges.js';
import { faultReply, isCarriedOut } from './forge-faults.js';
import type { Fault } from './forge-faults.js';
import { createHeads } from './forge-heads.js';
import { refusalOf } from './forge-refusals.js';
import { serveJson } from './forge-server.js';
import type { Desk, ForgeRequest } from './forge-server.js';

export interface TestForgeOptions {
  readonly owner: string;
  readonly repo: string;
  /** The bare repository whose branches pull requests are made from, absolute. */
  readonly remote: string;
  /** The only token that is accepted; `forge-token` unless given. */
  readonly token?: string;
}

export interface TestForge {
  /** For `GITHUB_API_URL`. */
  readonly apiUrl: string;
  readonly token: string;
  /** Every request, also the refused ones. */
  readonly requests: readonly ForgeRequest[];
  /** `POST /pulls`: method and path below the repository of every request that may change something. */
  writes(): string[];
  /** One fault for each of the next requests that match, in this order. */
  failNext(which: { readonly method: string; readonly path: RegExp }, ...faults: readonly Fault[]): void;
  /** As a person would, past log and faults; the path is the one below the repository. */
  act(method: string, path: string, body?: unknown): Promise<void>;
  merge(number: number): Promise<void>;
  closePullRequest(number: number): Promise<void>;
  pullRequests(): Promise<readonly ForgePullRequest[]>;
  stop(): Promise<void>;
}

interface Planned {
  readonly method: string;
  readonly path: RegExp;
  readonly fault: Fault;
}

export async function startForge(options: TestForgeOptions): Promise<TestForge> {
  const { owner, repo, remote, token = 'forge-token' } = options;
  const upstream = await startLoopbackForge({ owner, repo, token });
  const base = `/repos/${owner}/${repo}`;
  const requests: ForgeRequest[] = [];
  const planned: Planned[] = [];
  const place = { owner, base, remote, token, upstream, heads: createHeads(remote) };
  const server = await serveJson(createDesk(place, requests, planned));
  const act = async (method: string, path: string, body: unknown = null): Promise<void> => {
    const { status } = await ask(upstream, { method, url: `${base}${path}`, body, token });
    if (status >= 400) throw new Error(`${method} ${path}: ${status}`);
  };
  return {
    apiUrl: server.url,
    token,
    requests,
    writes: () =>
      requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(base, '')}`),
    failNext: (which, ...faults) => {
      planned.push(...faults.map((fault) => ({ ...which, fault })));
    },
    act,
    merge: (number) => act('PUT', `/pulls/${number}/merge`, {}),
    closePullRequest: (number) => act('PATCH', `/pulls/${number}`, { state: 'closed' }),
    pullRequests: () => upstream.pullRequests(AbortSignal.timeout(10_000)),
    stop: async () => {
      await server.stop();
      await upstream.close();
    },
  };
}

/** Logs each request, then fails as planned or does what GitHub would do. */
function createDesk(place: Place, requests: ForgeRequest[], planned: Planned[]): Desk {
  const record = createExchangeLog();
  return async (request, incoming) => {
    requests.push(request);
    const index = planned.findIndex((one) => one.method === request.method && one.path.test(request.path));
    const fault = index === -1 ? undefined : planned.splice(index, 1)[0]?.fault;
    if (fault === undefined) {
      const reply = await carryOut(place, incoming, request);
      await record(incoming, { body: request.body, reply, isFault: false });
      return reply;
    }
    if (isCarriedOut(fault)) await carryOut(place, incoming, request);
    const reply = faultReply(fault);
    if (typeof reply === 'object') await record(incoming, { body: request.body, reply, isFault: true });
    return reply;
  };
}

interface Place {
  readonly owner: string;
  readonly base: string;
  readonly remote: string;
  readonly token: string;
  readonly upstream: LoopbackForge;
  readonly heads: (body: unknown) => Promise<unknown>;
}

/** What GitHub would do with the request. */
async function carryOut(place: Place, incoming: IncomingMessage, request: ForgeRequest): Promise<Reply> {
  const { owner, base, remote, token, upstream, heads } = place;
  if (
    !/^(?:token|bearer) /i.test(incoming.headers.authorization ?? '') ||
    !incoming.headers.authorization?.endsWith(` ${token}`)
  ) {
    return { status: 401, headers: {}, body: { message: 'Bad credentials' } };
  }
  const open = async () =>
    (await upstream.pullRequests(AbortSignal.timeout(10_000))).filter((one) => one.state === 'open');
  const refusal = await refusalOf(
    { ...request, path: request.path.replace(base, '') },
    { owner, remote, open },
  );
  if (refusal !== null) return refusal;
  const reply = await ask(upstream, {
    method: request.method,
    url: incoming.url ?? '/',
    body: request.body,
    token,
  });
  if (reply.status === 422 && request.path === `${base}/labels`) {
    return {
      ...reply,
      body: {
        message: 'Validation Failed',
        errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
      },
    };
  }
  return request.path.startsWith(`${base}/pulls`) ? { ...reply, body: await heads(reply.body) } : reply;
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly token: string;
}

async function ask(upstream: LoopbackForge, { method, url, body, token }: Asked): Promise<Reply> {
  const response = await fetch(`${upstream.apiUrl}${url}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== null && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, headers: {}, body: parsed };
}
