import { defineConfig } from 'vitest/config';

const report = process.env['REGEN_TEST_REPORT'];

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };
const wholes = ['test/agent/**', 'test/chaos/**', 'test/demo/**', 'test/integration/**', 'test/trust/**'];

export default defineConfig({
  test: {
    // On two cores two of them leave a third of the time unused: much of a test is waiting for git, claude and servers.
    maxWorkers: 3,
    globalSetup: ['test/support/build-once.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      {
        // A process per worker, not per file: starting one and loading zod anew takes longer than most of these files do.
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/contract/**', ...wholes],
          isolate: false,
          ...timeouts,
        },
      },
      { test: { name: 'wholes', include: wholes.map((folder) => `${folder}/*.test.ts`), ...timeouts } },
    ],
  },
});
