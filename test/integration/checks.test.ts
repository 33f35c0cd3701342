/** Suites as checks, with the real node:test: what is the base's, what is the environment's, what the agent is told. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

/** Fails for the voice's text, and always at what nobody has mended on the base. */
const suite = `import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert';
const text = readFileSync('poems/autumn/voices/bold.txt', 'utf8');
test('is new', () => assert.ok(!text.includes('stale'), 'still stale'));
test('is short', () => assert.ok(text.length < 30, 'too long'));
test('sigterm', () => assert.strictEqual(1, 2));
`;

// On the base the voice itself is in order.
const files = { ...poemFiles, 'poems/autumn/voices/bold.txt': 'plain bold\n', 'tests/poems.test.mjs': suite };

function config(check: string): string {
  const own = `  run:\n    - { name: suite, ${check} }\n  repairs: 2`;
  return poemConfig().replace(/ {2}run:\n.*\n {2}repairs: 1/, own);
}

const drafts = {
  bold: [
    'stale, and far longer than any line may be\n',
    'new, and far longer than any line may be\n',
    'new bold\n',
  ],
};

describe('a suite that fails on the base', () => {
  it('is the item’s business as far as the base passes, and the rest is told', async () => {
    const check =
      "run: 'node --test tests/', targeted: 'node --test --test-name-pattern={failed} tests/', baseline: true";
    await using world = await planned(config(check), drafts);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({
      exitCode: 0,
      document: {
        outcome: 'shipped',
        checks: [{ name: 'suite', ok: true, notes: ['fails at the base too: sigterm'] }],
      },
    });
    const turns = repairs(world);
    expect(turns).toHaveLength(2);
    expect(turns[0]).toContain('node:test: 2 failed');
    expect(turns[0]).toContain('fails at the base too: sigterm');
    expect(turns[0]).not.toContain('✗ sigterm');
    expect(turns[1]).toContain('Since the last run: 1 fixed (is new), 0 new, 1 as before');
    expect(turns[1]).toContain('Only the 2 tests that failed before were run');
    expect(await world.repository.git('worktree', 'list')).not.toContain('..base');
    expect(await readdir(path.join(world.root, '.regen', 'baselines'))).toHaveLength(1);
  });
});

describe('a suite that executes no test', () => {
  it('stops the step, leaves the item as it is, and is gone on with once that is mended', async () => {
    const check =
      'run: \'test -e "$REGEN_TEST_READY" && node --test tests/ || { echo "No module named chart"; exit 1; }\'';
    const ready = config(check).replace('  repairs: 2', '  env: [REGEN_TEST_READY]\n  repairs: 2');
    await using world = await planned(ready, { bold: ['new bold\n'] }, { 'tests/poems.test.mjs': passing });
    const env = { REGEN_TEST_READY: path.join(world.root, 'regen.yaml') };

    const stopped = await world.regen(['--json'], { REGEN_TEST_READY: '/nowhere' });
    const asked = world.model.requests.length;
    const plan = await world.read('.regen-plan.md');
    const mended = await world.regen(['--json'], env);

    expect(stopped.exitCode).toBe(3);
    expect(stopped.stdout).toContain('check \\"suite\\" executed no test, and none at the base');
    expect(plan).not.toContain('[!]');
    expect(mended).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    expect(world.model.requests).toHaveLength(asked);
  });
});

describe('the preflight', () => {
  it('asks no model while a tool is too old or a check’s program is missing', async () => {
    const old = config("run: 'node --test tests/'").replace(
      'checks:\n',
      "checks:\n  tools: { node: '>=99' }\n",
    );
    await using world = await planned(old, {});

    const tooOld = await world.regen([]);
    await world.write({ 'regen.yaml': config("run: 'regen-nowhere --all'") });
    const missing = await world.regen([]);

    expect([tooOld.exitCode, missing.exitCode]).toEqual([3, 3]);
    expect(tooOld.stderr).toMatch(/checks\.tools: node is \d+\.\d+\.\d+, not >=99/);
    expect(missing.stderr).toContain('check "suite" can\'t be run: regen-nowhere not found');
    expect(world.model.requests).toHaveLength(0);
  });
});

const passing = suite.replace(/test\('sigterm'.*\n/, '');

async function planned(
  literal: string,
  texts: Readonly<Record<string, readonly string[]>>,
  own: Readonly<Record<string, string>> = {},
): Promise<World> {
  const world = await makeWorld({ files: { ...files, ...own }, config: literal, script: poet(texts) });
  await world.regen(['plan', 'autumn']);
  return world;
}

/** What the agent was told after its turns. */
function repairs(world: World): readonly string[] {
  const told = world.model.requests.flatMap(({ scripted }) => scripted?.request.prompts ?? []);
  return [...new Set(told)].filter((prompt) => prompt.includes('The work does not pass yet'));
}
