import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executable = names[process.platform] ?? 'electron';

/** How long Electron's own installer may take to fetch its binary, in milliseconds. */
const INSTALL_TIMEOUT = 300_000;

/**
 * Where Electron's binary is: ELECTRON_OVERRIDE_DIST_PATH, the package's own, or what its installer fetches now.
 * @returns {{ path: string } | { reason: string }}
 */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, executable);
    return existsSync(path) ? { path } : { reason: `ELECTRON_OVERRIDE_DIST_PATH has no ${executable}` };
  }
  const path = join(folder, 'dist', executable);
  if (isInstalled(path)) return { path };
  const install = spawnSync(process.execPath, [join(folder, 'install.js')], {
    encoding: 'utf8',
    timeout: INSTALL_TIMEOUT,
  });
  if (install.status === 0 && existsSync(path)) return { path };
  return { reason: `its binary cannot be fetched (${reasonIn(install)})` };
}

/** The version file tells a whole binary from one whose unpacking was cut off. */
function isInstalled(path) {
  try {
    const wanted = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
    return (
      existsSync(path) &&
      readFileSync(join(folder, 'dist', 'version'), 'utf8')
        .replace(/^v/, '')
        .trim() === wanted
    );
  } catch {
    return false; // not installed at all
  }
}

function reasonIn({ error, stderr }) {
  if (error?.code === 'ETIMEDOUT') return `no answer within ${INSTALL_TIMEOUT / 1000} s`;
  const line = (stderr ?? '')
    .split('\n')
    .find((text) => /error|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/i.test(text));
  return (line ?? error?.message ?? 'its installer failed').trim();
}
