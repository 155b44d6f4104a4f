import { identities, sharedPictures } from '../../core/data/identical';
import type { DataSet, Split } from '../../core/data/dataset';
import { say, type Message, type Value } from '../../words';
import { shownPath } from './entries';
import { splitName } from './folders/telling';
import type { RawSplit } from './raw';

/** Pairs that a message names. */
const NAMED = 3;

type Files = readonly string[] | null;

/**
 * Warnings about identical pictures: those in two splits, and those in several classes.
 * @param files where the pictures lie, by their index; null where they have no file of their own.
 */
export function leakWarnings({ train, validation, test, labels }: DataSet, files: Files): Message[] {
  const splits = (
    [
      ['train', train],
      ['validation', validation],
      ['test', test],
    ] as const
  ).flatMap(([split, samples]) => (samples ? [{ split, samples }] : []));
  const found = identities(splits.map(({ samples }) => samples));
  const name = (i: number, place: number): Value => nameOf(splits[i].split, splits[i].samples, place, files);
  const warnings: Message[] = [];
  for (let i = 1; i < splits.length; i++) {
    for (let k = 0; k < i; k++) {
      const shared = sharedPictures(found[i], found[k]);
      if (shared.length === 0) continue;
      warnings.push(
        say('folders.leak', {
          count: shared.length,
          part: splitName(splits[i].split),
          other: splitName(splits[k].split),
          examples: some(
            shared.map(({ place, twin }) => say('folders.twins', { a: name(i, place), b: name(k, twin) })),
          ),
        }),
      );
    }
  }
  const conflict = conflicting(splits, found, labels.length);
  if (conflict.length > 0) {
    const examples = conflict.map(([a, b]) => say('folders.twins', { a: name(...a), b: name(...b) }));
    warnings.push(say('folders.two-labels', { count: conflict.length, examples: some(examples) }));
  }
  return warnings;
}

type Place = [split: number, place: number];

/** The first picture of each identity that a later one contradicts, and that one. */
function conflicting(
  splits: readonly { samples: Split }[],
  found: readonly Int32Array[],
  classes: number,
): [Place, Place][] {
  const firsts = new Map<number, { label: number; at: Place }>();
  const pairs = new Map<number, [Place, Place]>();
  if (classes < 2) return [];
  for (const [
    i,
    {
      samples: { images, samples },
    },
  ] of splits.entries()) {
    for (const [place, sample] of samples.entries()) {
      const identity = found[i][place];
      const label = images.labels[sample];
      const first = firsts.get(identity);
      if (!first) firsts.set(identity, { label, at: [i, place] });
      else if (first.label !== label && !pairs.has(identity)) pairs.set(identity, [first.at, [i, place]]);
    }
  }
  return [...pairs.values()];
}

function nameOf(split: RawSplit, { samples }: Split, place: number, files: Files): Value {
  const sample = samples[place];
  return files ? shownPath(files[sample]) : say('folders.place', { number: sample + 1, part: splitName(split) });
}

const some = (list: readonly Value[]): Value[] => (list.length > NAMED ? [...list.slice(0, NAMED), '…'] : [...list]);
