/** What a person does to a plan of the worker: look, retry, skip, abandon. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { holdAt } from '../../support/holding.js';
import { makeWorld } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

interface Standing {
  readonly items: readonly { readonly id: string; readonly state: string; readonly reason: string | null }[];
  readonly running: readonly object[];
}

function statesOf(document: unknown): string[] {
  return (document as Standing).items
    .filter(({ id }) => /#\d+$/.test(id))
    .map(({ id, state }) => `${id} ${state}`);
}

/** A step that waits for the model's answer about its pack of three. */
async function whileAsked() {
  const held = holdAt([1], packScript({ answer: shorter }));
  const world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig(),
    script: held.script,
  });
  await world.regen(['plan']);
  const step = world.start([]);
  const ended = once(step, 'exit');
  await held.reached();
  const kill = async (): Promise<void> => {
    step.kill('SIGKILL');
    await ended;
  };
  const { asked } = held;
  return { world, step, kill, asked, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

it('status says which pack is at work; abandon after a kill books its call and leaves nothing open', async () => {
  await using asking = await whileAsked();
  const { world, step } = asking;

  const [text, json] = [await world.regen(['status']), await world.regen(['status', '--json'])];
  const inTheWay = await world.regen(['abandon']);
  await asking.kill();
  const idle = await world.regen(['status', '--json']);
  const abandoned = await world.regen(['abandon']);

  expect(text.stdout).toMatch(/^Running: pack-1 \(3 items\), worker \(pid \d+\) since \S+$/m);
  expect(text.stdout).toContain('Next: nothing more to begin while these are at work.');
  expect((json.document as Standing).running).toEqual([
    {
      ...{ item: 'pack-1', stage: 'worker', pid: step.pid, since: expect.any(String) as string },
      members: ['page-01#1', 'page-01#2', 'page-01#3'],
    },
  ]);
  expect(inTheWay.exitCode).toBe(75);
  expect((idle.document as Standing).running).toEqual([]);
  expect(abandoned.exitCode, abandoned.stderr).toBe(0);
  expect(await readdir(path.join(world.root, '.regen', 'open-packs'))).toEqual([]);
  expect(await world.read('.regen/ledger.jsonl')).toContain('"outcome":"killed"');
});

it('what was taken out of a pack that a kill broke off isn’t asked about again', async () => {
  await using asking = await whileAsked();
  const { world } = asking;
  await asking.kill();
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({
    '.regen-plan.md': plan.replace('- [ ] page-01#2\n', '').replace('[ ] page-01#3', '[-] page-01#3'),
  });

  const next = await world.regen(['--json']);

  const [, again] = asking.asked;
  expect(again?.lastMessage).toContain('Paragraph 1 of page 1');
  expect(again?.lastMessage).not.toMatch(/Paragraph [23] of page 1/);
  expect(next.document).toMatchObject({ outcome: 'shipped', items: [{ id: 'page-01#1' }], remaining: 0 });
  expect((await world.read('.regen/ledger.jsonl'))?.match(/"outcome":"killed"/g)).toHaveLength(1);
});

it('abandon drops the worktree of what a pack was shipping', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({
      checks: '  run: [{ name: deadly, run: "kill -9 $PPID" }]',
    }),
    script: packScript({ answer: shorter }),
  });
  await world.regen(['plan']);

  await world.regen([]);
  const left = await readdir(path.join(world.root, '.worktrees', 'guide')).catch(() => []);
  const abandoned = await world.regen(['abandon']);

  expect(left).toEqual(['pack-1']);
  expect(abandoned.exitCode, abandoned.stderr).toBe(0);
  expect(await readdir(path.join(world.root, '.worktrees', 'guide')).catch(() => [])).toEqual([]);
  expect(await readdir(path.join(world.root, '.regen', 'open'))).toEqual([]);
  expect(await readdir(path.join(world.root, '.regen', 'open-packs'))).toEqual([]);
  expect((await world.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
});

it('a mark that a person makes while a pack is pushed stands, and what was shipped is told below it', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig(),
    script: packScript({ answer: shorter }),
  });
  await world.regen(['plan']);
  const plan = path.join(world.root, '.regen-plan.md');
  const hook = path.join(world.repository.remote, 'hooks', 'post-receive');
  const edit = `#!/bin/sh\nsed -i 's/^- ... page-01#2/- [-] page-01#2/' '${plan}'\n`;
  await mkdir(path.dirname(hook), { recursive: true });
  await writeFile(hook, edit, { mode: 0o755 });

  const step = await world.regen([]);
  const text = await world.read('.regen-plan.md');

  expect(step.exitCode, step.stderr).toBe(0);
  expect(text).toMatch(/^- \[x\] page-01#1$/m);
  expect(text).toMatch(/^- \[-\] page-01#2$/m);
  expect(text).toMatch(/^- page-01#2: branch regen\/guide\/pack-1 at .* in pack-1 with 1 other,/m);
});

it('an item that was skipped isn’t asked about; one that is tried again after it failed is', async () => {
  let asked = 0;
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig(),
    script: packScript({
      answer: (block) => {
        if (!block.text.startsWith('Paragraph 2')) return shorter(block);
        asked += 1;
        return asked > 3 ? shorter(block) : null;
      },
    }),
  });
  await world.regen(['plan']);

  const skipped = await world.regen(['skip', 'page-01#4', 'not ours']);
  const first = await world.regen(['run', '--max-steps', '2']);
  const before = await world.regen(['status', '--json']);
  const retried = await world.regen(['retry', '--failed']);
  const second = await world.regen(['--json']);
  const after = await world.regen(['status', '--json']);

  expect([skipped.exitCode, retried.exitCode]).toEqual([0, 0]);
  expect(first.exitCode, first.stderr).toBe(1);
  expect(statesOf(before.document)).toEqual([
    ...['page-01#1 done', 'page-01#2 failed', 'page-01#3 done', 'page-01#4 skipped'],
  ]);
  expect(second.document).toMatchObject({ outcome: 'shipped', items: [{ id: 'page-01#2' }] });
  expect(statesOf(after.document)).toEqual([
    ...['page-01#1 done', 'page-01#2 done', 'page-01#3 done', 'page-01#4 skipped'],
  ]);
});

it('an item can’t be driven by hand, and the sentence says what to do instead', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 2 }),
    config: guideConfig(),
  });
  await world.regen(['plan']);

  for (const stage of ['start', 'ship']) {
    const { exitCode, stderr } = await world.regen(['item', stage]);

    expect({ stage, exitCode }).toEqual({ stage, exitCode: 2 });
    expect(stderr).toContain('engine: worker asks about many at once');
    expect(stderr).toContain('Run "regen" for the next pack');
  }
  expect((await world.regen(['item', 'fail', 'page-01#1', 'no reason'])).exitCode).toBe(2);
});
