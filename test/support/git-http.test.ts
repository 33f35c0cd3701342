import { expect, onTestFinished, test } from 'vitest';
import { startGitHttp } from './git-http.js';
import { makeRepository, runGit } from './git-repo.js';

test('git pushes to it and clones from it, and the log shows who sent a password', async () => {
  const repository = await makeRepository({ files: { 'a.txt': 'a\n' }, folder: "it's here" });
  onTestFinished(() => repository.cleanup());
  const credentials = { user: 'x-access-token', password: 'secret' };
  const server = await startGitHttp({ remote: repository.remote, path: '/owner/name.git', credentials });
  onTestFinished(() => server.stop());
  const withPassword = server.url.replace('//', '//x-access-token:secret@');

  const refused = runGit(repository.root, ['push', server.url, 'HEAD:refs/heads/b'], {
    GIT_TERMINAL_PROMPT: '0',
  });
  await expect(refused).rejects.toThrow('could not read Username');
  await repository.git('push', '--quiet', withPassword, 'HEAD:refs/heads/b');
  await repository.git('clone', '--quiet', '--branch', 'b', withPassword, '../clone');
  const cloned = await repository.git('-C', '../clone', 'rev-parse', 'HEAD');

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/owner\/name\.git$/);
  expect(cloned).toBe(await repository.git('rev-parse', 'HEAD'));
  expect(server.requests[0]).toEqual({
    method: 'GET',
    path: '/owner/name.git/info/refs',
    credentials: null,
  });
  expect(new Set(server.requests.map((request) => request.credentials))).toEqual(
    new Set([null, 'x-access-token:secret']),
  );
});

test('another path is not found', async () => {
  const server = await startGitHttp({ remote: '/nowhere', path: '/owner/name.git' });
  onTestFinished(() => server.stop());

  const response = await fetch(server.url.replace('name.git', 'other.git/info/refs'));

  expect(response.status).toBe(404);
});
