import type { Invocation } from './invocation.js';
import { statusDocument, statusText } from '../report/status-text.js';
import { readStatus } from '../step/status.js';
import { wireStatus } from '../wire-status.js';
import type { HeadingSource } from '../wire-status.js';

/** `regen status`: where the plan stands. Loads neither zod nor, as a rule, the parser of regen.yaml. */
export async function status(
  invocation: Invocation,
  readConfig: HeadingSource['readConfig'],
): Promise<number> {
  const surroundings = await invocation.surroundings();
  const source = { configFile: invocation.options.config, readConfig };
  const found = await readStatus(surroundings, await wireStatus(surroundings, source));
  invocation.reporter.result(statusText(found), statusDocument(found));
  return 0;
}
