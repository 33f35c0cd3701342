/** A real browser for pages: Debian's chromium, driven by playwright-core. */
import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Set to `off` where there is no browser and none is wanted: the tests are then reported as skipped. */
export const isBrowserOff = process.env['REGEN_TEST_BROWSER'] === 'off';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @throws Error that says how to get one, when none is on the PATH: no browser must not look like a page that passed. */
export async function startBrowser(): Promise<Browser> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  for (const executablePath of candidates) {
    if (await isExecutable(executablePath)) {
      return chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-background-networking'],
      });
    }
  }
  throw new Error(
    `None of ${names.join(', ')} is on the PATH, so the report page was not looked at. ` +
      'Install one (Debian: apt-get install --no-install-recommends chromium), ' +
      'or set REGEN_TEST_BROWSER=off to skip these tests.',
  );
}

/** What runs in the page: plain JavaScript, since the project’s types know no DOM. */
export async function readProbe(): Promise<string> {
  return readFile(new URL('page-probe.mjs', import.meta.url), 'utf8');
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
