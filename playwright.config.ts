import { defineConfig } from '@playwright/test';
import { patience } from './tests/e2e/patience';

/** The same journeys in two hosts: Chromium against the browser host, and real Electron (under Xvfb on a machine without a display). */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  // A folder for each host, which CI runs side by side.
  outputDir: `test-results/${process.env.CONVSCOPE_E2E ?? 'all'}`,
  workers: 1,
  timeout: 4 * patience,
  expect: { timeout: patience },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', metadata: { host: 'browser' }, testIgnore: '**/electron.spec.ts' },
    {
      name: 'electron',
      metadata: { host: 'electron' },
      testIgnore: '**/browser-host.spec.ts',
      // The page is the same as in Chromium: journeys that need nothing of the host are walked there alone, windows smaller than
      // Electron's smallest among them.
      grepInvert: /@page/,
    },
  ],
});
