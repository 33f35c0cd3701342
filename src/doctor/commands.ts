/** The programs of the config's commands. None is run: some of them install things. */
import type { Config } from '../model/config.js';
import { programOf } from '../model/program.js';
import { runChild } from '../system/child.js';
import { checkEnvironment } from '../system/environment.js';
import { missing, notLookedAt, ok, warning } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

export async function examineCommands(root: string, site: Site, signal: AbortSignal): Promise<Finding> {
  const { config, outside } = site;
  if (config === null) return notLookedAt('regen.yaml says what is run', 'config');
  const { setup, others } = programsOf(config);
  const programs = [...new Set([...setup, ...others])];
  const env = checkEnvironment(outside.env, { names: config.checks.env, home: root });
  const absent = await notFound(programs, { root, env }, signal);
  if (absent.length === 0 && config.checks.run.length === 0) {
    return warning(
      `no checks: whatever ${config.engine === 'worker' ? 'the model answers' : 'the agent writes'} is shipped`,
      'Add one under checks.run in regen.yaml.',
    );
  }
  if (absent.length === 0) {
    return ok(programs.length === 0 ? 'none that a PATH is asked for' : `found: ${programs.join(', ')}`);
  }
  const detail = `not on the PATH: ${absent.join(', ')}`;
  return absent.some((program) => setup.includes(program))
    ? missing(detail, 'Install what the set-up needs, or correct checks.setup in regen.yaml.')
    : warning(
        detail,
        'See whether the set-up brings it; if not, install it or correct the command in regen.yaml.',
      );
}

function programsOf({ checks, engine, publish, record, targets, worker }: Config) {
  const { setup } = checks;
  const fields = Object.values(record?.fields ?? {});
  const others = [
    ...checks.run.flatMap(({ run, targeted }) => [run, targeted]),
    ...fields.map((field) => (typeof field === 'string' ? undefined : field.run)),
    publish?.run,
    targets.command,
  ];
  const servers =
    engine === 'worker'
      ? Object.values(worker.mcp?.servers ?? {}).flatMap(({ command }) => command?.[0] ?? [])
      : [];
  return {
    setup: [setup?.check, setup?.fix].flatMap((line) => programOf(line ?? '') ?? []),
    others: [...others.flatMap((line) => programOf(line ?? '') ?? []), ...servers],
  };
}

/** The shell's own answer, so that its built-in commands count. */
const question = 'for program; do command -v "$program" >/dev/null 2>&1 || printf "%s\\n" "$program"; done';

async function notFound(
  programs: readonly string[],
  place: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<string[]> {
  const { stdout } = await runChild(
    { command: ['/bin/sh', '-c', question, 'sh', ...programs], cwd: place.root, env: place.env },
    signal,
  );
  signal.throwIfAborted();
  return stdout.split('\n').filter((line) => line !== '');
}
