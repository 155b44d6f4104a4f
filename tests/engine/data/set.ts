import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach } from 'vitest';
import { loadData } from '../../../src/engine/data/load';
import type { Target } from '../../../src/engine/data/fit';
import { scratch } from '../train/helpers';

const root = scratch();

/** A data set's folder, fresh for every test of a file that imports it. */
export let folder = '';
beforeAll(() => {
  process.env.CONVSCOPE_CACHE = join(root, 'cache');
});
beforeEach(() => {
  anotherFolder();
});
export function anotherFolder(): void {
  folder = mkdtempSync(join(root, 'set-'));
}

export const gray = (side: number): Target => ({
  height: side,
  width: side,
  channels: 1,
  fit: 'crop',
  resize: 'linear',
});
export const rgb = (side: number): Target => ({ ...gray(side), channels: 3 });

export function put(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A PNG of one color. */
export async function picture(red: number, green: number, blue: number, size = 8): Promise<Buffer> {
  return sharp({ create: { width: size, height: size, channels: 3, background: { r: red, g: green, b: blue } } })
    .png()
    .toBuffer();
}

/** Why a data set is refused. */
export const refused = async (target: Target = gray(4), path = folder): Promise<string> =>
  loadData(path, target).then(
    () => 'it was loaded',
    (error: Error) => error.message,
  );
