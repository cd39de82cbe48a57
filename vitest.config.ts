import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  testTimeout: 20_000,
  hookTimeout: 30_000,
  teardownTimeout: 10_000,
  // The machine that CI shares can stall for seconds; a developer's run shows every stumble.
  retry: process.env['CI'] === undefined ? 0 : 1,
  restoreMocks: true,
  unstubEnvs: true,
} as const;

/**
 * Unit and integration tests use real sockets, processes and files, so two workers (the cores of a small CI machine) is the ceiling. The
 * campaigns promise milliseconds while they kill and starve the gateway: they run after the others, one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'test/campaign/**', '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
