import { say } from '../../../words';
import { entryOf, isWanted, plain, readArrays, type ArrayEntry, type ReadArrays } from '../arrays';
import type { Reading } from '../bytes';
import { dataFailure } from '../failure';
import { checkSize } from '../limits';
import { checkLength } from '../../npy/read';
import { openRegular } from '../open';
import type { Range } from '../scale';
import { contentOf, membersOf } from '../zip';

/** Reads images and labels from NumPy's archive: see `readArrays`. @throws FailureError also for what is no such archive. */
export async function readNpz(file: string, asked: Range | null, reading: Reading): Promise<ReadArrays> {
  const { handle, size } = await openRegular(file);
  try {
    if (size === 0) throw dataFailure(file, say('data.empty'));
    const arrays = new Map<string, ArrayEntry>();
    const found: string[] = [];
    for (const member of await membersOf(file, handle, size)) {
      const name = member.name.replace(/\.npy$/, '');
      found.push(name);
      if (!isWanted(plain(name))) continue;
      const twin = arrays.get(plain(name));
      if (twin) throw dataFailure(file, say('data.npz.twins', { a: twin.name, b: name }));
      checkSize(file, say('data.what.array', { name }), member.size, member.packed);
      const entry = await entryOf(file, name, () => contentOf(file, handle, member, reading.signal));
      checkLength(file, name, entry.header, member.size - entry.header.start);
      arrays.set(plain(name), entry);
    }
    return await readArrays(file, arrays, found, asked, reading);
  } finally {
    await handle.close();
  }
}
