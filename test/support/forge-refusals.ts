/** Refusals of GitHub that its emulator lacks. */
import { z } from 'zod';
import type { ForgePullRequest } from '../../src/demo/forge.js';
import type { Reply } from './forge-exchanges.js';
import { runGit } from './git-repo.js';

interface Wanted {
  readonly method: string;
  /** Below the repository. */
  readonly path: string;
  readonly body: unknown;
}

interface Known {
  readonly owner: string;
  /** The bare repository, absolute. */
  readonly remote: string;
  readonly open: () => Promise<readonly ForgePullRequest[]>;
}

const pull = z.object({ head: z.string(), base: z.string(), title: z.string(), body: z.string().nullish() });
const label = z.object({ name: z.string() });

/** null when GitHub would do it. */
export async function refusalOf(wanted: Wanted, known: Known): Promise<Reply | null> {
  if (wanted.method !== 'POST') return null;
  if (wanted.path === '/labels' && label.parse(wanted.body).name.length > 50) {
    return invalid({ resource: 'Label', code: 'custom', field: 'name', message: 'name is too long' });
  }
  return wanted.path === '/pulls' ? refusePullRequest(pull.parse(wanted.body), known) : null;
}

async function refusePullRequest(wanted: z.output<typeof pull>, known: Known): Promise<Reply | null> {
  const { owner, remote } = known;
  const branch = wanted.head.replace(`${owner}:`, '');
  if (wanted.title.length > 256) {
    return invalid({
      resource: 'PullRequest',
      code: 'custom',
      field: 'title',
      message: 'title is too long (maximum is 256 characters)',
    });
  }
  for (const [field, name] of [
    ['head', branch],
    ['base', wanted.base],
  ] as const) {
    if (!(await isBranch(remote, name))) return invalid({ resource: 'PullRequest', field, code: 'invalid' });
  }
  if ((await known.open()).some((one) => one.branch === branch)) {
    return invalid({
      resource: 'PullRequest',
      code: 'custom',
      message: `A pull request already exists for ${owner}:${branch}.`,
    });
  }
  const ahead = await runGit(remote, [
    'rev-list',
    '--count',
    `refs/heads/${wanted.base}..refs/heads/${branch}`,
  ]);
  if (ahead === '0') {
    return invalid({
      resource: 'PullRequest',
      code: 'custom',
      message: `No commits between ${wanted.base} and ${branch}`,
    });
  }
  return null;
}

function invalid(error: Readonly<Record<string, string>>): Reply {
  return { status: 422, headers: {}, body: { message: 'Validation Failed', errors: [error] } };
}

async function isBranch(remote: string, name: string): Promise<boolean> {
  return (await runGit(remote, ['for-each-ref', '--format=%(refname)', `refs/heads/${name}`])) !== '';
}
