/** `targets.command`: a program of the repository that prints the targets. */
import * as z from 'zod';
import { RegenError } from '../model/errors.js';
import { parseInstant } from '../model/instant.js';
import type { Surroundings } from '../model/surroundings.js';
import { runChild } from '../system/child.js';
import type { ChildEnd } from '../system/child.js';
import { checkEnvironment } from '../system/environment.js';
import type { ListedTarget } from './targets.js';

const shape = {
  id: z.string('must be text').min(1, 'must not be empty'),
  title: z.string('must be text').nullish(),
  updated: z
    .string('must be text')
    .refine((text) => parseInstant(text) !== null, 'is no point in time such as 2025-11-12T08:14:00Z')
    .nullish(),
};

const printed = z.strictObject(shape, {
  error: (issue) =>
    issue.code === 'unrecognized_keys'
      ? `has ${issue.keys.map((key) => `"${key}"`).join(' and ')}, which no target has (id, title, updated)`
      : 'is no object such as {"id": "…"}',
});

/**
 * Runs the command in the repository's root, with our whole environment but the forge's tokens.
 *
 * @throws RegenError `config` when it fails, or names the line that isn't a target.
 */
export async function runTargetsCommand(
  command: string,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly ListedTarget[]> {
  const { root, env } = surroundings;
  const child = await runChild(
    {
      command: { shell: command },
      cwd: root,
      env: checkEnvironment(env, { names: Object.keys(env), home: env['HOME'] ?? root }),
    },
    signal,
  );
  signal.throwIfAborted();
  const failure = failureOf(child.end);
  if (failure === null) return parseTargets(child.stdout, command);
  const lastLines = child.stderr.trim().split('\n').slice(-5).join('\n');
  throw new RegenError('config', `targets.command ${failure}: ${command}${lastLines && `\n${lastLines}`}`, {
    hint: 'run the command by hand in the repository’s root; it has to print a JSON line per target and exit 0',
  });
}

/** Reads JSON lines of `{id, title?, updated?}`; empty lines are no lines. */
export function parseTargets(output: string, command: string): ListedTarget[] {
  const lineOf = new Map<string, number>();
  return output.split(/\r?\n/).flatMap((text, index) => {
    if (text.trim() === '') return [];
    const line = index + 1;
    const target = parseLine(text, (why) => badLine(command, `line ${line} ${why}: ${text.slice(0, 200)}`));
    const earlier = lineOf.get(target.id);
    if (earlier !== undefined)
      throw badLine(command, `line ${line} repeats "${target.id}" of line ${earlier}`);
    lineOf.set(target.id, line);
    return [{ id: target.id, title: target.title ?? null, updated: parseInstant(target.updated ?? '') }];
  });
}

function parseLine(text: string, bad: (why: string) => RegenError): z.output<typeof printed> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw bad('is no JSON');
  }
  const parsed = printed.safeParse(data);
  if (parsed.success) return parsed.data;
  throw bad(
    parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(' ')).join('; '),
  );
}

function badLine(command: string, fault: string): RegenError {
  return new RegenError(
    'config',
    `targets.command printed what is no target: ${fault}\ncommand: ${command}`,
    {
      hint: 'print one line such as {"id": "scatter-basic", "updated": "2025-11-12T08:14:00Z"} per target',
    },
  );
}

function failureOf(end: ChildEnd): string | null {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? null : `failed with exit code ${end.code}`;
    case 'signalled':
      return `was ended by ${end.signal}`;
    case 'missing':
      return `could not be started (${end.cause.message})`;
    case 'timed_out':
    case 'aborted':
      return 'was stopped';
  }
}
