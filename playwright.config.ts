import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests in a real Electron window. `npm run e2e` prepares the Electron (AISM_ELECTRON_PATH) and the display.
 * The JSON report lies outside `outputDir`, which Playwright empties at each start.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  // A shared CI machine can stall a window for seconds; a test that passes the second time is reported as flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
