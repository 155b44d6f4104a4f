import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Replace modules, add to a registry or set a folder for the file at hand, which others would meet. */
const alone = [
  'tests/core/layers/toy-layer.test.ts',
  'tests/core/train/gradient-check.test.ts',
  'tests/engine/data/**/*.test.ts',
  'tests/engine/runtime/telemetry.test.ts',
  'tests/renderer/compare/compare.test.ts',
  'tests/renderer/features/confusion.test.ts',
  'tests/renderer/i18n/names.test.ts',
  'tests/renderer/state/runs.test.ts',
  'tests/renderer/train/text.test.ts',
  'tests/renderer/train/train.test.ts',
  'tests/server/uploads.test.ts',
];

/** Whole runs in processes of their own, whole test sets, whole networks of others: `npm run test:long`, and CI. */
const long = [
  'tests/cli/bench.test.ts',
  'tests/cli/train.test.ts',
  'tests/engine/evaluation/agrees-with-inspect.test.ts',
  'tests/engine/foreign/models.test.ts',
  'tests/engine/foreign/provider.test.ts',
  'tests/engine/foreign/take-in.test.ts',
  'tests/engine/runs/head.test.ts',
  'tests/engine/runs/runs.test.ts',
  'tests/engine/train/bundled.test.ts',
  'tests/engine/train/recipes.test.ts',
];

export default defineConfig({
  plugins: [svelte()],
  test: {
    reporters: ['default', './scripts/lib/left-out-reporter.mjs'],
    // One less than there are cores, as it would be, leaves half a machine of two idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'long', include: long } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', ...alone, ...long],
          // Modules are shared from file to file, which saves a third of the time; the environment is not.
          isolate: false,
          setupFiles: 'tests/own-environment.ts',
        },
      },
    ],
  },
});
