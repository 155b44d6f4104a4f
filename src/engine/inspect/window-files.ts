import { readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { mediaType } from '../../shared/media-types';
import { built } from '../system/root';

/**
 * A file of the window, for the host that serves it: what lies in `out/renderer`, and nothing else.
 * @param pathname as in an address, still encoded: an encoded `../` stays so, and names no file.
 * @returns null where there is none, or one that the window never asks for.
 */
export async function readWindowFile(
  pathname: string,
): Promise<{ type: string; body: Uint8Array<ArrayBuffer> } | null> {
  const folder = built('renderer') + sep;
  const path = normalize(join(folder, pathname));
  const type = mediaType(path);
  if (!path.startsWith(folder) || !type) return null;
  return readFile(path).then(
    (bytes) => ({ type, body: new Uint8Array(bytes) }),
    () => null,
  );
}
