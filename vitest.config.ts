import { defineConfig } from 'vitest/config';

const report = process.env['REGEN_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/contract/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On two cores two of them leave a third of the time unused: much of a test is waiting for git, claude and servers.
    maxWorkers: 3,
    globalSetup: ['test/support/build-once.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
