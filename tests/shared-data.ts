import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, it } from 'vitest';

const folder = fileURLToPath(new URL('../../shared/data', import.meta.url));

/** A path in the folder of real data beside the project. */
export const sharedData = (...parts: string[]): string => join(folder, ...parts);

/** `describe` for tests on real data. Without the data they are skipped, and listed at the end of the run; with `CONVSCOPE_NO_SKIP` that fails. */
export function describeWithData(name: string, parts: string[], body: () => void): void {
  const path = sharedData(...parts);
  if (existsSync(path)) describe(name, body);
  else if (process.env.CONVSCOPE_NO_SKIP) throw new Error(`${name}: ${path} is absent, and nothing may be skipped`);
  else describe.skip(`${name} (no ../shared/data/${parts.join('/')})`, () => it('needs the data', () => undefined));
}
