import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Script } from '../../../src/demo/model/conversation.js';
import { say, use } from '../../../src/demo/model/reply.js';
import { runGit } from '../../support/git-repo.js';
import { makeWorld } from '../../support/world.js';

/** What means something to a shell, to git, to Markdown or to a path; each step costs a second, so they share names. */
const names = [
  '.',
  '..',
  '[',
  '--help',
  '-rf ~ *',
  '{item} %41.lock',
  'it\'s "so" $(touch pwned) `touch pwned` ; touch pwned #',
  'two\nlines\\n',
  '- [x] done',
  '<!-- größe 日本',
];

const target = 'odd $(touch pwned) "target"';

const config = `version: 1
targets: { glob: '{target}/about.md' }
items: { glob: '{target}/{item}.txt', isolate: true }
prompt: { task: 'Write @{target}/{item}.txt@ anew.' }
agent: { env: [CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC] }
checks:
  run: [{ name: new, run: 'grep -qx new {target}/{item}.txt && test -n "$REGEN_TARGET" -a -n "$REGEN_ITEM"' }]
  repairs: 0
ship: { to: branch, branch: '{target}/{item}' }
`;

const author: Script = (request) => {
  const file = /@([\s\S]*?)@/.exec(request.firstMessage)?.[1] ?? '';
  if (request.turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
  if (request.turnOfPrompt === 2) return use({ name: 'Write', input: { file_path: file, content: 'new\n' } });
  return say('Written.');
};

function filesOf(items: readonly string[]): Record<string, string> {
  const about = { [`${target}/about.md`]: '# Odd\n' };
  return { ...about, ...Object.fromEntries(items.map((item) => [`${target}/${item}.txt`, 'stale\n'])) };
}

describe('a repository in a folder with an odd name', () => {
  it.each(['it\'s "quoted" $(touch pwned)', 'two\nlines', '-x größe', 'a:b;c'])(
    'goes from the plan to the archive in %j',
    async (folder) => {
      await using world = await makeWorld({ files: filesOf(['a b']), config, script: author, folder });

      const runs = [await world.regen([]), await world.regen(['--json']), await world.regen([])];

      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      expect(runs[1]?.document).toMatchObject({ item: 'a b', outcome: 'shipped' });
      expect(await world.repository.git('status', '--porcelain')).toBe('?? regen.yaml');
      await expect(access(path.join(world.root, 'pwned'))).rejects.toThrow('ENOENT');
    },
  );
});

describe('targets and items with odd names', () => {
  it('are planned, named, edited and shipped like all others, and run nothing', async () => {
    await using world = await makeWorld({ files: filesOf(names), config, script: author });
    await world.regen(['plan', target]);

    const shown = await world.regen(['status', '--json']);
    // Every name as a person types it, and one as the plan writes it.
    const skipped = await Promise.all([
      world.regen(['skip', '--json', '--', '--help', 'starts with a dash']),
      world.regen(['skip', '--json', 'two%0Alines\\n', 'copied from the plan']),
    ]);
    const reset = await world.regen(['retry', '--json', '--', '--help', 'two\nlines\\n', '.']);
    const items: unknown[] = [];
    while (items.length < names.length) items.push((await world.regen(['--json'])).document);
    const archived = await world.regen(['--json']);

    const byName = names.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect((shown.document as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual(byName);
    expect(skipped.map(({ document }) => document)).toMatchObject([
      { changed: ['--help'] },
      { changed: ['two\nlines\\n'] },
    ]);
    expect(reset.document).toMatchObject({ changed: ['--help', 'two\nlines\\n'], unchanged: ['.'] });
    expect(items).toMatchObject(byName.map((item) => ({ item, outcome: 'shipped' })));
    expect(archived).toMatchObject({ exitCode: 0, document: { outcome: 'archived', target } });
    const branches = await runGit(world.repository.remote, [
      'for-each-ref',
      '--format=%(refname)',
      'refs/heads',
    ]);
    expect(branches.split('\n')).toHaveLength(names.length + 1);
    const everything = await readdir(path.dirname(world.root), { recursive: true });
    expect(everything.filter((name) => name.includes('pwned') && !name.includes('touch'))).toEqual([]);
    expect(await world.repository.git('status', '--porcelain')).toBe('?? regen.yaml');
  });

  it('are written so that they can be pasted into a shell', async () => {
    const item = "it's $(touch pwned)";
    const failing = config.replace('isolate: true', 'unchanged: fail');
    await using world = await makeWorld({ files: filesOf([item]), config: failing });
    await world.regen([]);

    const failed = await world.regen([]);
    const typed = /"regen retry (.*)" sets it back/.exec(failed.stdout)?.[1] ?? '';
    const { stdout: word } = await execa('/bin/sh', ['-c', `printf %s ${typed}`], { cwd: world.root });
    const retried = await world.regen(['retry', word, '--json']);

    expect(failed.exitCode).toBe(1);
    expect(retried).toMatchObject({ exitCode: 0, document: { changed: [item] } });
    await expect(access(path.join(world.root, 'pwned'))).rejects.toThrow('ENOENT');
  });
});
