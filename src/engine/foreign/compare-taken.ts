import type { TakenIn } from '../../core/onnx-graph/take-in/take-in';
import { placesOf, type Features } from '../../core/onnx-graph/take-in/values';
import type { ElementTypeName } from '../../core/onnx/proto';
import { numbersOf, type TensorValue } from '../../core/onnx/tensor-data';
import { Generator } from '../../core/random';
import { channelsOf } from '../../core/geometry';
import { sizeOf, type FloatArray } from '../../core/tensor';
import { makeExecutor } from '../runtime/executor';
import { typedAs } from './inputs';
import { differenceOf } from './tolerance';
import type { NetworkRunner } from './runner';

/** What is needed of a file that is open. */
export type ComputedNetwork = Pick<NetworkRunner, 'network' | 'inputs' | 'run' | 'weight'>;

/**
 * Runs a network that was taken in on our core, and the file in onnxruntime, with the same random inputs.
 * @param options `range` of the inputs' values, −1 … 1 where null; `wanted` are values of the file, its output where left out.
 * @returns the largest difference ÷ the largest of onnxruntime's numbers, of the worst value.
 */
export async function compareTaken(
  runner: ComputedNetwork,
  taken: TakenIn,
  options: {
    count: number;
    range?: readonly [number, number] | null;
    wanted?: readonly string[];
    signal?: AbortSignal;
  },
): Promise<number> {
  const { count, range, wanted = [taken.output], signal } = options;
  const { graph, params, values } = taken;
  const batch = taken.input.batch;
  const index = new Map(graph.layers.map(({ name }, at) => [name, at]));
  const executor = await makeExecutor(graph, batch);
  let worst = 0;
  try {
    await executor.setParams(params);
    for (let run = 0; run < count; run++) {
      const given = inputsFor(runner, taken, run, range ?? [-1, 1]);
      const found = await runner.run(given, wanted, { signal });
      const numbers = numbersOf(given.get(inputName(runner, taken))!)!;
      await executor.forward(ourInput(taken, numbers), batch);
      for (const name of wanted) {
        const features = values.get(name)!;
        const at = index.get(features.layer);
        if (at === undefined) continue;
        const ours = inFileOrder(features, await executor.activation(at));
        worst = Math.max(worst, differenceOf(ours, numbersOf(found.get(name)!)!));
      }
    }
  } finally {
    executor.dispose();
  }
  return worst;
}

const inputName = (runner: ComputedNetwork, { values, input }: TakenIn): string =>
  runner.inputs.find(({ name }) => values.get(name) === input)!.name;

/** Random numbers for the input that is used, zeros for the others. */
function inputsFor(
  runner: ComputedNetwork,
  taken: TakenIn,
  run: number,
  [least, most]: readonly [number, number],
): Map<string, TensorValue> {
  const used = inputName(runner, taken);
  const { batch, shape } = taken.input;
  return new Map(
    runner.inputs.map(({ name, type, dims }) => {
      const own =
        name === used
          ? [batch, ...fileSizes(taken.input)]
          : (dims ?? []).map((size) => (typeof size === 'number' ? size : 1));
      const generator = new Generator(7, run);
      const count = name === used ? batch * sizeOf(shape) : sizeOf(own);
      const data = Float32Array.from({ length: count }, () =>
        name === used ? least + generator.uniform() * (most - least) : 0,
      );
      return [name, { ...typedAs(type as ElementTypeName, data), shape: own }];
    }),
  );
}

const fileSizes = ({ view, axes, shape }: Features): number[] =>
  view ? [...view] : axes.slice(1).map((axis) => shape[axis]);

/** `[N, H, W, C]` of the file's input, scaled as the file does. */
function ourInput({ input, scaling }: TakenIn, numbers: FloatArray): Float32Array {
  const places = placesOf(input);
  const channels = channelsOf(input.shape);
  const out = new Float32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const sample = Math.floor(i / places.length) * places.length;
    const place = places[i - sample];
    const c = place % channels;
    out[sample + place] = scaling ? numbers[i] * scaling.scale[c] + scaling.shift[c] : numbers[i];
  }
  return out;
}

/** A layer's output in the order of the file's tensor. */
function inFileOrder(features: Features, activation: Float32Array): Float32Array {
  const places = placesOf(features);
  return activation.map((_, i) => {
    const sample = Math.floor(i / places.length) * places.length;
    return activation[sample + places[i - sample]];
  });
}
