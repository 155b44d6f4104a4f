import type { Executor } from '../backends/executor';
import { logitsOf, type ParamSet } from '../model/graph';
import {
  dLogits,
  largest,
  largestDifference,
  trainable,
  type Breathe,
  type CheckBatch,
  type GradientDifference,
} from './gradient-check';

/** Gradients smaller than this share of the network's largest are little but rounding of what cancels out. */
const FAINT = 1e-5;

/**
 * Whether the gradients of a batch are the sums of those of its pictures, one at a time: what a batch's shards add up to. The loss's gradient
 * at the logits is the batch's both times, and the kernels need no reference for it. The executor's running statistics move.
 * @returns one per trainable parameter: the largest difference ÷ the largest sum of the pictures' sizes. Null where pictures see each other (batch
 * norm), and where numbers are not finite.
 */
export async function compareShards(
  executor: Executor,
  params: ParamSet,
  batch: CheckBatch,
  breathe: Breathe = () => Promise.resolve(),
): Promise<GradientDifference[] | null> {
  const { graph } = executor;
  const { input, n, draw } = batch;
  if (graph.layers.some(({ definition }) => definition.inTraining === 'batch')) return null;
  const from = logitsOf(graph);
  await executor.setParams(params);
  await executor.forward(input, n, true, draw);
  const logits = Float64Array.from(await executor.activation(from));
  if (!(largest(logits) < 3e38)) return null;
  const dOutput = Float32Array.from(dLogits(logits, batch));
  await executor.backward(dOutput, from);
  const together = new Map([...(await executor.gradients())].map(([param, values]) => [param, values.slice()]));

  const sums = new Map([...together].map(([param, { length }]) => [param, new Float64Array(length)]));
  const sizes = new Map([...together].map(([param, { length }]) => [param, new Float64Array(length)]));
  const part = (values: Float32Array, i: number): Float32Array => {
    const length = values.length / n;
    return values.subarray(i * length, (i + 1) * length);
  };
  for (let i = 0; i < n; i++) {
    await breathe();
    await executor.forward(part(input, i), 1, true, { ...draw, samples: [draw.samples[i]] });
    await executor.backward(part(dOutput, i), from);
    for (const [param, values] of await executor.gradients()) {
      const [sum, size] = [sums.get(param)!, sizes.get(param)!];
      values.forEach((value, k) => {
        sum[k] += value;
        size[k] += Math.abs(value);
      });
    }
  }
  const most = Math.max(...[...sizes.values()].map(largest));
  if (!(most < 3e38)) return null;
  return trainable(graph).map(({ layer, param }) => {
    const apart = largestDifference(together.get(param)!, sums.get(param)!);
    const scale = Math.max(largest(sizes.get(param)!), FAINT * most);
    return { layer, param, difference: scale > 0 || apart > 0 ? apart / scale : 0 };
  });
}
