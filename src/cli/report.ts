/** `regen report`: everything on record here as one HTML page. */
import path from 'node:path';
import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { reportDocument } from '../report/page/document.js';
import { reportPage } from '../report/page/page.js';
import { readReport } from '../step/report-page.js';
import { writeOutput } from '../system/output-file.js';
import { readHeading } from '../wire-heading.js';
import { defaultReportFile, wireReport } from '../wire-report.js';

/** As they stand on the command line. */
export interface ReportFlags {
  readonly output?: string;
}

export async function report(invocation: Invocation, { output }: ReportFlags): Promise<number> {
  const { cwd, options, reporter, signal } = invocation;
  if (output === '') {
    throw new RegenError('usage', '-o names no file', { hint: 'For example: regen report -o report.html' });
  }
  if (output === '-' && options.json === true) {
    throw new RegenError('usage', '-o - and --json both want stdout', {
      hint: 'Name a file with -o, or leave --json out.',
    });
  }
  const surroundings = await invocation.surroundings();
  const source = { configFile: options.config, readConfig: readHeading };
  const found = await readReport(surroundings, await wireReport(surroundings, source));
  const page = reportPage(found);
  if (output === '-') {
    reporter.result(page.trimEnd(), null);
    return 0;
  }
  const file =
    output === undefined ? await defaultReportFile(surroundings, signal) : path.resolve(cwd, output);
  await writeOutput(file, page);
  const bytes = Buffer.byteLength(page);
  reporter.result(
    `Wrote ${file} (${Math.ceil(bytes / 1000)} kB). Open it in a browser: it loads nothing.`,
    reportDocument(found, { file, bytes }),
  );
  return 0;
}
