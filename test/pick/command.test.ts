import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTargets, runTargetsCommand } from '../../src/pick/command.js';
import { surroundingsOf } from './surroundings.js';

describe('parseTargets', () => {
  it('reads a target per line', () => {
    const targets = parseTargets(
      '{"id":"a","title":null}\r\n\n{"id":"b","title":"B","updated":"2025-01-01"}\n',
      'list',
    );

    expect(targets).toEqual([
      { id: 'a', title: null, updated: null },
      { id: 'b', title: 'B', updated: new Date('2025-01-01T00:00:00Z') },
    ]);
  });

  it.each([
    ['{"id":"a"}\noops\n', 'line 2 is no JSON: oops'],
    ['["a"]', 'line 1 is no object such as {"id": "…"}: ["a"]'],
    ['{"id":""}', 'line 1 id must not be empty: {"id":""}'],
    [
      '{"id":"a","updated":"soon"}',
      'line 1 updated is no point in time such as 2025-11-12T08:14:00Z: {"id":"a","updated":"soon"}',
    ],
    [
      '{"id":"a","name":"b"}',
      'line 1 has "name", which no target has (id, title, updated): {"id":"a","name":"b"}',
    ],
    ['{"id":5}', 'line 1 id must be text: {"id":5}'],
    ['{"id":"a"}\n\n{"id":"a"}', 'line 3 repeats "a" of line 1'],
  ])('names the bad line of %j', (output, fault) => {
    expect(() => parseTargets(output, 'list')).toThrow(
      expect.objectContaining({
        code: 'config',
        message: `targets.command printed what is no target: ${fault}\ncommand: list`,
      }),
    );
  });
});

describe('runTargetsCommand', () => {
  let root = '';

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "regen it's-"));
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it('runs in the root through the shell, without the forge’s token', async () => {
    const surroundings = surroundingsOf({ root, env: { ...process.env, GITHUB_TOKEN: 'secret', LIST: 'b' } });
    const command = `printf '{"id":"%s"}\\n' "$(basename "$PWD")" "token:$GITHUB_TOKEN" "$LIST"`;

    const targets = await runTargetsCommand(command, surroundings, new AbortController().signal);

    expect(targets.map((target) => target.id)).toEqual([path.basename(root), 'token:', 'b']);
  });

  it('fails with the last lines of what the command said', async () => {
    const surroundings = surroundingsOf({ root, env: process.env });

    const running = runTargetsCommand(
      'echo no list today >&2; exit 3',
      surroundings,
      new AbortController().signal,
    );

    await expect(running).rejects.toMatchObject({
      code: 'config',
      message: 'targets.command failed with exit code 3: echo no list today >&2; exit 3\nno list today',
    });
  });
});
