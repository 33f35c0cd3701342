/**
 * Keys of the contract whose stage this version doesn't have. They are errors: a config that asks for a gate must
 * never run without it. Whoever builds the stage removes its line.
 */
import type { Config } from '../model/config.js';
import type { ConfigPath, Problem } from './problem.js';

/** Where a config uses what isn't there yet. */
type Unavailable = (config: Config) => readonly ConfigPath[];

const unavailable: readonly Unavailable[] = [({ audit }) => (audit ? [['audit']] : [])];

export function checkAvailable(config: Config): Problem[] {
  return unavailable
    .flatMap((pathsIn) => pathsIn(config))
    .map((path) => ({ path, at: 'key', text: 'is not available in this version yet; remove it' }));
}
