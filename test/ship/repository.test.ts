import { expect, test } from 'vitest';
import { parseRemoteUrl, resolveApiUrl, resolveRepository } from '../../src/ship/repository.js';

test.each([
  ['https://github.com/owner/name.git', 'github.com'],
  ['https://github.com/owner/name/', 'github.com'],
  ['https://user:secret@GitHub.com/owner/name', 'github.com'],
  ['git@github.com:owner/name.git', 'github.com'],
  ['work:owner/name', 'work'],
  ['ssh://git@ssh.github.com:443/owner/name.git', 'ssh.github.com'],
  ['https://git.corporation.example/owner/name.git', 'git.corporation.example'],
  ['http://127.0.0.1:8123/owner/name.git', '127.0.0.1'],
])('%s names owner, repository and host', (url, host) => {
  expect(parseRemoteUrl(url)).toEqual({ host, owner: 'owner', name: 'name' });
});

test.each([
  '/srv/git/owner/name.git',
  '../name.git',
  'file:///srv/owner/name.git',
  'C:\\git\\owner\\name',
  'https://host.example/group/subgroup/name.git',
  'https://github.com/owner',
  '',
])('%j names no repository', (url) => {
  expect(parseRemoteUrl(url)).toBeNull();
});

test('dots in a name stay, only the last .git goes', () => {
  expect(parseRemoteUrl('git@github.com:own-er/a.github.io.git')).toEqual({
    host: 'github.com',
    owner: 'own-er',
    name: 'a.github.io',
  });
});

test('ship.repository goes before the remote', () => {
  expect(resolveRepository('a/b', 'git@github.com:owner/name.git')).toEqual({ owner: 'a', name: 'b' });
});

test('a local remote without ship.repository is an error of the config that says what to set', () => {
  const resolve = () => resolveRepository(undefined, '/srv/name.git');

  expect(resolve).toThrow(
    expect.objectContaining({
      code: 'config',
      message: 'No GitHub repository to open pull requests in: the remote is /srv/name.git.',
      hint: 'Set ship.repository to owner/name in regen.yaml, or ship.to to branch or local.',
    }),
  );
});

test('an error never shows the credentials in a remote’s URL', () => {
  const resolve = () => resolveRepository(undefined, 'https://me:secret@host.example/only');

  expect(resolve).toThrow('the remote is https://host.example/only.');
});

test.each([
  ['git@github.com:owner/name.git', null],
  ['ssh://git@ssh.github.com:443/owner/name.git', null],
  ['work:owner/name', null],
  ['/srv/name.git', null],
  ['http://127.0.0.1:8123/owner/name.git', null],
])('%s has the API of octokit’s default', (remote, expected) => {
  expect(resolveApiUrl(undefined, remote)).toBe(expected);
});

test('GITHUB_API_URL decides, without its last slash', () => {
  expect(resolveApiUrl('https://git.example/api/v3/', 'git@github.com:owner/name.git')).toBe(
    'https://git.example/api/v3',
  );
});

test('the token never goes to a host that is only guessed at', () => {
  const resolve = () => resolveApiUrl('', 'https://git.example/owner/name.git');

  expect(resolve).toThrow(
    expect.objectContaining({
      code: 'config',
      message: "The remote's host is git.example, and nothing says where its API is.",
      hint: 'Set GITHUB_API_URL (GitHub Enterprise: https://git.example/api/v3), or ship.to to branch.',
    }),
  );
});

test('a GITHUB_API_URL that is no URL is an error of the environment', () => {
  expect(() => resolveApiUrl('git.example', null)).toThrow(
    expect.objectContaining({
      code: 'environment',
      message: 'GITHUB_API_URL is no http or https URL: git.example',
    }),
  );
});
