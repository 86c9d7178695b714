import { defineConfig } from 'vitest/config';
import { withoutPgBouncer } from './test/support/find-pgbouncer.ts';
import { withoutStrace } from './test/support/power/find-strace.ts';
import { withoutSwift } from './test/support/find-swift.ts';
import { withoutSmallDisk } from './test/support/find-mount.ts';
import { withoutSampleFiles } from './test/support/sample-files.ts';

const shared = { environment: 'node' as const, testTimeout: 20_000, hookTimeout: 60_000 };
const postgres = { ...shared, include: ['test/pg/**/*.test.ts'], globalSetup: ['test/support/postgres-setup.ts'] };

export default defineConfig({
  test: {
    // Two at once: the machines these run on have two cores, and tests of time budgets must not starve each other.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/{shared,main,renderer,tools}/**/*.test.{ts,tsx}'],
          exclude: [...withoutSampleFiles(), ...withoutStrace(), ...withoutSmallDisk()],
        },
      },
      {
        test: {
          ...postgres,
          name: 'pg',
          exclude: [...withoutSampleFiles(), ...withoutPgBouncer(), ...withoutSwift()],
          provide: { postgresMajor: null },
        },
      },
      {
        // the oldest version that a firm may run; without the files that start servers of the built-in one by themselves
        test: {
          ...postgres,
          name: 'pg15',
          exclude: [
            ...withoutSampleFiles(),
            ...withoutPgBouncer(),
            ...withoutSwift(),
            'test/pg/{demo,demo-rivera,embedded-postgres,backup,backup-cli,backup-dump,backup-wal,doctor}.test.ts',
          ],
          provide: { postgresMajor: '15' },
        },
      },
      { test: { ...shared, name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});
