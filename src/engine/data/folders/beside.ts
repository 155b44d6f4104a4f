import { say, type Message } from '../../../words';
import { shownPath } from '../entries';
import { COMPANION_FOLDER, IMAGES_FOLDER, splitsAmong } from '../names';
import type { Layout } from './classes';
import { quotedList } from './telling';
import { inside, type Tree } from './tree';

/** The folder `images` where all beside it is none of pictures, or what belongs to them (`labels`, `masks`), and it holds folders of pictures. */
export async function imagesBeside(tree: Tree, place: string): Promise<string | null> {
  const { folders } = await tree.list(place);
  const images = folders.filter((name) => IMAGES_FOLDER.test(name));
  if (images.length !== 1 || folders.length < 2) return null;
  for (const name of folders) {
    if (name === images[0] || COMPANION_FOLDER.test(name)) continue;
    if (await tree.holdsPictures(inside(place, name))) return null;
  }
  const folder = inside(place, images[0]);
  for (const name of (await tree.list(folder)).folders)
    if (await tree.holdsPictures(inside(folder, name))) return images[0];
  return null;
}

/** The one folder that holds pictures, in splits, beside others that hold none: a project's `data` beside its `models`. */
export async function setBeside(tree: Tree, place: string): Promise<string | null> {
  const { folders } = await tree.list(place);
  if (folders.length < 2) return null;
  const holding: string[] = [];
  for (const name of folders) if (await tree.holdsPictures(inside(place, name))) holding.push(name);
  if (holding.length !== 1) return null;
  const { folders: within, pictures } = await tree.list(inside(place, holding[0]));
  return pictures.length === 0 && within.length > 1 && splitsAmong(within) ? holding[0] : null;
}

export async function leaveCompanions(tree: Tree, place: string, images: string, layout: Layout): Promise<void> {
  const { folders } = await tree.list(place);
  const beside = folders.filter((name) => name !== images);
  await leaveFiles(tree, place, layout, say('folders.left.beside-images', { folder: images }));
  for (const name of beside)
    layout.leftOut.push({ file: inside(place, name), reason: say('folders.left.beside-images', { folder: images }) });
  const values = { folder: shownPath(inside(place, images)), beside: quotedList(beside.map(shownPath)) };
  layout.warnings.push(say('folders.images', values));
}

/** Leaves out what lies in a folder where only folders count; hidden files and the like for their own reason. */
export async function leaveFiles(tree: Tree, place: string, { leftOut }: Layout, reason: Message): Promise<void> {
  const { pictures, others } = await tree.list(place);
  for (const name of pictures) leftOut.push({ file: inside(place, name), reason });
  for (const other of others) {
    const plain = other.reason.code === 'folders.left.ending' || other.reason.code === 'folders.left.kind';
    leftOut.push({ file: inside(place, other.name), reason: plain ? reason : other.reason });
  }
}
