// To be replaced by the station.
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
export function createAudit(_: { surroundings: Surroundings; config: Config }): never {
  throw new Error('the audit is being built');
}
