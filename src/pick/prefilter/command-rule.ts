/** A program of the repository decides: exit status 0 takes the item out, 1 leaves it in. */
import { RegenError } from '../../model/errors.js';
import { cut } from '../../model/excerpt.js';
import { oneLine } from '../../model/one-line.js';
import type { Surroundings } from '../../model/surroundings.js';
import { fillCommand } from '../../model/template.js';
import { runChild } from '../../system/child.js';
import type { ChildResult } from '../../system/child.js';
import { checkEnvironment } from '../../system/environment.js';
import type { Candidates, Reasons } from './prefilter.js';

/** It is asked about every item. */
const timeoutMs = 60_000;

/**
 * Runs it for one item after the other, in the repository's root, with our whole environment but the forge's tokens. Its
 * first line of output is the reason.
 *
 * @throws RegenError `config` when it ends otherwise: a broken rule mustn't have items done, or left out, that nobody meant.
 */
export async function commandReasons(
  command: string,
  { root, env }: Surroundings,
  { target, ids }: Candidates,
  signal: AbortSignal,
): Promise<Reasons> {
  const reasons = new Map<string, string>();
  const whole = checkEnvironment(env, { names: Object.keys(env), home: env['HOME'] ?? root });
  for (const item of ids) {
    const child = await runChild(
      {
        command: { shell: fillCommand(command, { target, item }) },
        cwd: root,
        env: { ...whole, REGEN_TARGET: target, REGEN_ITEM: item },
        timeoutMs,
      },
      signal,
    );
    signal.throwIfAborted();
    const status = child.end.kind === 'exited' ? child.end.code : null;
    if (status === 0) reasons.set(item, reasonIn(child.stdout) ?? `"${command}" says so`);
    else if (status !== 1) throw broken(command, item, child);
  }
  return reasons;
}

function reasonIn(stdout: string): string | null {
  const line = oneLine(stdout.trim().split('\n', 1)[0] ?? '');
  return line === '' ? null : cut(line, 200);
}

function broken(command: string, item: string, { end, stderr }: ChildResult): RegenError {
  const how =
    end.kind === 'exited' ? `ended with exit status ${end.code}` : `didn’t come to its end (${end.kind})`;
  const said = stderr.trim().split('\n').slice(-3).join('\n');
  return new RegenError(
    'config',
    `items.skip: "${command}" ${how} for ${item}${said === '' ? '' : `\n${said}`}`,
    {
      hint: 'It has to exit with 0 to leave the item out, or with 1 to have it done; try it by hand in the root.',
    },
  );
}
