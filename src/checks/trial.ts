/** One run of a check's command, and what its output says. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestReport, readTestReport } from '../model/test-report/read.js';
import type { TestReport } from '../model/test-report/report.js';
import type { CommandValues } from '../model/template.js';
import { emptyFolder, scratchHome } from '../system/item-command.js';
import { createMask } from '../system/mask.js';
import { roundFolder } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';
import { readProduct } from './products.js';
import type { Variant } from './variants.js';

/** Where one variant of a check runs, and what for. */
export interface VariantRun {
  readonly bench: Bench;
  readonly place: CheckPlace;
  readonly variant: Variant;
  /** What its files are called, absolute and without an ending. */
  readonly stem: string;
  readonly log: string;
  /** What the command leaves behind. */
  readonly artifacts: string;
}

export interface Trial {
  /** How the command failed; null: it didn't. */
  readonly failure: string | null;
  readonly durationMs: number;
  readonly report: TestReport;
}

export function variantRun(bench: Bench, place: CheckPlace, variant: Variant): VariantRun {
  const stem = join(roundFolder(place), fileStem(variant.name));
  return { bench, place, variant, stem, log: `${stem}.log`, artifacts: `${stem}.artifacts` };
}

/** A command other than the check's own: that for some of its tests. */
export interface Command {
  readonly template: string;
  readonly values: CommandValues;
}

/** Runs the check's command; what the last run left behind is gone. */
export async function tryOnce(run: VariantRun, signal: AbortSignal, other?: Command): Promise<Trial> {
  const { bench, place, variant, artifacts, log } = run;
  const { check, settings } = variant;
  await emptyFolder(artifacts);
  const collector = createTestReport();
  const { failure, durationMs } = await bench.run(
    place,
    {
      template: other?.template ?? check.run,
      values: { ...variant.values, ...other?.values },
      names: bench.config.checks.env,
      settings,
      artifacts,
      home: scratchHome(place.attempt),
      timeoutMs: check.timeout,
      log,
      observe: (lines) => {
        collector.add(lines);
      },
    },
    signal,
  );
  const folders = { [scratchHome(place.attempt)]: '~', [artifacts]: 'REGEN_ARTIFACTS' };
  const facts = { hasFailed: failure !== null, directory: place.cwd, folders };
  const printed = collector.report(facts);
  const written = check.report === undefined ? null : await readProduct(check.report, artifacts);
  const mask = createMask(bench.surroundings.env);
  const report = written === null ? null : readTestReport(mask(written), facts);
  return { failure, durationMs, report: report === null ? printed : fuller(printed, report) };
}

/** What was printed names tests as the runner takes them; the file is for runners that print too little. */
function fuller(printed: TestReport, written: TestReport): TestReport {
  const isTold = printed.runner !== null && printed.failures.length > 0;
  return isTold || written.runner === null ? printed : { ...written, excerpt: printed.excerpt };
}

export async function removeLeftovers({ artifacts }: VariantRun): Promise<void> {
  await rm(artifacts, { recursive: true, force: true });
}

/** Names of checks differ, and so must their files: what a path dislikes is escaped, not dropped. */
export function fileStem(name: string): string {
  return encodeURIComponent(name.replaceAll(' ', '_')).replaceAll('%3D', '=');
}
