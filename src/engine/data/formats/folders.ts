import { say } from '../../../words';
import { listFolders } from '../folders/list';
import type { DataFormat } from './format';

/** A folder of pictures per class, with or without folders for the splits above (see `folders/layout.ts`). */
export const folders: DataFormat = {
  id: 'folders',
  expects: say('data.expects.folders'),
  files: null,
  claims({ root, only, entries }) {
    if (only !== null || !entries.some(({ kind }) => kind === 'folder' || kind === 'link')) return null;
    return { list: (purpose) => listFolders(root, purpose) };
  },
};
