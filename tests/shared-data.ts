import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe } from 'vitest';

const folder = fileURLToPath(new URL('../../shared/data', import.meta.url));

/** A path in the folder of real data beside the project. */
export const sharedData = (...parts: string[]): string => join(folder, ...parts);

/** `describe` for tests on real data: skipped, aloud, where the data is absent; a failure in CI, where it must be there. */
export function describeWithData(name: string, parts: string[], body: () => void): void {
  const path = sharedData(...parts);
  if (existsSync(path)) describe(name, body);
  else if (process.env.CI) throw new Error(`${name}: ${path} is absent, and CI has it`);
  else {
    console.warn(`skipped: ${name} (no ${parts.join('/')} beside the project)`);
    describe.skip(name, body);
  }
}
