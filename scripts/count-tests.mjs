// Prints "N passed, N failed" from vitest's JSON report; fails when there is none, or when no test ran.
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2] ?? '', 'utf8');
if (text === '') {
  process.stdout.write('no test ran\n');
  process.exitCode = 1;
} else {
  const { numPassedTests: passed, numFailedTests: failed, success } = JSON.parse(text);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (!success || passed === 0) process.exitCode = 1;
}
