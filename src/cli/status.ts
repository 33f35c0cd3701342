import type { Invocation } from './invocation.js';
import { statusDocument, statusText } from '../report/status-text.js';

/** `regen status`: where the plan stands. Loads neither zod nor the parser of regen.yaml. */
export async function status(invocation: Invocation): Promise<number> {
  const surroundings = await invocation.surroundings();
  const [{ wireStatus }, { readStatus }] = await Promise.all([
    import('../wire-status.js'),
    import('../step/status.js'),
  ]);
  const stations = await wireStatus(surroundings, invocation.options.config);
  const found = await readStatus(surroundings, stations);
  invocation.reporter.result(statusText(found), statusDocument(found));
  return 0;
}
