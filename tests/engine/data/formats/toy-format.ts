import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftBeside, type DataFormat } from '../../../../src/engine/data/formats/format';

const what = { code: 'system.quoted', values: { text: 'a .gray file' } };

/** Pictures of 4 × 4: a byte for the class, 16 for the pixels. */
export const toy: DataFormat = {
  id: 'toy',
  expects: what,
  files: /\.gray$/i,
  claims(place) {
    const file = place.only ?? place.files.find((name) => name.endsWith('.gray'));
    if (!file?.endsWith('.gray')) return null;
    return {
      name: join(place.root, file),
      leftOut: leftBeside(place, (name) => name === file, what),
      read: async () => {
        const bytes = readFileSync(join(place.root, file));
        const count = bytes.length / 17;
        const labels = Int32Array.from({ length: count }, (_, i) => bytes[17 * i]);
        const pixels = bytes.filter((_, at) => at % 17 !== 0);
        return { splits: { train: { count, height: 4, width: 4, channels: 1, pixels, labels } }, names: null };
      },
    };
  },
};
