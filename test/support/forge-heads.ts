/** The head commits of pull requests: the emulator makes some up, GitHub shows the branch's in the repository. */
import { z } from 'zod';
import { runGit } from './git-repo.js';

const pull = z.looseObject({
  number: z.number(),
  state: z.string(),
  head: z.looseObject({ ref: z.string(), sha: z.string() }),
});

/** Corrects one pull request or a list of them. A closed one keeps the commit that it was closed with. */
export function createHeads(remote: string): (body: unknown) => Promise<unknown> {
  const last = new Map<number, string>();
  const correct = async (one: unknown): Promise<unknown> => {
    const { success, data } = pull.safeParse(one);
    if (!success) return one;
    if (data.state === 'open') {
      const sha = await runGit(remote, [
        'for-each-ref',
        '--format=%(objectname)',
        `refs/heads/${data.head.ref}`,
      ]);
      if (sha !== '') last.set(data.number, sha);
    }
    return { ...data, head: { ...data.head, sha: last.get(data.number) ?? data.head.sha } };
  };
  return (body) => (Array.isArray(body) ? Promise.all(body.map(correct)) : correct(body));
}
