import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Tests of the command line run what users run: the bundle, built afresh from the sources under test. */
export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs']);
}
