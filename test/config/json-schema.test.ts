import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.js';

it('is what regen.schema.json holds (npm run schema writes it)', async () => {
  const committed: unknown = JSON.parse(
    await readFile(new URL('../../regen.schema.json', import.meta.url), 'utf8'),
  );

  expect(committed).toEqual(configJsonSchema());
});

it('describes every section to an editor', () => {
  const { properties = {}, ...head } = configJsonSchema();

  expect(head['$schema']).toBe('http://json-schema.org/draft-07/schema#');
  expect(Object.entries(properties).filter(([, section]) => section.description === undefined)).toEqual([]);
});
