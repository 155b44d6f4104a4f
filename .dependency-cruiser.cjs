/** Electron, the browser host and the command line stand beside each other on the engine. */
const hosts = ['main|preload', 'server', 'cli'];
const staysApart = (host) => ({
  name: `${host}-stays-apart`,
  severity: 'error',
  from: { path: `^src/(${host})/` },
  to: { path: `^src/(${[...hosts.filter((other) => other !== host), 'renderer', 'conformance'].join('|')})/` },
});

/** The core's arithmetic, without files or threads: the window may calculate with it, and train the tiny networks of scenes. ESLint holds `.svelte` files to the same list. */
const pureCore =
  '^src/core/((geometry|tensor|random|statistics)\\.ts|metrics/|layers/|explain/|kernels/reference/|data/quotas\\.ts|train/(settings|augmentation|class-loss|optimizers)\\.ts|model/(build|graph|init)\\.ts|backends/reference/|onnx-graph/(layout|nested)\\.ts)';

/** The architecture as rules: `npm run check` holds the imports against it. Types count. */
module.exports = {
  forbidden: [
    {
      name: 'core-stands-alone',
      comment:
        'The core is the network: no Electron, no DOM, no Node, nothing of ours but its sentences; protobuf for ONNX files.',
      severity: 'error',
      from: { path: '^src/core/' },
      // node_modules may be a link to elsewhere: the path is then the real one.
      to: { pathNot: '^src/(core|words)/|(^|/)node_modules/(protobufjs|long)/' },
    },
    {
      name: 'words-import-nothing',
      comment: 'Sentences for people, as data: everyone may name one, so they depend on nothing.',
      severity: 'error',
      from: { path: '^src/words/' },
      to: { pathNot: '^src/words/' },
    },
    {
      name: 'window-knows-the-protocol',
      comment: 'And the pure part of the core.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: {
        path: '^src/(core|engine|main|preload|server|cli|conformance|agreement|fuzz)/',
        pathNot: pureCore,
      },
    },
    {
      name: 'widgets-know-nothing-of-the-app',
      comment:
        'Buttons, charts, tables of any app: theme, words and numbers alone. What knows the session is a feature.',
      severity: 'error',
      from: { path: '^src/renderer/src/widgets/' },
      to: {
        path: '^src/',
        pathNot: `^src/renderer/src/(widgets/|theme/|i18n/|format\\.ts)|^src/shared/colormap\\.ts|${pureCore}`,
      },
    },
    {
      name: 'shared-is-for-everyone',
      comment: 'What both sides know: types of the core may show through it, nothing else.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(engine|main|preload|server|cli|renderer|conformance|agreement|fuzz)/' },
    },
    {
      name: 'shared-takes-only-types-from-core',
      comment: 'But for what says of a value that it holds: schemas, and the options of a training.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: {
        path: '^src/core/',
        pathNot: '^src/core/(schema|data/invert|train/(options|checked))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engine-knows-no-host',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/(main|preload|server|cli|renderer|conformance)/|(^|/)node_modules/electron/' },
    },
    ...hosts.map(staysApart),
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', 'src/core/kernels/assembly'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/core/kernels/assembly' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
