/** A command that must end with one clear message, and with nothing changed. */
import { expect } from 'vitest';
import { tracesOf } from './traces.js';
import type { World } from './world.js';

export interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Runs the command for a person and for a script, sees that both are told the same, that each gets it where it looks
 * for it, and that neither run left a trace; returns what they were told.
 */
export async function refusalOf(world: World, args: readonly string[], env: Env = {}): Promise<Refusal> {
  const before = await tracesOf(world);

  const person = await world.regen(args, env);
  const script = await world.regen(['--json', ...args], env);

  expect(await tracesOf(world)).toEqual(before);
  const { error, exit } = script.document as { error: Omit<Refusal, 'exit'>; exit: number }; // asserted next
  expect(Object.keys(script.document as object)).toEqual(['error', 'exit']);
  expect(Object.values(error).map((value) => typeof value)).toEqual(['string', 'string', 'string']);
  expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
  expect([person.exitCode, script.exitCode]).toEqual([exit, exit]);
  expect(person.stdout).toBe('');
  for (const { stderr } of [person, script]) {
    expect(stderr.split('\n').filter((line) => line.startsWith('regen: '))).toHaveLength(1);
    expect(`\n${stderr}`.endsWith(`\nregen: ${error.message}\n${error.hint}`)).toBe(true);
    expect(stderr).not.toMatch(/^\s+at |\bundefined\b|\[object /m);
  }
  return { exit, ...error };
}
