import { say } from '../../../words';
import { listFolders } from '../folders/list';
import { CSV, PICTURE } from '../names';
import type { DataFormat } from './format';

/**
 * A folder of pictures per class, with or without folders for the splits above (see `folders/layout.ts`), or pictures beside a table that
 * names their classes (`folders/by-table.ts`).
 */
export const folders: DataFormat = {
  id: 'folders',
  expects: say('data.expects.folders'),
  files: null,
  claims({ root, only, entries, files }) {
    const listed = files.some((name) => CSV.test(name)) && files.some((name) => PICTURE.test(name));
    const folder = entries.some(({ kind }) => kind === 'folder' || kind === 'link');
    if (only !== null || !(folder || listed)) return null;
    return { list: (purpose) => listFolders(root, purpose) };
  },
};
