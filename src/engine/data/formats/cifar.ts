import { join } from 'node:path';
import { say } from '../../../words';
import { readNames } from '../class-names';
import { CIFAR } from '../names';
import { PARTS, type RawPart, type RawSet } from '../raw';
import { scaleParts } from '../scale';
import { readCifar } from './cifar-records';
import { leftBeside, type DataFormat, type DataReading } from './format';

/** Beside folders, which may be classes, only what is called as CIFAR-10's own files counts. */
const BESIDE_FOLDERS = /^(data_batch|test_batch|train|test).*\.bin(\.gz)?$/i;

/** CIFAR-10's binary version: files of records, packed by gzip or not. */
export const cifar: DataFormat = {
  id: 'cifar',
  expects: say('data.expects.cifar'),
  files: CIFAR,
  claims(place) {
    const { root, only, entries, files, names } = place;
    const pattern = only === null && entries.some(({ kind }) => kind === 'folder') ? BESIDE_FOLDERS : CIFAR;
    const chosen = (only !== null ? [only] : files).filter((name) => pattern.test(name));
    if (chosen.length === 0) return null;
    return {
      name: root,
      leftOut: leftBeside(place, (name) => chosen.includes(name), say('folders.cifar-files')),
      read: async (reading) => ({
        parts: await readParts(root, partCifar(chosen), reading),
        names: names === null ? null : await readNames(join(root, names)),
      }),
    };
  },
};

async function readParts(
  root: string,
  files: Partial<Record<RawPart, string[]>>,
  reading: DataReading,
): Promise<Partial<Record<RawPart, RawSet>>> {
  const parts: Partial<Record<RawPart, RawSet>> = {};
  const pixels: Partial<Record<RawPart, string>> = {};
  for (const part of PARTS) {
    const names = files[part];
    if (!names) continue;
    parts[part] = await readCifar(
      names.map((name) => join(root, name)),
      reading,
    );
    pixels[part] = names[0];
  }
  scaleParts(root, parts, pixels, reading);
  return parts;
}

function partCifar(files: string[]): Partial<Record<RawPart, string[]>> {
  const test = files.filter((name) => /test/i.test(name));
  const train = files.filter((name) => !/test/i.test(name));
  if (train.length === 0) return { train: test };
  return test.length > 0 ? { train, test } : { train };
}
