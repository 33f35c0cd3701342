import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { startForge } from '../support/forge.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

describe('a step that was killed', () => {
  it('while the agent worked is done afresh, and what it cost stays on the books', async () => {
    const hold = holdAfter(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const step = world.start([]);
    await hold.reached;
    await kill(step, 'SIGKILL');
    hold.letGo();
    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 2 } });
    expect(await bookedInput(world)).toBe(billedInput(world));
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it('by Ctrl-C ends with 130 and leaves no process, and the next invocation carries on', async () => {
    const hold = holdAfter(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const step = world.start([]);
    await hold.reached;
    const exit = await kill(step, 'SIGINT');
    hold.letGo();
    const next = await world.regen(['--json']);

    expect(exit).toBe(130);
    expect(next).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
  });

  it('between two labels sets the rest, without the agent and without a second pull request', async () => {
    const ship = '  repository: o/r\n  labels: [one, two]\n  labelDelay: 3s';
    await using world = await makeWorld({ files: poemFiles, config: poemConfig({ ship }), script: poet() });
    const forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    try {
      const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };
      await world.regen(['plan', 'autumn'], env);
      const killed = world.regen([], env);
      await until(() =>
        forge.writes().some((write) => write.includes('/labels') && write.includes('/issues/')),
      );
      await world.killStep();
      await killed;
      const requests = world.model.requests.length;

      const next = await world.regen(['--json'], env);

      expect(next).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 1 } });
      expect(world.model.requests).toHaveLength(requests);
      expect(await forge.pullRequests()).toMatchObject([{ number: 1, labels: ['one', 'two'] }]);
      expect(forge.writes().filter((write) => write === 'POST /issues/1/labels')).toHaveLength(2);
    } finally {
      await forge.stop();
    }
  });
});

/** Answers like the poet, but holds back the answer after so many. */
function holdAfter(answers: number) {
  const author = poet();
  let reach = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let given = 0;
  const script = async (request: ScriptedRequest): Promise<ScriptedReply> => {
    given += 1;
    if (given === answers + 1) {
      reach();
      await released;
    }
    return author(request);
  };
  return {
    script,
    reached,
    letGo: () => {
      letGo();
    },
  };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

async function bookedInput(world: World): Promise<number> {
  const rows = ((await world.read('.regen/ledger.jsonl')) ?? '').trim().split('\n');
  return rows.reduce((sum, row) => sum + (JSON.parse(row) as { input: number }).input, 0);
}

function billedInput(world: World): number {
  return world.model.bill.reduce((sum, { tokens }) => sum + tokens.input, 0);
}
