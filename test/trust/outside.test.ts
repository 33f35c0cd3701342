import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { say } from '../../src/demo/model/reply.js';
import { execa } from 'execa';
import { runGit } from '../support/git-repo.js';
import { poemFiles } from '../support/poems.js';
import {
  attack,
  bash,
  boldConfig,
  expectFoiled,
  expectUnharmed,
  file,
  intruder,
  onlyCalls,
  plainBash,
  remoteBranches,
} from './intruder.js';

const folder = path.dirname(file);

describe('an agent that writes where its item may not', () => {
  it('is told of every file, and fails when it leaves them', async () => {
    let told = '';
    const calls = [
      'echo x >> prompts/rules.md; mv poems/winter/about.md poems/autumn/stolen.md',
      'git init -q poems/autumn/nested && touch poems/autumn/nested/x; git clone -q ../../.. sub',
      'echo "* filter=lfs" > .gitattributes; ln -s /etc/hostname link',
      'git add -A; git -c user.name=a -c user.email=a@b commit -qm mine; git update-index --skip-worktree prompts/rules.md',
    ].map(bash);
    const script = intruder(...calls);
    const config = boldConfig.replace('repairs: 0', 'repairs: 1');
    await using scene = await attack(
      (request) => {
        if (request.prompts.length < 2) return script(request);
        told = request.lastMessage;
        return say('I see no way.');
      },
      { config },
    );

    const lines = [
      '".gitattributes": it was added, but this item may not write it',
      '"link": it was added, but',
      '"poems/autumn/nested": it is a repository of its own (a submodule)',
      '"poems/autumn/stolen.md": it was added, but',
      '"poems/winter/about.md": it was deleted, but',
      '"prompts/rules.md": it was changed, but',
      '"sub": it is a repository of its own (a submodule)',
    ];
    expect(lines.filter((line) => !told.includes(line))).toEqual([]);
    await expectFoiled(
      scene,
      /check "writes" failed: "\.gitattributes": it was added, but .* \(and 6 more\)/,
    );
    await expectUnharmed(scene);
  });

  it.each<[string, string, RegExp]>([
    ['a link to an absolute path', `ln -sf /etc/hostname ${file}`, /it is a symlink to an absolute path/],
    [
      'a link to the main checkout',
      `ln -sf ../../../../../../README.md ${file}`,
      /symlink out of the worktree/,
    ],
    [
      'a folder that is a link',
      `mv ${folder} ../../../../away && ln -s ../../../../../../away ${folder}`,
      /"poems\/autumn\/voices": it was added, but/,
    ],
    ['a file of terabytes', `truncate -s 5T ${file}`, /MiB; a file may have 100 MiB at most/],
  ])('fails with %s in its file’s place', async (_, command, reason) => {
    await using scene = await attack(intruder(bash(command)));

    await expectFoiled(scene, reason);
    await expectUnharmed(scene);
  });

  it('fails when it leaves a named pipe, which nobody opens', async () => {
    // Claude Code itself would wait for ever at a file that it has read before.
    await using scene = await attack(onlyCalls(bash(`rm ${file} && mkfifo ${file}`)));

    await expectFoiled(scene, /"poems\/autumn\/voices\/bold\.txt": it is a named pipe, not a file/);
    await expectUnharmed(scene);
  });

  it('may not spell the repository’s own folder otherwise', async () => {
    const config = boldConfig.replace(
      '  isolate: true',
      `  isolate: true\n  writes: ['${folder}/{item}.txt', '${folder}/{item}/**']`,
    );
    const command = `mkdir -p ${folder}/bold/.GIT && touch ${folder}/bold/.GIT/config`;
    await using scene = await attack(intruder(bash(command)), { config });

    await expectFoiled(scene, /its name stands for a repository’s own folder/);
  });

  it('is refused by Claude Code’s own permissions when Bash is not allowed', async () => {
    const config = boldConfig.replace('  allow: [Bash]\n', '');
    const script = intruder(
      { name: 'Write', input: { file_path: '/tmp/regen-pwned/pwned', content: 'x' } },
      plainBash('echo x > ../../../pwned'),
      plainBash('git config core.fsmonitor evil'),
      plainBash('mv poems ../poems'),
    );
    await using scene = await attack(script, { config });

    expect(scene.run).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    await expectUnharmed(scene);
    await expect(readFile('/tmp/regen-pwned/pwned')).rejects.toThrow('ENOENT');
  });

  it('ships what it may write, whatever the name and mode, and nothing else', async () => {
    const config = boldConfig.replace(
      '  isolate: true',
      `  isolate: true\n  writes: ['${folder}/{item}.txt', '${folder}/{item}/**']`,
    );
    const odd = `bold/-x\n"q" $(touch pwned) ](javascript:alert(1)) \u202e\u001b[31m;touch pwned.txt`;
    const command = `chmod +x ${file}; mkdir ${folder}/bold; printf x > "$(printf '%b' '${folder}/${escaped(odd)}')"`;
    await using scene = await attack(intruder(bash(command)), { config });

    expect(scene.run).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    const [, branch = ''] = (await remoteBranches(scene.world)).toSorted((one) => (one === 'main' ? -1 : 1));
    const changed = await runGit(scene.world.repository.remote, ['diff-tree', '-r', '-z', 'main', branch]);
    expect(changed.split('\0').filter((_, index) => index % 2 === 1)).toEqual([file, `${folder}/${odd}`]);
    expect(changed).toMatch(/100644 100755 \S+ \S+ M\0poems/);
    await expectUnharmed(scene);
  });

  it('changes nothing through a link that the base has', async () => {
    const files = { ...poemFiles, 'elsewhere/bold.txt': 'stale\n' };
    await using scene = await attack(intruder(bash('echo new > linked/bold.txt')), {
      files,
      arrange: async (world) => {
        await runGit(world.root, ['checkout', '-q', 'main']);
        await world.repository.git(
          'update-index',
          '--add',
          '--cacheinfo',
          `120000,${await blob(world.root, 'elsewhere')},linked`,
        );
        await world.repository.git('commit', '-qm', 'link');
        await world.repository.git('checkout', '-q', '--', 'linked');
        await world.repository.git('push', '-q', 'origin', 'main');
      },
    });

    await expectFoiled(scene, /"elsewhere\/bold\.txt": it was changed, but/);
  });
});

async function blob(root: string, target: string): Promise<string> {
  return (await execa('git', ['hash-object', '-w', '--stdin'], { cwd: root, input: target })).stdout;
}

/** For printf's %b, within single quotes. */
function escaped(name: string): string {
  return [...Buffer.from(name)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}
