/** Everything that the checks need is there: looked at when an attempt begins, before a token is spent. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RegenError } from '../model/errors.js';
import { programOf } from '../model/program.js';
import { toolDemands, toolFlaw } from '../model/tool-version.js';
import { emptyFolder, scratchHome } from '../system/item-command.js';
import { toolFlaws } from '../system/tool-flaws.js';
import type { CommandResult } from '../system/command.js';
import { logPath, roundFolder } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';
import { setUp } from './setup.js';

/** A program's version is told at once, or something is wrong with it. */
const timeoutMs = 60_000;

/**
 * The tools and their versions, the set-up, then the programs of the checks, which the set-up may have brought.
 *
 * @throws RegenError `environment`: nothing that the item could mend.
 */
export async function preflight(bench: Bench, place: CheckPlace, signal: AbortSignal): Promise<void> {
  const log = join(roundFolder(place), 'preflight.log');
  await rm(log, { force: true });
  const artifacts = join(roundFolder(place), 'preflight.artifacts');
  const run = (template: string): Promise<CommandResult> =>
    bench.run(
      place,
      {
        template,
        names: bench.config.checks.env,
        artifacts,
        home: scratchHome(place.attempt),
        timeoutMs,
        log,
        isQuery: true,
      },
      signal,
    );
  await emptyFolder(artifacts);
  try {
    await ensureTools(bench, log, run);
    await setUp(bench, place, signal);
    await ensurePrograms(bench, run);
  } finally {
    await rm(artifacts, { recursive: true, force: true });
  }
}

/**
 * The tools alone, from the repository's root: before there is a worktree.
 *
 * @throws RegenError `environment`.
 */
export async function preflightTools({ config, surroundings }: Bench, signal: AbortSignal): Promise<void> {
  const flaws = await toolFlaws(config.checks, surroundings, signal);
  if (flaws.length > 0) throw unfitTools(flaws);
}

function unfitTools(flaws: readonly string[], log?: string): RegenError {
  const told = log === undefined ? '' : ` What they said is in ${log}.`;
  return new RegenError('environment', `checks.tools: ${flaws.join('; ')}`, {
    hint: `Install what is missing, or correct checks.tools in regen.yaml.${told}`,
  });
}

type Run = (template: string) => Promise<CommandResult>;

async function ensureTools(bench: Bench, log: string, run: Run): Promise<void> {
  const flaws: string[] = [];
  for (const demand of toolDemands(bench.config.checks.tools)) {
    const { failure, excerpt, stdout } = await run(demand.line);
    const flaw = toolFlaw(demand, { failure, output: [stdout, ...excerpt.last].join('\n') });
    if (flaw !== null) flaws.push(flaw);
  }
  if (flaws.length > 0) throw unfitTools(flaws, logPath(bench, log));
}

/** One question for all of them. The shell is asked, so that its built-in commands count. */
async function ensurePrograms(bench: Bench, run: Run): Promise<void> {
  const checks = bench.config.checks.run.flatMap(({ name, run: line }) => {
    const program = programOf(line);
    return program === null ? [] : [{ name, program }];
  });
  if (checks.length === 0) return;
  const programs = [...new Set(checks.map(({ program }) => program))];
  const { stdout } = await run(
    `for program in ${programs.join(' ')}; do command -v "$program" >/dev/null 2>&1 || echo "$program"; done`,
  );
  const missing = stdout.split('\n').filter((line) => line !== '');
  const [first] = checks.filter(({ program }) => missing.includes(program));
  if (first === undefined) return;
  throw new RegenError('environment', `check "${first.name}" can't be run: ${missing.join(', ')} not found`, {
    hint: 'Install it, have checks.setup bring it, or correct the command in regen.yaml.',
  });
}
