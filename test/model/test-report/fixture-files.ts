import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a runner printed; `fixtures/README.md` tells which one and how. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', `${name}.txt`), 'utf8');
}
