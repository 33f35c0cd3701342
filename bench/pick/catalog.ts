/** A repository of issue-tracker size: 324 targets with 8 metadata files of about 10 KB each, in one commit. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const targetCount = 324;
const libraries = ['altair', 'bokeh', 'highcharts', 'letsplot', 'matplotlib', 'plotly', 'pygal', 'seaborn'];

export const config = `version: 1
targets:
  glob: plots/*/specification.yaml
  title: plots/{target}/specification.md
  updated: { files: 'plots/{target}/metadata/python/*.yaml', fields: [updated, created] }
items:
  glob: plots/{target}/implementations/python/*.py
  exclude: ['**/__init__.py']
  heading: Libraries
prompt: { task: Redo the implementation. }
ship: { to: local }
`;

/** Makes the repository, with `origin/main` as if fetched, and returns once git is done. */
export async function makeCatalog(root: string, { targets = targetCount } = {}): Promise<void> {
  mkdirSync(root, { recursive: true });
  git(root, 'init', '--quiet', '--initial-branch=main');
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: root,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  child.stdin.write(
    'commit refs/heads/main\ncommitter Bench <bench@example.invalid> 1735689600 +0000\ndata 6\nSample\n',
  );
  for (let index = 0; index < targets; index += 1) {
    const files = filesOfTarget(index);
    for (const [file, text] of files) {
      child.stdin.write(`M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  child.stdin.end('\ndone\n');
  const code = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${String(code)}`);
  git(root, 'remote', 'add', 'origin', root);
  git(root, 'update-ref', 'refs/remotes/origin/main', 'refs/heads/main');
  writeFileSync(path.join(root, 'regen.yaml'), config);
}

/** The metadata files' paths: what has to be read to know every age. */
export function metadataPaths(): string[] {
  return Array.from({ length: targetCount }, (_, index) =>
    libraries.map((library) => `plots/${targetId(index)}/metadata/python/${library}.yaml`),
  ).flat();
}

function filesOfTarget(index: number): [path: string, text: string][] {
  const id = targetId(index);
  return [
    [`plots/${id}/specification.yaml`, `id: ${id}\nissue: ${index}\n`],
    [`plots/${id}/specification.md`, `# ${id}: Sample Plot ${index}\n`],
    ...libraries.flatMap((library, position): [string, string][] => [
      [`plots/${id}/implementations/python/${library}.py`, `"""${id} with ${library}"""\n`],
      [`plots/${id}/metadata/python/${library}.yaml`, metadata(index * libraries.length + position, library)],
    ]),
  ];
}

/** About 10 KB: the fields that matter at the top, a long review below, as a quality gate leaves it. */
function metadata(seed: number, library: string): string {
  const random = createRandom(seed);
  const updated = new Date(Date.UTC(2025, 0, 1) + Math.floor(random() * 300 * 86_400_000)).toISOString();
  const head = [
    `library: ${library}`,
    "created: '2024-06-01T00:00:00+00:00'",
    `updated: '${updated.replace(/\.\d+Z$/, '+00:00')}'`,
    `quality_score: ${Math.floor(random() * 100)}`,
    'review:',
    '  criteria:',
  ];
  const criteria = Array.from({ length: 55 }, (_, index) => {
    const words = Array.from({ length: 14 }, () => Math.floor(random() * 1e9).toString(36)).join(' ');
    return `    - id: VQ-${index}\n      name: ${words.slice(0, 30)}\n      score: ${index}\n      comment: ${words}${index % 10 === 0 ? ' updated' : ''}`;
  });
  return `${[...head, ...criteria].join('\n')}\n`;
}

function targetId(index: number): string {
  return `sample-plot-${String(index).padStart(3, '0')}`;
}

/** A linear congruential generator: the same bytes on every machine. */
function createRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
