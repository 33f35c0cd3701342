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

/** The number of violations in requests. Those in answers are the emulator's. */
async function validate(exchanges: readonly Exchange[]): Promise<number> {
  const validator = await startValidator(here);
  let ours = 0;
  let unlike = 0;
  try {
    for (const exchange of exchanges) {
      const found = await validator.check(exchange);
      const inRequest = found.filter(({ location }) => location[0] !== 'response');
      if (found.length > inRequest.length && !exchange.isFault) unlike += 1;
      ours += inRequest.length;
      for (const violation of inRequest) say(describe(exchange, violation));
    }
  } finally {
    await validator.stop();
  }
  const routes = new Set(exchanges.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`));
  say(`${exchanges.length} requests to ${routes.size} addresses: ${ours} violations of GitHub's description`);
  say(`${unlike} of the emulator's answers lack something that GitHub's have`);
  return ours;
}

function distinct(lines: string): Exchange[] {
  const unique = new Set(lines.split('\n').filter((line) => line !== ''));
  return [...unique].map((line) => JSON.parse(line) as Exchange); // written by our own forge
}

function describe({ method, url, body }: Exchange, { location, message }: Violation): string {
  return `${method} ${url} ${JSON.stringify(body)}: ${location.slice(1).join('.')}: ${message}`;
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
