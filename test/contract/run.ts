/**
 * `npm run contract`: every request that the tests of ship/ make is held against GitHub's own OpenAPI description.
 * Not a part of `npm test`: the description and its validator are 475 MB, installed into this folder on the first run.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Exchange } from '../support/forge-exchanges.js';
import { startValidator } from './validator.js';
import type { Violation } from './validator.js';

const here = import.meta.dirname;
const root = path.join(here, '..', '..');

const folder = await mkdtemp(path.join(tmpdir(), 'regen-contract-'));
try {
  if (!existsSync(path.join(here, 'node_modules'))) {
    await run('npm', ['ci', '--prefix', here, '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  const log = path.join(folder, 'exchanges.jsonl');
  await run(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/ship'], {
    REGEN_CONTRACT_LOG: log,
  });
  const violations = await validate(distinct(await readFile(log, 'utf8')));
  process.exitCode = violations === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The number of violations in requests. Those in answers are the emulator's, and only told. */
async function validate(exchanges: readonly Exchange[]): Promise<number> {
  const validator = await startValidator(here);
  const seen = new Map<string, number>();
  let count = 0;
  try {
    for (const exchange of exchanges) {
      const request = `${exchange.method} ${exchange.url.replace(/\?.*/, '')}`;
      for (const violation of await validator.check(exchange)) {
        const isOurs = violation.location[0] === 'request';
        if (!isOurs && exchange.isFault) continue;
        if (isOurs) count += 1;
        const line = `${isOurs ? 'REQUEST' : 'answer '}  ${request}: ${describe(violation)}`;
        seen.set(line, (seen.get(line) ?? 0) + 1);
      }
    }
  } finally {
    await validator.stop();
  }
  for (const [line, times] of [...seen].toSorted()) say(`${line}${times === 1 ? '' : ` (${times} times)`}`);
  const routes = new Set(exchanges.map(({ method, url }) => `${method} ${url.replace(/\?.*|\d+/g, '')}`));
  say(`${exchanges.length} requests to ${routes.size} routes, ${count} violations in requests`);
  return count;
}

function distinct(lines: string): Exchange[] {
  const unique = new Set(lines.split('\n').filter((line) => line !== ''));
  return [...unique].map((line) => JSON.parse(line) as Exchange); // written by our own forge
}

function describe({ location, code, message }: Violation): string {
  return `${location.slice(1).join('.')} ${code}: ${message}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const child = spawn(command, [...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`);
}
