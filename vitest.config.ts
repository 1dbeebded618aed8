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
    pool: 'threads',
    testTimeout: 120_000,
  },
});
