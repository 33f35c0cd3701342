import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Invocation } from './invocation.js';

/** `regen demo`: the whole cycle on a sample repository; it needs no repository of the caller's. */
export async function demo(invocation: Invocation, keep: boolean): Promise<number> {
  const { runDemo } = await import('../demo/demo.js');
  const { createRunCli } = await import('../demo/cli-process.js');
  const { reporter, signal } = invocation;
  const surroundings = { env: process.env, now: () => new Date(), newId: randomUUID };
  const runCli = createRunCli(path.resolve(process.argv[1] ?? ''));
  const print = (line: string): void => {
    reporter.line(line);
  };
  const result = await runDemo({ surroundings, runCli, print, keep }, signal);
  if (invocation.options.json === true) reporter.result('', result);
  return 0;
}
