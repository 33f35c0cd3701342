import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real git, real claude and real servers on two cores: more workers only make each other slow.
    maxWorkers: 2,
    globalSetup: ['test/support/build-once.ts'],
  },
});
