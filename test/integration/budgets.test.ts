import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { costOf } from '../../src/usage/prices.js';
import { gate } from '../support/gate.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

describe('a target’s limit', () => {
  it('lets several work at once, and no more is set aside than it leaves', async () => {
    const held = gate(3);
    void held.reached.then(() => {
      held.letGo();
    });
    const script = async (request: ScriptedRequest) => dear(await held.script(request));
    await using world = await makeWorld({ files: poemFiles, config: limited('targetUsd: 2'), script });

    const run = await world.regen(['run', '--jobs', '3', '--json']);

    expect(run).toMatchObject({ exitCode: 0, document: { counts: { shipped: 3 }, stopped: 'done' } });
    expect(spent(world)).toBeLessThan(2);
    expect(await readdir(path.join(world.root, '.regen', 'reserved'))).toEqual([]);
  });

  it('is overshot by one answer per run at most; the items stay open, and are gone on with when it is raised', async () => {
    const config = limited('targetUsd: 0.3');
    await using world = await makeWorld({
      files: poemFiles,
      config,
      script: (request) => dear(slow(request)),
    });

    const run = await world.regen(['run', '--jobs', '3', '--json']);
    const plan = await world.read('.regen-plan.md');
    const overshot = spent(world);
    await world.write({ 'regen.yaml': limited('targetUsd: 5') });
    const raised = await world.regen(['run', '--jobs', '3', '--json']);

    expect(run).toMatchObject({ exitCode: 75, document: { stopped: 'wait', counts: { failed: 0 } } });
    expect((run.document as { reason: string }).reason).toContain('budget.targetUsd');
    expect(plan).not.toContain('[!]');
    expect(overshot).toBeGreaterThanOrEqual(0.3);
    expect(overshot).toBeLessThan(0.3 + 3 * dearestAnswer(world));
    expect(raised).toMatchObject({ exitCode: 0, document: { counts: { failed: 0 }, stopped: 'done' } });
  });
});

describe('an item’s limit', () => {
  it('holds at our prices where Claude Code takes the model for cheaper', async () => {
    const config = `${limited('itemUsd: 0.5')}prices: { claude-sonnet-5: { input: 20, output: 100 } }\n`;
    let asked = 0;
    // Two answers reach the limit; a third one would never come.
    const script = (request: ScriptedRequest): ScriptedReply => {
      asked += 1;
      return asked > 2 ? { kind: 'silence' } : dear(slow(request));
    };
    await using world = await makeWorld({ files: poemFiles, config, script });
    await world.regen(['plan', 'autumn']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({
      exitCode: 1,
      document: {
        reason: expect.stringMatching(/^agent: out of money: \$[\d.]+ of \$0\.50 are spent/) as string,
      },
    });
  });

  it('leaves all of it to be spent where Claude Code takes the model for dearer', async () => {
    const config = limited('itemUsd: 0.02').replace('agent:', 'agent:\n  model: claude-haiku-5-5');
    await using world = await makeWorld({ files: poemFiles, config, script: (one) => dear(poet()(one)) });
    await world.regen(['plan', 'autumn']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', usage: { requests: 4 } } });
  });
});

describe('a model without a price', () => {
  it('stops the next run under a limit until it has one, and what it cost before is counted then', async () => {
    const env = { ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-nobody-1' };
    const config = limited('dayUsd: 0.05');
    await using world = await makeWorld({ files: poemFiles, config, script: poet(), env });
    await world.regen(['plan', 'autumn']);

    const first = await world.regen(['--json']);
    const second = await world.regen(['--json']);
    await world.write({
      'regen.yaml': `${config}prices: { claude-nobody-1: { input: 20, output: 100 } }\n`,
    });
    const third = await world.regen(['--json']);

    expect(first).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', usage: { costUsd: null } } });
    expect(second).toMatchObject({
      exitCode: 2,
      document: {
        error: {
          code: 'config',
          message: 'budget.dayUsd can’t be watched: claude-nobody-1 was paid for, and has no price',
        },
      },
    });
    expect(third).toMatchObject({
      exitCode: 75,
      document: { reason: expect.stringContaining('budget.dayUsd is used up: $0.05') as string },
    });
  });
});

function limited(budget: string): string {
  return poemConfig({ more: `budget: { ${budget} }\n` });
}

/** Reads and reads before it writes: three items cost three times the limit, if nothing keeps them from it. */
function slow(request: ScriptedRequest): ScriptedReply {
  return poet()({ ...request, turnOfPrompt: Math.max(1, request.turnOfPrompt - 5) });
}

/** Four cents and more. */
function dear(reply: ScriptedReply): ScriptedReply {
  return reply.kind === 'answer' ? { ...reply, outputTokens: 4000 } : reply;
}

/** What the account is charged, at our prices. */
function spent(world: World): number {
  return costs(world).reduce((sum, usd) => sum + usd, 0);
}

function dearestAnswer(world: World): number {
  return Math.max(...costs(world));
}

function costs(world: World): number[] {
  return world.model.bill.map(({ model, tokens, at }) => costOf({ model, tokens, at }, {}) ?? NaN);
}
