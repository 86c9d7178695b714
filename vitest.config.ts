import { defineConfig } from 'vitest/config';
import { withoutSampleFiles } from './test/support/sample-files.ts';

const shared = { environment: 'node' as const, testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Two at once: the machines these run on have two cores, and tests of time budgets must not starve each other.
    maxWorkers: 2,
    projects: [
      {
        test: { ...shared, name: 'unit', include: ['test/{shared,main,renderer,tools}/**/*.test.{ts,tsx}'], exclude: withoutSampleFiles() },
      },
      {
        test: {
          ...shared,
          name: 'pg',
          include: ['test/pg/**/*.test.ts'],
          exclude: withoutSampleFiles(),
          globalSetup: ['test/support/postgres-setup.ts'],
        },
      },
      { test: { ...shared, name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});
