import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poemConfig, poemFiles } from '../support/poems.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

const rules = '- Keep the axes labelled and the colours within the palette.\n'.repeat(60);

describe('regen prompt FILE', () => {
  let scratch: Scratch;

  beforeAll(async () => {
    scratch = await makeScratch();
    await writeFile(scratch.in('prompt.md'), `# Rules\n\nTask: {task}\n\n${rules}`);
  });

  afterAll(() => scratch[Symbol.asyncDispose]());

  async function prompt(...args: string[]) {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'prompt', ...args], {
      ...{ cwd: scratch.folder, reject: false },
    });
    return { exitCode, stdout, stderr };
  }

  it('tells, outside of any repository, what ends the prefix and what moving it saves', async () => {
    const { exitCode, stdout, stderr } = await prompt('prompt.md', '--requests', '10');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('The prefix ends with line 2, before line 3, a section:');
    expect(stdout).toContain('static, too late  4-64        3,661   1,046');
    expect(stdout).toContain('a prefix of 3 tokens is too short, nothing is');
    expect(stdout).toMatch(
      /Move line 3 behind everything that is static: the prefix grows from 3 to 1,049\s+tokens/,
    );
    expect(stdout).toContain('  line 3  section  Task:');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('is one JSON document for scripts', async () => {
    const { exitCode, stdout } = await prompt('./prompt.md', '--json', '--model', 'nobodys');

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kind: 'file', file: './prompt.md', boundaries: 'guessed', lines: 64 },
      prefix: { endsAt: 2, endedBy: { line: 3, kind: 'section', counts: true } },
      requests: { count: 14, source: 'assumed' },
      cost: { model: 'nobodys', uncached: null, cached: null, minimum: { source: 'assumed' } },
      moved: { lines: [3], savingUsd: null },
    });
  });

  it.each([
    [['promt.md'], 'regen: there is no file promt.md\nDid you mean "prompt.md"?'],
    [
      ['prompt.md', '--requests', 'few'],
      'regen: --requests takes a count from 1 on, not "few"\nFor example: --requests 14',
    ],
    [
      ['./prompt.md', '--wire'],
      'regen: --wire sends an item’s request, and ./prompt.md is a file\nName an item, or leave --wire out.',
    ],
    [['prompt.md', '--requets', '3'], "regen: unknown option '--requets'\nDid you mean --requests?"],
  ])('refuses %j', async (args, told) => {
    expect(await prompt(...args)).toEqual({ exitCode: 2, stdout: '', stderr: told });
  });

  it('ends quietly when nobody reads on', async () => {
    const { exitCode, stderr } = await execa({ shell: true, reject: false, cwd: scratch.folder })`
      ${process.execPath} ${cliPath} prompt prompt.md | true`;

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('regen prompt', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({
      files: poemFiles,
      config: poemConfig({ more: 'cache: { models: { sonnet: { minimum: 64 } } }\n' }),
    });
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('shows what plan mode’s first item would be sent, and touches nothing', async () => {
    const { exitCode, stdout, stderr } = await world.regen(['prompt']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Prompt of autumn\/bold: model sonnet, profile lean, base [0-9a-f]{7}\n/);
    expect(stdout).toMatch(/target {2}poems\/autumn\/about\.md .*\n-- the prefix ends here: /);
    expect(stdout).toContain('the same bytes for all 3 items of autumn that were built.');
    expect(stdout).toContain('(cache.models in regen.yaml); it is read by every item after the first.');
    expect(await world.repository.git('status', '--short', '--ignored')).toBe('?? regen.yaml');
  });

  it('takes an item of another target, and suggests for a name that means nothing', async () => {
    const other = await world.regen(['prompt', 'bold', '--target', 'winter', '--json']);
    const unknown = await world.regen(['prompt', 'blod']);
    const target = await world.regen(['prompt', '--target', 'wintre']);

    expect(other.document).toMatchObject({ kind: 'item', target: 'winter', item: 'bold' });
    expect(unknown).toMatchObject({
      ...{ exitCode: 2, stdout: '' },
      stderr:
        'regen: "blod" is neither an item of autumn nor a file\nDid you mean "bold"? Items of autumn: bold, calm, wry. An item of another target needs --target.',
    });
    expect(target).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean "winter"?') as string,
    });
  });

  it('measures with --wire what the real agent sends: our bytes whole, boilerplate under 8 KB', async () => {
    const { exitCode, document, stderr } = await world.regen(['prompt', '--wire', '--json'], {
      ...{ ANTHROPIC_API_KEY: 'sk-real', ANTHROPIC_AUTH_TOKEN: 'real', CLAUDE_CODE_OAUTH_TOKEN: 'real' },
    });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(document).toMatchObject({
      wire: {
        holds: { prefix: true, message: true },
        tools: [{ name: 'Bash' }, { name: 'Edit' }, { name: 'Read' }, { name: 'Write' }],
        breakpoints: [
          { at: 'system block 1', ttl: '5m' },
          { at: 'system block 2', ttl: '5m' },
          { at: 'message block 2', ttl: '5m' },
        ],
      },
    });
    const { wire } = document as { wire: { boilerplate: number } };
    expect(wire.boilerplate).toBeLessThan(8192);
    expect(world.model.requests).toEqual([]);
    expect(await world.repository.git('worktree', 'list')).not.toContain('\n');
  });

  it('fails an item whose prompt can’t fit into agent.context before anything is sent', async () => {
    const small = poemConfig().replace('agent:\n', 'agent:\n  context: 1500\n');
    await world.write({ 'regen.yaml': small });
    await world.regen(['plan']);

    const shown = await world.regen(['prompt']);
    const { exitCode, document } = await world.regen(['--json']);

    expect(shown.stdout).toContain('Too small: the prompt needs about');
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      ...{ outcome: 'failed', item: 'bold', usage: { requests: 0 } },
      reason: expect.stringMatching(
        /^agent: window full: the prompt needs about \d+ tokens .* the biggest part is working rules \(static/,
      ) as string,
      evidence: { next: expect.stringContaining('raise agent.context') as string },
    });
    expect(world.model.requests).toEqual([]);
  });
});
