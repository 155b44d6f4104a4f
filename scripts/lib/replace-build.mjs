import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose files have their content's hash in their names: old and new lie side by side. */
const HASHED = [join('main', 'chunks'), join('renderer', 'assets')];

/** How long a process that was started from the old build may still ask for such files, in milliseconds. */
const KEPT = 24 * 3600_000;

/**
 * Puts the folders of a finished build (`main`, `preload`, `renderer`) in the place of the old ones, each by renaming, so
 * that who reads finds the old or the new, whole. What is already running from the old build still finds its chunks.
 */
export function replaceBuild(fresh, target) {
  for (const folder of HASHED) keepOld(join(target, folder), join(fresh, folder));
  const old = join(fresh, '.old');
  mkdirSync(old);
  for (const folder of readdirSync(fresh).filter((name) => !name.startsWith('.'))) {
    const place = join(target, folder);
    if (existsSync(place)) renameSync(place, join(old, folder));
    renameSync(join(fresh, folder), place);
  }
  rmSync(fresh, { recursive: true, force: true });
}

function keepOld(from, to) {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (existsSync(join(to, name)) || Date.now() - statSync(join(from, name)).mtimeMs > KEPT) continue;
    cpSync(join(from, name), join(to, name), { preserveTimestamps: true });
  }
}
