/**
 * Inside Electron on Linux sharp must be its WebAssembly build. The native one brings its own GLib, which clashes with
 * the GLib that Electron has loaded: dozens of `G_IS_OBJECT` assertions, on newer distributions a crash
 * (lovell/sharp#4522, lovell/sharp#4525, electron/electron#46323). sharp has no switch for it, its loader asks for
 * `@img/sharp-linux-x64/sharp.node` first; so that one request is answered with `@img/sharp-wasm32/sharp.node`, which
 * decodes and resizes to the same bytes (only text in SVG is drawn differently) and is 2 to 5 times slower.
 * Import this before sharp. Elsewhere, and in plain Node, it does nothing.
 */
import Module from 'node:module';

type Resolve = (request: string, ...rest: unknown[]) => string;

const NATIVE = /^@img\/sharp-linux(musl)?-\w+\/sharp\.node$/;

if (process.versions.electron && process.platform === 'linux') {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    return resolve.call(this, NATIVE.test(request) ? '@img/sharp-wasm32/sharp.node' : request, ...rest);
  };
}
