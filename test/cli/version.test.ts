import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { version } from '../../src/cli/version.js';

it('the version that the command prints is the package’s', async () => {
  const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'));

  expect(manifest).toMatchObject({ version });
});
