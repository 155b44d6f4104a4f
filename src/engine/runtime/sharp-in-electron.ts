/**
 * Inside Electron on Linux sharp must be its WebAssembly build. The native one brings its own GLib, which clashes with
 * the GLib that Electron has loaded: dozens of `G_IS_OBJECT` assertions, on newer distributions a crash
 * (lovell/sharp#4522, lovell/sharp#4525, electron/electron#46323). sharp has no option for it; its loader first
 * requests `@img/sharp-linux-x64/sharp.node` first; so that request is redirected to `@img/sharp-wasm32/sharp.node`,
 * which decodes and resizes to the same bytes (only SVG differs by a gray level here and there, and text in it by more)
 * and is 2 to 5 times slower.
 */
import Module, { createRequire } from 'node:module';

type Resolve = (request: string, ...rest: unknown[]) => string;

const NATIVE = /^@img\/sharp-linux(musl)?-\w+\/sharp\.node$/;

function redirect(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    return resolve.call(this, NATIVE.test(request) ? '@img/sharp-wasm32/sharp.node' : request, ...rest);
  };
}

/** The right build of sharp. Not an `import`: a bundler moves imports to the top, so sharp would load before the redirection. */
export function loadSharp(): typeof import('sharp').default {
  if (process.versions.electron && process.platform === 'linux') redirect();
  return createRequire(import.meta.url)('sharp') as typeof import('sharp').default;
}
