import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runGitProcess } from '../../src/workspace/git-process.js';
import { gitEnvironment } from '../support/git-repo.js';
import { failureOf, makeScene, signal } from './scene.js';

/** A remote that takes connections and says nothing. */
async function startSilentServer() {
  const server = createServer().listen(0, '127.0.0.1');
  const connection = once(server, 'connection') as Promise<[Socket]>; // node's own signature of that event
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { url: `http://127.0.0.1:${port}/x`, connection, [Symbol.dispose]: () => server.close() };
}

const nothing = () => true;

describe('a git child', () => {
  it('is ended when the remote says nothing for too long', async () => {
    await using scene = await makeScene();
    using server = await startSilentServer();
    const call = { args: ['ls-remote', server.url], cwd: scene.root, env: gitEnvironment(), silenceMs: 100 };

    const end = await runGitProcess(call, nothing, signal);

    expect(end).toMatchObject({ stopped: 'silent' });
  });

  it('takes what it has started along when it is ended', async () => {
    await using scene = await makeScene();
    using server = await startSilentServer();
    const controller = new AbortController();
    const call = { args: ['ls-remote', server.url], cwd: scene.root, env: gitEnvironment() };

    const failure = failureOf(runGitProcess(call, nothing, controller.signal));
    const [socket] = await server.connection;
    socket.resume();
    const closed = once(socket, 'close');
    controller.abort(new Error('enough'));

    expect(await failure).toEqual(new Error('enough'));
    await closed;
  });

  it('is not started after an abort', async () => {
    const reason = new Error('enough');
    const call = { args: ['version'], cwd: '/', env: gitEnvironment() };

    const failure = await failureOf(runGitProcess(call, nothing, AbortSignal.abort(reason)));

    expect(failure).toBe(reason);
  });

  it('tells its exit status and what it said, also when it leaves its input unread', async () => {
    const call = { args: ['no-such-command'], cwd: '/', env: gitEnvironment(), input: 'x'.repeat(1 << 20) };

    const end = await runGitProcess(call, nothing, signal);

    expect(end).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("'no-such-command' is not a git command") as string,
      stopped: null,
    });
  });

  it('can’t be started where there is no folder', async () => {
    const call = { args: ['version'], cwd: '/nowhere/at/all', env: gitEnvironment() };

    const failure = await failureOf(runGitProcess(call, nothing, signal));

    expect(failure).toMatchObject({
      code: 'environment',
      message: 'git could not be started in /nowhere/at/all: spawn git ENOENT',
    });
  });
});
