import { numbersOf, type TensorValue } from '../../core/onnx/tensor-data';
import { nodeLabel, type OnnxNetwork } from '../../core/onnx-graph/network';
import { PROVIDER_TITLES, providerNames, type Provider } from '../../shared/settings';
import { say, type Message } from '../../words';
import { differenceOf, toleranceOf } from './tolerance';
import { RunnerChild } from './runner-child';
import type { ProviderOptions } from './runner-messages';

export const CPU: ProviderOptions = { name: 'cpu' };

/**
 * A provider as it is asked for here. WebGPU keeps the file's layout: with channels last, onnxruntime 1.30 computes some convolutions
 * wrongly (kernels larger than 1, input channels a multiple of 3 and not of 4).
 */
export const optionsOf = (name: Provider): ProviderOptions =>
  name === 'webgpu' ? { name, preferredLayout: 'NCHW' } : { name };

/** What onnxruntime offers on this machine, the CPU first. @throws Error where its library cannot be loaded. */
export async function offeredProviders(): Promise<{ name: Provider; bundled: boolean }[]> {
  // Its library stays out of this process, where nothing else needs it.
  const child = new RunnerChild();
  try {
    const answer = await child.ask({ kind: 'providers' }, { seconds: 30 });
    const listed = answer.kind === 'providers' ? answer.providers : [];
    return providerNames.flatMap((name) => {
      const found = listed.find((each) => each.name === name);
      return found ? [{ name, bundled: found.bundled }] : [];
    });
  } finally {
    child.close();
  }
}

/** Numbers of 8 bits are rounded to the next of 255 steps, by which one may be one off. */
const QUANTIZED = 2 ** -6;

/** How far two providers' numbers may be from each other by rounding alone, as a share of the largest. */
export const roundingOf = (network: OnnxNetwork): number =>
  network.graph.nodes.some(({ opType }) => /^(Dynamic)?QuantizeLinear$|Integer$|^QLinear/.test(opType))
    ? QUANTIZED
    : toleranceOf(network);

/**
 * Compares what a provider computed with what the CPU did, value by value.
 * @param names in the order of the nodes. @returns where the first difference beyond rounding is; null where there is none.
 */
export function firstDifference(
  network: OnnxNetwork,
  names: readonly string[],
  cpu: ReadonlyMap<string, TensorValue>,
  other: ReadonlyMap<string, TensorValue>,
  provider: Provider,
): Message | null {
  const rounding = roundingOf(network);
  for (const name of names) {
    const difference = apart(cpu.get(name)!, other.get(name)!);
    if (difference <= rounding) continue;
    const { nodes, values } = network.graph;
    const node = nodes[values.get(name)?.producer ?? -1];
    return say('provider.differs', {
      provider: PROVIDER_TITLES[provider],
      node: node ? nodeLabel(node) : name,
      value: name,
      difference: Number.isFinite(difference) ? `${(100 * difference).toPrecision(2)} %` : '∞',
      rounding: `${(100 * rounding).toPrecision(1)} %`,
    });
  }
  return null;
}

/** The largest difference ÷ the largest number; of what is no fraction, 0 or infinite. */
function apart(a: TensorValue, b: TensorValue): number {
  if (a.type !== b.type || a.shape.length !== b.shape.length || a.shape.some((size, axis) => size !== b.shape[axis]))
    return Infinity;
  if (/^(float|u?int8)/.test(a.type)) return differenceOf(numbersOf(b)!, numbersOf(a)!);
  const [ours, theirs] = [a.data, b.data];
  for (let i = 0; i < ours.length; i++) if (ours[i] !== theirs[i]) return Infinity;
  return 0;
}
