import { say, type Message } from '../../words';
import { MOST_CLASSES } from './check';
import { dataFailure } from './failure';
import { numbersOf, textsOf, type readNpy } from '../npy/read';
import type { NpyHeader } from '../npy/header';

export interface Labels {
  /** The class of each image. */
  indices: Int32Array;
  /** What the classes are called, in order, where labels are texts. */
  words: string[] | null;
}

/** Larger ones are damage. */
const LARGEST_LABEL = 1e6;

/**
 * Reads one label for each image: whole numbers, texts, or rows with a one among zeros.
 * @param known the names that texts are taken from, in order; null where this array's own are, by their code units.
 * @param read reads the array: see `readNpy`.
 * @throws FailureError for another number of labels, several labels for an image, and what is no label.
 */
export async function readLabels(
  file: string,
  name: string,
  header: NpyHeader,
  images: number,
  known: readonly string[] | null,
  read: (begin: Parameters<typeof readNpy>[3]) => Promise<NpyHeader>,
): Promise<Labels> {
  const { shape, type } = header;
  const fail = (what: Message): never => {
    throw dataFailure(file, say('data.shape', { name, shape: shape.join(', '), what }));
  };
  if (shape.length < 1 || shape.length > 2 || shape[0] !== images) fail(say('data.labels.count', { count: images }));
  const classes = shape.length === 2 && shape[1] !== 1 ? shape[1] : null;
  const texts = /^[US]/.test(type);
  if (classes !== null && (texts || classes === 0 || classes > MOST_CLASSES))
    fail(say('data.labels.count', { count: images }));
  if (texts) return readTexts(file, name, header, known, read);
  const indices = new Int32Array(images);
  await read(() =>
    (classes === null ? whole(file, name, indices) : oneHot(file, name, header, classes, indices))(header),
  );
  return { indices, words: null };
}

type Take = (header: NpyHeader) => (block: Uint8Array<ArrayBuffer>) => void;

function whole(file: string, name: string, indices: Int32Array): Take {
  let i = 0;
  return (header) => (block) => {
    const values = numbersOf(block, header);
    for (let k = 0; k < values.length; k++, i++) indices[i] = labelOf(file, name, values[k], i);
  };
}

/** A number as a class's. @throws FailureError for one that is none: names the array and the place. */
export function labelOf(file: string, name: string, label: number, index: number): number {
  if (Number.isInteger(label) && label >= 0 && label <= LARGEST_LABEL) return label;
  const expected = say(label === -1 ? 'data.labels.unknown' : 'data.labels.whole');
  throw dataFailure(file, say('data.labels.value', { name, label, index, expected }));
}

/** Where in each row the one is. */
function oneHot(file: string, name: string, { shape, fortran }: NpyHeader, classes: number, indices: Int32Array): Take {
  const ones = new Int32Array(indices.length);
  let other: number | null = null;
  let i = 0;
  return (header) => {
    const total = header.count;
    return (block) => {
      const values = numbersOf(block, header);
      for (let k = 0; k < values.length; k++, i++) {
        const row = fortran ? i % indices.length : Math.floor(i / classes);
        if (values[k] === 1) {
          ones[row]++;
          indices[row] = fortran ? Math.floor(i / indices.length) : i % classes;
        } else if (values[k] !== 0) other ??= row;
      }
      if (i < total) return;
      const bad = other ?? ones.findIndex((count) => count !== 1);
      if (bad < 0) return;
      const facts = { name, shape: shape.join(', '), row: bad };
      if (other !== null) throw dataFailure(file, say('data.labels.one-hot', facts));
      throw dataFailure(file, say('data.labels.multi', { ...facts, ones: ones[bad] }));
    };
  };
}

async function readTexts(
  file: string,
  name: string,
  header: NpyHeader,
  known: readonly string[] | null,
  read: (begin: Parameters<typeof readNpy>[3]) => Promise<NpyHeader>,
): Promise<Labels> {
  const indices = new Int32Array(header.count);
  const numbers = new Map((known ?? []).map((word, i) => [word, i]));
  let i = 0;
  await read(() => (block) => {
    for (const text of textsOf(block, header)) {
      let number = numbers.get(text);
      if (number === undefined) {
        if (known) {
          const expected = say('data.labels.one-of', { names: some(known) });
          throw dataFailure(file, say('data.labels.value', { name, label: text.slice(0, 100), index: i, expected }));
        }
        if (numbers.size === MOST_CLASSES)
          throw dataFailure(file, say('data.labels.many', { name, limit: MOST_CLASSES }));
        number = numbers.size;
        numbers.set(text, number);
      }
      indices[i++] = number;
    }
  });
  if (known) return { indices, words: [...known] };
  const words = [...numbers.keys()].sort();
  const places = new Map(words.map((word, place) => [numbers.get(word)!, place]));
  return { indices: indices.map((number) => places.get(number)!), words };
}

const some = (names: readonly string[]): string[] => [...names.slice(0, 6), ...(names.length > 6 ? ['…'] : [])];
