import { createContext } from 'svelte';
import type { ImageSource, Picture } from '../../../shared/protocol';
import { digestOf } from './files';

type PictureFile = Extract<ImageSource, { kind: 'bytes' }>;

export interface RecentPicture {
  digest: string;
  file: PictureFile;
  /** Upright, as it is shown in the strip. */
  picture: Picture;
}

export const [useRecentPictures, provideRecentPictures] = createContext<RecentPictures>();

/** So many are offered, and so many bytes of their files kept. */
const MOST = 12;
const KEPT = 256 * 2 ** 20;

/** The files of pictures that were shown in this window, the newest first: the way back to a photo. */
export class RecentPictures {
  items = $state.raw<readonly RecentPicture[]>([]);

  /** A file is one by its content, whatever its name and however often it was read. */
  async take(file: PictureFile, picture: Picture): Promise<void> {
    const digest = await digestOf(file.bytes);
    const items = [{ digest, file, picture }, ...this.items.filter((item) => item.digest !== digest)].slice(0, MOST);
    let size = 0;
    this.items = items.filter(({ file: { bytes } }, i) => (size += bytes.length) <= KEPT || i === 0);
  }
}
