import type { Surroundings } from '../../src/model/surroundings.js';

/** Surroundings of a test: what it doesn't give stands still. */
export function surroundingsOf(
  given: Partial<Pick<Surroundings, 'root' | 'env'>> & { readonly lines?: string[] } = {},
): Surroundings {
  return {
    root: given.root ?? '/nowhere',
    env: given.env ?? {},
    now: () => new Date('2026-01-01T00:00:00Z'),
    newId: () => '00000000-0000-4000-8000-000000000000',
    progress: (line) => given.lines?.push(line),
  };
}
