/** The least BaseTree that works: git itself, one process per question. */
import { spawn } from 'node:child_process';
import type { BaseTree, TreeEntry } from '../../src/model/base-tree.js';
import { gitEnvironment } from './git-repo.js';

/** How often each question was asked of git. */
export interface GitTree extends BaseTree {
  readonly asked: { entries: number; read: number; history: number };
}

/** @param sha - a commit, or anything that git understands as one. */
export function openGitTree(root: string, sha: string): GitTree {
  const asked = { entries: 0, read: 0, history: 0 };
  let listed: Promise<TreeEntry[]> | null = null;
  const list = () => (listed ??= runGitBytes(root, ['ls-tree', '-r', '-l', '-z', sha]).then(parseEntries));
  return {
    sha,
    asked,
    entries() {
      asked.entries += 1;
      return list();
    },
    async read(paths, each) {
      asked.read += 1;
      const objects = new Map((await list()).map((entry) => [entry.path, entry.sha]));
      const request = paths.map((path) => `${objects.get(path) ?? 'missing'}\n`).join('');
      const output = await runGitBytes(root, ['cat-file', '--batch', '--buffer'], request);
      readBatch(output, paths, each);
    },
    async history(each) {
      asked.history += 1;
      const output = await runGitBytes(root, ['log', '-z', '--name-only', '--format=%x01%cI', sha]);
      let committed = new Date(0);
      for (const word of output.toString('utf8').split(/[\0\n]+/)) {
        if (word.startsWith('\x01')) committed = new Date(word.slice(1));
        else if (word !== '' && !each(word, committed)) return;
      }
    },
  };
}

function parseEntries(output: Buffer): TreeEntry[] {
  const lines = output.toString('utf8').split('\0').slice(0, -1);
  return lines.map((line) => {
    const [facts, path] = splitOnce(line, '\t');
    const [mode = '', , sha = '', size = '-'] = facts.split(/ +/);
    return { path, mode, sha, size: size === '-' ? null : Number(size) };
  });
}

function readBatch(
  output: Buffer,
  paths: readonly string[],
  each: (path: string, content: Buffer | null) => void,
): void {
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf(0x0a, at);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(output.toString('utf8', at, end))?.[1];
    at = end + 1;
    if (size === undefined) {
      each(path, null);
      continue;
    }
    each(path, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function runGitBytes(cwd: string, args: readonly string[], stdin?: string): Promise<Buffer> {
  const child = spawn('git', [...args], { cwd, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'inherit'] });
  // git may be done before it was asked: it reads no input, or fails.
  child.stdin.on('error', () => undefined).end(stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${String(code)}`);
  return Buffer.concat(chunks);
}
