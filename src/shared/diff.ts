import { object, tagged, text, type Infer } from '../core/schema';
import { say, type Message } from '../words';
import { csvOf } from './csv';
import type { DataInfo } from './data-sets';

/** One value of two networks, over all samples. */
export interface TensorDiff {
  /** Its name in the first network, and in the second. */
  a: string;
  b: string;
  /** How it is known to be the same. */
  by: 'name' | 'place';
  /** What makes it in the first network: an operator; '' for an input. */
  operator: string;
  /** Largest and mean absolute difference. */
  max: number;
  mean: number;
  /** Signal-to-noise ratio in dB, 10 · log₁₀(Σ a² ÷ Σ (a − b)²), not below −300; null where there is no difference. */
  snr: number | null;
}

/** A weight that both files have under one name, with other numbers. */
export type WeightDiff = Pick<TensorDiff, 'max' | 'mean' | 'snr'> & { name: string };

/** Two networks on the same samples. */
export interface NetworkDiff {
  a: string;
  b: string;
  /** Pictures, or where there were none random inputs. */
  samples: number;
  random: boolean;
  /** Signal-to-noise ratio in dB below which values count as different, and why that one. */
  bound: number;
  boundReason: Message;
  /** In the first network's order. */
  tensors: TensorDiff[];
  /** The first of them whose ratio falls below the bound: an index; null where none does. */
  begins: number | null;
  weights: WeightDiff[];
  /** Values that only one of them has, or that have another number of elements, or fractions in one and whole numbers of unknown scale in the other. */
  onlyA: string[];
  onlyB: string[];
  /** Samples for which the largest number of the answer is the same; null where they are no classifiers of as many classes. */
  answers: { same: number; of: number } | null;
  notes: Message[];
}

/** What both networks get: pictures of the first one's own data where the app knows it, else those that it brings along; of a data set; random numbers. */
export const diffInputs = tagged('kind', { own: object({}), data: object({ id: text() }), random: object({}) });
export type DiffInputs = Infer<typeof diffInputs>;

/** What a window gets: with the data set that the pictures are of, null for the app's own pictures and for random inputs. */
export type WindowDiff = NetworkDiff & { data: DataInfo | null };

/** Weights that are named in a sentence. */
const NAMED = 5;

/** What was found, in sentences: where it begins, whether the answers agree, how values were matched. */
export function diffSentences({ tensors, begins, bound, boundReason, ...diff }: NetworkDiff): Message[] {
  const { answers, weights, onlyA, onlyB } = diff;
  const limit = { bound: String(bound), reason: boundReason };
  const first = begins === null ? null : tensors[begins];
  const found = first && { name: first.a, operator: first.operator, snr: (first.snr ?? 0).toFixed(1), ...limit };
  const names = weights.map(({ name }) => name);
  const named = tensors.filter(({ by }) => by === 'name').length;
  return [
    !found ? say('diff.same', limit) : say(found.operator === '' ? 'diff.begins-input' : 'diff.begins', found),
    ...(answers ? [say('diff.answers', answers)] : []),
    ...(names.length > 0
      ? [
          say('diff.weights', {
            count: names.length,
            names: names.length > NAMED ? [...names.slice(0, NAMED), '…'] : names,
          }),
        ]
      : []),
    say('diff.matched', { named, placed: tensors.length - named, onlyA: onlyA.length, onlyB: onlyB.length }),
  ];
}

/** Every figure, a value a row, then weights of one name with other numbers and what only one of them has. */
export const diffCsv = ({ tensors, weights, onlyA, onlyB }: NetworkDiff): string =>
  csvOf([
    ['what', 'a', 'b', 'by', 'operator', 'max', 'mean', 'snr_db'],
    ...tensors.map(({ a, b, by, operator, max, mean, snr }) => ['value', a, b, by, operator, max, mean, snr ?? '']),
    ...weights.map(({ name, max, mean, snr }) => ['weight', name, name, 'name', '', max, mean, snr ?? '']),
    ...onlyA.map((name) => ['value', name, '', '', '', '', '', '']),
    ...onlyB.map((name) => ['value', '', name, '', '', '', '', '']),
  ]);
