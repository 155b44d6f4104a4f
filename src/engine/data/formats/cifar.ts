import { join } from 'node:path';
import { say, type Message } from '../../../words';
import { readNames } from '../class-names';
import { CIFAR } from '../names';
import { SPLITS, type RawSplit, type RawSet } from '../raw';
import { scaleSplits } from '../scale';
import { readCifar } from './cifar-records';
import { leftBeside, type DataFormat, type DataReading } from './format';

/** Beside folders, which may be classes, only what is called as CIFAR's own files counts. */
const BESIDE_FOLDERS = /^(data_batch|test_batch|train|test).*\.bin(\.gz)?$/i;

/** The binary versions of CIFAR-10 and CIFAR-100: files of records, packed by gzip or not. */
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
        splits: await readSplits(root, splitsOfCifar(chosen), reading),
        names: names === null ? null : await readNames(join(root, names)),
      }),
    };
  },
};

async function readSplits(
  root: string,
  files: Partial<Record<RawSplit, string[]>>,
  reading: DataReading,
): Promise<Partial<Record<RawSplit, RawSet>>> {
  const splits: Partial<Record<RawSplit, RawSet>> = {};
  const pixels: Partial<Record<RawSplit, string>> = {};
  // What holds for every file is said once.
  const said = new Set<string>();
  const note = (message: Message): void => {
    if (!said.has(JSON.stringify(message))) reading.note(message);
    said.add(JSON.stringify(message));
  };
  for (const split of SPLITS) {
    const names = files[split];
    if (!names) continue;
    splits[split] = await readCifar(
      names.map((name) => join(root, name)),
      { ...reading, note },
    );
    pixels[split] = names[0];
  }
  scaleSplits(root, splits, pixels, reading);
  return splits;
}

function splitsOfCifar(files: string[]): Partial<Record<RawSplit, string[]>> {
  const test = files.filter((name) => /test/i.test(name));
  const train = files.filter((name) => !/test/i.test(name));
  if (train.length === 0) return { train: test };
  return test.length > 0 ? { train, test } : { train };
}
