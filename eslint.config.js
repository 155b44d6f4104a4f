const js = require('@eslint/js');
const ts = require('typescript-eslint');
const svelte = require('eslint-plugin-svelte');
const globals = require('globals');

/** What the window may import: the protocol, its types, and the pure part of the core (as `.dependency-cruiser.cjs` has it). Svelte files too, types too. */
const windowOnly = {
  patterns: [
    {
      group: [
        ...[
          '**/core/*',
          ...['geometry', 'tensor', 'random', 'statistics', 'metrics', 'layers', 'explain'].map(
            (name) => `!**/core/${name}`,
          ),
        ],
        ...['!**/core/kernels', '**/core/kernels/*', '!**/core/kernels/reference'],
        ...['!**/core/data', '**/core/data/*', '!**/core/data/quotas'],
        ...['!**/core/train', '**/core/train/*'],
        ...['settings', 'augmentation', 'class-loss', 'optimizers'].map((name) => `!**/core/train/${name}`),
        ...['!**/core/model', '**/core/model/*'],
        ...['build', 'graph', 'init'].map((name) => `!**/core/model/${name}`),
        ...['!**/core/backends', '**/core/backends/*', '!**/core/backends/reference'],
        ...['!**/core/onnx-graph', '**/core/onnx-graph/*', '!**/core/onnx-graph/layout', '!**/core/onnx-graph/nested'],
        ...['**/engine/**', '**/main/**', '**/server/**', '**/cli/**'],
      ],
      message: 'the window knows src/shared and the pure part of the core',
    },
    { group: ['node:*', 'electron', 'sharp', 'onnxruntime-node'], message: 'the window has neither Node nor Electron' },
  ],
};

/** What the window's widgets may not: anything of the app. */
const noApp = {
  group: [
    '**/state/*',
    '**/features/**',
    '**/inspect/**',
    '**/train/**',
    '**/compare/**',
    '**/shared/*',
    '!**/shared/colormap',
  ],
  message: 'widgets know nothing of the app: theme, words and numbers alone',
};

module.exports = ts.config(
  { ignores: ['**/out/', 'node_modules/', 'src/core/kernels/assembly/', 'test-results/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'no-console': 'off',
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js', '**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['**/*.ts', '**/*.svelte'], rules: { 'no-undef': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
  },
  // A failure that nobody awaits is lost: what is left to itself says `void`, and why it cannot fail.
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  // What a bench hands to the page runs there.
  { files: ['bench/**'], languageOptions: { globals: globals.browser } },
  // The pages of a web export.
  { files: ['resources/web/**'], languageOptions: { globals: globals.browser } },
  // Maps and sets here are caches and scratch: what is reactive says so with $state.
  { files: ['**/*.svelte', '**/*.svelte.ts'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  // Playwright reads a fixture's needs from its first parameter, which must be a pattern.
  { files: ['tests/e2e/**'], rules: { 'no-empty-pattern': 'off' } },
  { files: ['src/renderer/**'], rules: { 'no-restricted-imports': ['error', windowOnly] } },
  {
    files: ['src/renderer/src/widgets/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [...windowOnly.patterns, noApp] }] },
  },
);
