import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { WorkHost } from '../../../src/engine/work/messages';

/** Writes a file below `folder`, and the folders to it. */
export function put(folder: string, path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A picture of one color, as PNG. */
export const plain = (red: number, green: number, blue: number, size = 8): Promise<Buffer> =>
  sharp({ create: { width: size, height: size, channels: 3, background: { r: red, g: green, b: blue } } })
    .png()
    .toBuffer();

/** A host that hears nothing. */
export const silent = (host: Partial<WorkHost> = {}): WorkHost => ({
  progress: () => undefined,
  say: () => undefined,
  keeps: () => undefined,
  hears: () => Promise.resolve(),
  tell: () => undefined,
  onOrder: () => undefined,
  signal: new AbortController().signal,
  ...host,
});
