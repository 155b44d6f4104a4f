import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: the nearest one upwards that holds `resources/models` beside a `package.json`. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'resources')))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json with resources beside it above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

const root = findRoot();

/** A path inside `resources`, which ships with the app. */
export const resource = (...parts: string[]): string => join(root, 'resources', ...parts);

/** A path inside `out`, which the build makes: `out/kernels/*.wasm`, `out/main/*.js`, `out/renderer`. */
export const built = (...parts: string[]): string => join(root, 'out', ...parts);
