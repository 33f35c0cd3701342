import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { disclose } from '../../src/model/enclosure.js';
import { noUsage } from '../../src/model/usage.js';
import { runRow, writeLedger } from '../support/ledger-rows.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

/** Bytes on the wire that are nobody's but Claude Code's, per request: tools and system without our prefix. */
const mostBoilerplate = 8192;

const guidance = 'Project guidance: write in Portuguese.';

describe('the prefix of a target’s items', () => {
  it('is the same on the wire in another worktree on another day, and holds the sources byte for byte', async () => {
    const rules = 'Write short lines.\r\n</file>\n\n<file path="x">\nNo final newline';
    await using world = await makeWorld({
      files: { ...poemFiles, 'prompts/rules.md': rules, 'CLAUDE.md': guidance },
      config: poemConfig(),
      script: poet(),
    });
    await world.write({ 'CLAUDE.md': guidance });
    await world.regen(['plan', 'autumn']);

    // 25 hours apart: for Claude Code, which asks the system's clock, these are always two days.
    const first = await world.regen(['--json'], { TZ: 'Pacific/Kiritimati' });
    const second = await world.regen(['--json'], { TZ: 'Pacific/Pago_Pago' });

    expect([first, second]).toMatchObject([
      { document: { item: 'bold', outcome: 'shipped' } },
      { document: { item: 'calm', outcome: 'shipped' } },
    ]);
    const [one, other] = firstRequests(world);
    expect(one?.prefix).toBe(other?.prefix);
    expect(one?.today).toMatch(/\d{4}-\d\d-\d\d/);
    expect(other?.today).not.toBe(one?.today);
    expect(disclose(one?.system ?? '')).toEqual([
      { path: 'prompts/rules.md', text: rules },
      { path: 'poems/autumn/about.md', text: poemFiles['poems/autumn/about.md'] },
    ]);
    expect(one?.boilerplate).toBeLessThanOrEqual(mostBoilerplate);
    expect(one?.whole).not.toContain(guidance);
    expect((await rows(world)).filter(({ kind }) => kind === 'run')).toMatchObject([
      { item: 'bold', cache: 'written', ttl: '5m' },
      { item: 'calm', cache: 'warm', ttl: '5m' },
    ]);
  });

  it('has the project’s guidance only where it is asked for, from the base', async () => {
    await using world = await makeWorld({
      files: { ...poemFiles, 'CLAUDE.md': guidance },
      config: poemConfig().replace('[prompts/rules.md]', '[prompts/rules.md, CLAUDE.md]'),
      script: poet(),
    });

    await world.regen(['plan', 'autumn']);
    await world.regen([]);

    const [request] = firstRequests(world);
    expect(disclose(request?.system ?? '')[1]).toEqual({ path: 'CLAUDE.md', text: guidance });
    expect(request?.whole.split(guidance)).toHaveLength(2);
  });
});

describe('steps side by side', () => {
  it('write the prefix once: the others wait for the first answer to begin, and read it', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);

    const run = await world.regen(['run', '--jobs', '3', '--max-steps', '3', '--json']);

    expect(run.document).toMatchObject({ counts: { shipped: 3 } });
    const uses = (await rows(world)).flatMap(({ cache }) => cache ?? []);
    expect(uses.sort()).toEqual(['warm', 'warm', 'written']);
  });
});

describe('a prefix that isn’t what it was', () => {
  it('is told with what changed: once when the base moved, as drift when nothing of ours did', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
    await world.regen([]);
    await world.repository.commit({ files: { 'prompts/rules.md': 'Write long lines.\n' } });
    await world.repository.git('push', '--quiet', 'origin', 'main');

    const moved = await world.regen([]);
    const config = (await world.read('regen.yaml')) ?? '';
    await world.write({
      'regen.yaml': config.replace('agent:\n', 'agent:\n  tools: [Read, Write, Edit, Glob]\n'),
    });
    const drifted = await world.regen([]);

    expect(moved.stderr).toMatch(
      /calm: the agent’s prefix is written anew: prompts\/rules\.md changed \(the base moved from \w{7} to \w{7}\)/,
    );
    expect(drifted.stderr).toMatch(
      /wry: prefix drifted: it should have been read from the cache and was written again; .*tool Glob is new.*tool Bash is gone/,
    );
    expect((await rows(world)).filter(({ kind }) => kind === 'run')).toMatchObject([
      { cache: 'written' },
      { cache: 'written' },
      { cache: 'drifted', drift: expect.stringContaining('tool Glob is new') as string },
    ]);
  });
});

describe('a prefix that nobody caches', () => {
  it('is told to be too short, once, and its runs say so', async () => {
    const config = poemConfig().replace('agent:\n', 'agent:\n  model: claude-opus-4-6\n');
    await using world = await makeWorld({ files: poemFiles, config, script: poet() });
    await world.regen(['plan', 'autumn']);

    const steps = [await world.regen([]), await world.regen([])];

    expect(steps.map(({ stderr }) => stderr.includes('is shorter than the 4096 tokens that'))).toEqual([
      true,
      false,
    ]);
    expect((await rows(world)).flatMap(({ cache }) => cache ?? [])).toEqual(['too-short', 'too-short']);
  });

  it('is sent without marks to a server whose last runs show no cache', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const endpoint = `agent:\n  endpoint: ${world.model.url}\n`;
    await world.write({ 'regen.yaml': poemConfig().replace('agent:\n', endpoint) });
    await world.regen(['plan', 'autumn']);
    const usage = { ...noUsage, requests: 3, input: 9000 };
    await writeLedger(
      world.root,
      [1, 2, 3].map(() => runRow({ target: 'autumn', usage })),
    );

    const step = await world.regen(['--verbose']);

    expect(step.stderr).toContain('caching is switched off: the last runs at http://127.0.0.1');
    const asked = world.model.requests.filter(({ scripted }) => scripted !== null);
    expect(asked.map(({ body }) => body.includes('cache_control'))).toEqual([false, false, false]);
    expect((await rows(world)).at(-1)).toMatchObject({ kind: 'run', cache: 'off', ttl: 'off' });
  });
});

interface Sent {
  readonly prefix: string;
  readonly system: string;
  /** What Claude Code says in front of the message. */
  readonly today: string | undefined;
  readonly whole: string;
  /** Bytes of tools and system without our own text. */
  readonly boilerplate: number;
}

/** What each session sent first. */
function firstRequests({ model }: World): Sent[] {
  return model.requests
    .filter(({ scripted }) => scripted?.request.turn === 1 && !scripted.request.isSide)
    .map(({ body }) => {
      const { tools, system, messages } = JSON.parse(body.toString()) as Record<string, unknown>;
      const texts = (system as { readonly text: string }[]).map(({ text }) => text);
      const prefix = JSON.stringify([tools, system]);
      const own = JSON.stringify(texts.at(-1));
      return {
        prefix,
        system: texts.at(-1) ?? '',
        today: /Today's date is ([\d-]+)/.exec(JSON.stringify(messages))?.[1],
        whole: body.toString(),
        boilerplate: Buffer.byteLength(prefix) - Buffer.byteLength(own),
      };
    });
}

async function rows({ root }: World): Promise<Record<string, unknown>[]> {
  const text = await readFile(path.join(root, '.regen', 'ledger.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
