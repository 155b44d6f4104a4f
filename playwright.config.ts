import { defineConfig } from '@playwright/test';

/** The same journeys in two hosts: Chromium against the browser host, and real Electron (under Xvfb on a machine without a display). */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  // A folder for each host, which CI runs side by side.
  outputDir: `test-results/${process.env.CONVSCOPE_E2E ?? 'all'}`,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', metadata: { host: 'browser' }, testIgnore: '**/electron.spec.ts' },
    {
      name: 'electron',
      metadata: { host: 'electron' },
      testIgnore: '**/browser-host.spec.ts',
      // The page is the same as in Chromium, whose journeys walk every kind of layer, and windows smaller than Electron's smallest.
      grepInvert: /fits the smallest window|at that place: .*-kinds?$/,
    },
  ],
});
