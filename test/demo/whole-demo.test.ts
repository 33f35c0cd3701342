import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { DemoResult } from '../../src/demo/demo.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

test('regen demo goes from plan to done with the real Claude Code, and books what the model billed', async () => {
  const { code, stdout, stderr } = await new Promise<Ended>((resolve) => {
    execFile(process.execPath, [cli, 'demo', '--json'], (error, out, progress) => {
      resolve({ code: Number(error?.code ?? 0), stdout: out, stderr: progress });
    });
  });

  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const result = JSON.parse(stdout) as DemoResult;
  expect(result.steps.map(({ mode, target, item, outcome }) => ({ mode, target, item, outcome }))).toEqual([
    { mode: 'plan', target: 'rainfall', item: null, outcome: 'planned' },
    { mode: 'execute', target: 'rainfall', item: 'path', outcome: 'shipped' },
    { mode: 'execute', target: 'rainfall', item: 'template', outcome: 'shipped' },
    { mode: 'execute', target: 'rainfall', item: 'tree', outcome: 'failed' },
    { mode: 'done', target: 'rainfall', item: null, outcome: 'archived' },
    { mode: 'plan', target: 'daylight', item: null, outcome: 'planned' },
  ]);
  expect(result.plan.text).toContain('## Renderers\n\n- [x] path\n- [x] template\n- [!] tree\n');
  expect(result.pullRequests.map(({ title, labels }) => ({ title, labels }))).toEqual([
    { title: 'Redraw rainfall with path', labels: ['chart:rainfall', 'renderer:path'] },
    { title: 'Redraw rainfall with template', labels: ['chart:rainfall', 'renderer:template'] },
  ]);
  expect(result.tokens.map(({ item, requests }) => ({ item, requests }))).toEqual([
    { item: 'path', requests: 3 },
    { item: 'template', requests: 5 },
    { item: 'tree', requests: 5 },
  ]);
  expect(result.tokens.map(({ booked }) => booked)).toEqual(result.tokens.map(({ billed }) => billed));
});

test.skipIf(process.platform !== 'linux')(
  'Ctrl-C while the agent works leaves neither processes nor the temporary folder',
  async () => {
    const demo = spawn(process.execPath, [cli, 'demo'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    demo.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    demo.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => demo.once('exit', resolve));

    await expect.poll(() => said, { timeout: 30_000 }).toContain('planned rainfall');
    const folder = /(\/\S*regen-demo-\w+)\//.exec(said)?.[1] ?? '';
    await expect.poll(() => processesOf(folder, 'claude'), { timeout: 30_000 }).not.toEqual([]);
    demo.kill('SIGINT');

    expect(await ended).toBe(130);
    expect(existsSync(folder)).toBe(false);
    expect(await processesOf(folder)).toEqual([]);
  },
);

/** Commands of the processes whose environment names the folder. */
async function processesOf(folder: string, name = ''): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const commands = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.includes(folder)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command.includes(name) ? [command.replaceAll('\0', ' ')] : [];
    }),
  );
  return commands.flat();
}
