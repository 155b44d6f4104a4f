import type { Carried } from '../../inspect/image/files';
import { dataFiles, droppedFolder, isNetworkFile, isPicture } from './entries';
import type { Session } from '../../state/session.svelte';
import type { Setup } from './setup.svelte';

const isFolder = (thing: Carried): thing is Extract<Carried, { folder: unknown }> => 'folder' in thing;

/** Whether a drop anywhere in the window is a data set: a folder, or a file that holds one. */
export function bringsData(session: Session, things: readonly Carried[]): boolean {
  return things.some((thing) => isFolder(thing) || session.isDataFile(thing.file.name));
}

/** Takes what was dropped as data: the first folder, or all data files together. Says in place what else it was. */
export async function takeCarried(setup: Setup, things: readonly Carried[]): Promise<void> {
  const { status } = setup.session;
  if (setup.list.upload) return status.say('setup.data.busy', {}, 'warn');
  const folder = things.find(isFolder);
  const files = things.flatMap((thing) =>
    !isFolder(thing) && setup.session.isDataFile(thing.file.name) ? [thing.file] : [],
  );
  if (folder) {
    if (things.length > 1) status.say('setup.drop.folders', { count: things.length, name: folder.folder.name }, 'warn');
    if (setup.client.folders === null) return setup.list.takeUpload(droppedFolder(folder.folder));
    if (folder.file) return setup.list.takeDropped(folder.file);
  } else if (files.length > 0) {
    return setup.client.folders === null ? setup.list.takeUpload(dataFiles(files)) : setup.list.takeDropped(files[0]);
  }
  const [first] = things;
  if (!first || isFolder(first)) return status.say('drop.nothing', {}, 'warn');
  const { name } = first.file;
  const kind = isNetworkFile(name) ? 'network' : isPicture(name) ? 'picture' : 'other';
  status.say(`setup.data.${kind}`, { file: name }, 'warn');
}
