import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    globalSetup: ['tests/global-setup.ts'],
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    isolate: false,
    // Most of the long tests wait for programs that they start: one worker leaves a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Processes: LMDB's native code can abort the process of a thread that is ended, and the report of all tests with it.
    pool: 'forks',
    // Waits end by themselves when all is well: their bounds are for a machine that is very busy.
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 120_000,
    testTimeout: 120_000,
  },
});
