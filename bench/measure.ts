/** What the benches share: a child's wall time and memory, medians, and a table. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAt: number;
  readonly wallMs: number;
  /** Largest memory of one process by its name, in bytes; empty where there is no /proc. */
  readonly peaks: ReadonlyMap<string, number>;
}

export interface Child {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const samplingMs = 50;

/** Runs a program that has to succeed. */
export async function succeed(child: Child): Promise<Measured> {
  const run = await measure(child);
  if (run.code === 0) return run;
  throw new Error(`${child.command.join(' ')} ended with ${String(run.code)}\n${run.stdout}${run.stderr}`);
}

/** Runs a program to its end; its memory and its descendants' is looked up every 50 ms (VmHWM, a high-water mark). */
async function measure({ command: [file, ...args], cwd, env }: Child): Promise<Measured> {
  const startedAt = Date.now();
  const start = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const peaks = new Map<string, number>();
  const sampler = setInterval(() => {
    sample(child.pid ?? 0, peaks);
  }, samplingMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).finally(() => {
    clearInterval(sampler);
  });
  return { code, stdout, stderr, startedAt, wallMs: performance.now() - start, peaks };
}

function sample(pid: number, peaks: Map<string, number>): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '?';
    const peak = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    peaks.set(name, Math.max(peak, peaks.get(name) ?? 0));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.split(' ')) if (child !== '') sample(Number(child), peaks);
  } catch {
    // It has ended meanwhile, or this machine has no /proc.
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

export function milliseconds(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function mebibytes(bytes: number | undefined): string {
  return bytes === undefined || bytes === 0 ? 'unknown' : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

/** Prints rows in columns; the first column flush left, the others flush right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  for (const row of rows) {
    const cells = widths.map((width, at) =>
      at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width),
    );
    console.log(`  ${cells.join('   ')}`.trimEnd());
  }
}
