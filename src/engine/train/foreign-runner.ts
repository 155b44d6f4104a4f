import { numbersOf, type TensorValue } from '../../core/onnx/tensor-data';
import type { FloatArray } from '../../core/tensor';
import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { inputsFor } from '../foreign/foreign-inputs';
import type { ForeignNetwork } from '../foreign/foreign-network';
import { defaultLimits } from '../foreign/runner';
import type { Tensor } from '../inspect/tensor';
import type { ForeignClassifier, Runner } from './classifier';

/** Pictures that go in together: as many as take about so long, in milliseconds, and at most so many. */
const LOT = { milliseconds: 1000, pictures: 64 };
/** How far fused nodes, or a batch, may be from the picture alone and unfused: a share of the largest number. */
const SAME = 1e-3;

/** What is asked of a network: a picture's answer. */
type Asked = Pick<ForeignClassifier, 'picture' | 'output'>;

/**
 * A foreign classifier in onnxruntime, with nodes fused and pictures together where the answers stay the same: that is tried on the first
 * picture, against the way in which Inspect computes it.
 */
export async function foreignRunner(classifier: ForeignClassifier, threads: number): Promise<Runner> {
  const network = classifier.shared ?? (await classifier.open(threads));
  const { metadata, values } = classifier;
  const classes = metadata.labels.length;
  const logits = (row: FloatArray): FloatArray =>
    values === 'logits' ? row : row.map((share) => Math.log(Math.max(share, 0)));
  let optimized: boolean | null = null;
  let lot = 1;
  let tried = false;

  async function begin(first: Float32Array): Promise<void> {
    const plain = await answerFor(network, classifier, first);
    const fused = await answerFor(network, classifier, first, true);
    optimized = alike(plain.row, fused.row);
    const { milliseconds } = await answerFor(network, classifier, first, optimized);
    if (canBatch(network)) lot = await lotOf(network, classifier, milliseconds);
  }

  async function together(pictures: readonly Float32Array[]): Promise<FloatArray[] | null> {
    const inputs = pictures.map((picture) => inputsFor(network, classifier.picture, picture)[0]);
    const [{ name }] = network.runner.inputs;
    const batch = new Map([[name, joined(inputs)]]);
    const run = network.runner.run(batch, [classifier.output], { optimized: optimized! });
    const value = await run.catch((error: unknown) => {
      // A network may be made for one picture at a time although its input does not say so.
      if (error instanceof FailureError && error.code === 'model.invalid') return null;
      throw error;
    });
    const all = value && numbersOf(value.get(classifier.output)!);
    if (all?.length !== pictures.length * classes) return null;
    return pictures.map((_, i) => all.subarray(i * classes, (i + 1) * classes));
  }

  async function rowsOf(pictures: readonly Float32Array[]): Promise<FloatArray[]> {
    if (pictures.length > 1) {
      const rows = await together(pictures);
      if (rows && !tried) {
        const { row } = await answerFor(network, classifier, pictures[1], optimized!);
        tried = true;
        if (alike(row, rows[1])) return rows;
      } else if (rows) return rows;
      lot = 1;
    }
    const rows: FloatArray[] = [];
    for (const picture of pictures) rows.push((await answerFor(network, classifier, picture, optimized!)).row);
    return rows;
  }

  return {
    async run(input, n) {
      const size = input.length / n;
      const pictures = Array.from({ length: n }, (_, i) => input.subarray(i * size, (i + 1) * size));
      if (optimized === null) await begin(pictures[0]);
      const found = new Float32Array(n * classes);
      for (let at = 0; at < n;) {
        const some = pictures.slice(at, at + lot);
        const rows = await rowsOf(some);
        for (const [i, row] of rows.entries()) {
          if (row.length !== classes) throw wrongCount(network, classifier, row.length, classes);
          found.set(logits(row), (at + i) * classes);
        }
        at += some.length;
      }
      return found;
    },
    async time(input) {
      if (optimized === null) await begin(input);
      return (await answerFor(network, classifier, input, optimized!)).milliseconds;
    },
    async end() {
      if (!classifier.shared) network.dispose();
    },
  };
}

/**
 * What a network gives for one picture.
 * @param pixels `[H, W, C]`, normalized. @param optimized with nodes fused.
 * @throws FailureError: it cannot be computed, never ends, takes too much memory.
 */
export async function answerFor(
  network: ForeignNetwork,
  { picture, output }: Asked,
  pixels: Float32Array,
  optimized = false,
): Promise<{ row: FloatArray; milliseconds: number }> {
  const inputs = inputsFor(network, picture, pixels);
  const named = new Map(network.runner.inputs.map(({ name }, i) => [name, inputs[i]]));
  const { found, milliseconds } = await network.runner.timed(named, [output], { optimized });
  const value = found.get(output)!;
  const numbers = numbersOf(value) ?? new Float64Array(0);
  // A batch of a fixed size has the picture as often.
  const rows = value.shape.length > 1 ? value.shape[0] : 1;
  return { row: numbers.subarray(0, numbers.length / rows), milliseconds };
}

/** Whether several pictures may go in at once: there is one input, whose first dimension is open. */
const canBatch = ({ runner }: ForeignNetwork): boolean =>
  runner.inputs.length === 1 && typeof runner.inputs[0].dims?.[0] !== 'number' && runner.inputs[0].dims?.length !== 3;

async function lotOf(
  network: ForeignNetwork,
  { picture, inputShape }: ForeignClassifier,
  milliseconds: number,
): Promise<number> {
  const { runner } = network;
  const inputs = inputsFor(network, picture, new Float32Array(inputShape.reduce((a, b) => a * b, 1)));
  const sizes = runner.sizesOf(new Map(runner.inputs.map(({ name }, i) => [name, inputs[i]])));
  const bytes = [...runner.tensors.keys()].reduce((sum, name) => sum + (runner.bytesOf(name, sizes) ?? 0), 1);
  const { memory } = await defaultLimits();
  const most = Math.min(LOT.milliseconds / Math.max(milliseconds, 0.01), memory / 4 / bytes);
  return Math.max(1, Math.min(LOT.pictures, Math.floor(most)));
}

function joined(inputs: readonly Tensor[]): TensorValue {
  const [{ type, data, shape }] = inputs;
  const size = (data as Float32Array).length;
  const all = new (data.constructor as Float32ArrayConstructor)(size * inputs.length);
  inputs.forEach((input, i) => all.set(input.data as Float32Array, i * size));
  return { type, data: all, shape: [inputs.length, ...shape.slice(1)] };
}

function alike(a: FloatArray, b: FloatArray): boolean {
  if (a.length !== b.length) return false;
  let most = 0;
  for (const value of a) most = Math.max(most, Math.abs(value));
  return a.every((value, i) => Object.is(value, b[i]) || Math.abs(value - b[i]) <= SAME * most);
}

const wrongCount = (network: ForeignNetwork, { output }: Asked, found: number, expected: number): FailureError =>
  new FailureError('model.invalid', {
    file: network.runner.name,
    reason: say('evaluation.row', { output, found, expected }),
  });
