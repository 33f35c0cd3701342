import { defineConfig } from 'vitest/config';

const report = process.env['REGEN_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/contract/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real git, real claude and real servers on two cores: more workers only make each other slow.
    maxWorkers: 2,
    globalSetup: ['test/support/build-once.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
