/** A GitHub API on loopback: the demo's forge, and the engine behind the one that the tests use. */
import * as z from 'zod';

export interface LoopbackForgeOptions {
  readonly owner: string;
  readonly repo: string;
  /** The one token that belongs to the owner. */
  readonly token: string;
  /** The default branch; `main` unless given. */
  readonly base?: string | undefined;
}

/** A pull request, as the forge has it. */
export interface ForgePullRequest {
  readonly number: number;
  readonly title: string;
  readonly branch: string;
  readonly body: string;
  readonly state: string;
  /** In the order in which they were added. */
  readonly labels: readonly string[];
}

export interface LoopbackForge {
  /** For `GITHUB_API_URL`. */
  readonly apiUrl: string;
  readonly token: string;
  /** Every pull request, open or not, oldest first. */
  pullRequests(signal: AbortSignal): Promise<ForgePullRequest[]>;
  close(): Promise<void>;
}

/** The repository starts with one commit of the emulator's own; pushes go to a bare remote that it knows nothing of. */
export async function startLoopbackForge(options: LoopbackForgeOptions): Promise<LoopbackForge> {
  const { createEmulator } = await import('emulate');
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    hostname: '127.0.0.1',
    seed: {
      tokens: { [options.token]: { login: options.owner, scopes: ['repo'] } },
      github: {
        users: [{ login: options.owner, name: options.owner }],
        repos: [
          {
            owner: options.owner,
            name: options.repo,
            auto_init: true,
            default_branch: options.base ?? 'main',
          },
        ],
      },
    },
  });
  // It says localhost, which may mean ::1 first; it listens on IPv4.
  const apiUrl = emulator.url.replace('//localhost:', '//127.0.0.1:');
  return {
    apiUrl,
    token: options.token,
    pullRequests: (signal) => listPullRequests(apiUrl, options, signal),
    close: () => emulator.close(),
  };
}

const pullRequests = z.array(
  z.object({
    number: z.number(),
    title: z.string(),
    head: z.object({ ref: z.string() }),
    body: z.string().nullable(),
    state: z.string(),
    labels: z.array(z.object({ name: z.string() })),
  }),
);

async function listPullRequests(
  apiUrl: string,
  { owner, repo, token }: LoopbackForgeOptions,
  signal: AbortSignal,
): Promise<ForgePullRequest[]> {
  const query = 'state=all&sort=created&direction=asc&per_page=100';
  const response = await fetch(`${apiUrl}/repos/${owner}/${repo}/pulls?${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  const list = pullRequests.parse(await response.json());
  return list.map(({ number, title, head, body, state, labels }) => ({
    number,
    title,
    branch: head.ref,
    body: body ?? '',
    state,
    labels: labels.map((label) => label.name),
  }));
}
