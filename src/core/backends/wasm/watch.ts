import type { LayerWatch, OptimizerSettings } from '../executor';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import { relu } from '../../layers/relu';
import { isOf, type Graph } from '../../model/graph';
import { adamRate } from '../../train/optimizers';
import type { Compiled } from './compile';
import type { Param } from './params';
import { SHARDS } from './shards';
import { eachBlock, errors, pixels, type Value } from './values';

export interface LastStep {
  n: number;
  rate: number;
  step: number;
}

/** Norms, update ratios and activation statistics of the last step, per layer with trained parameters. */
export function watchLayers(
  graph: Graph,
  compiled: Compiled,
  memory: WasmMemory,
  settings: OptimizerSettings,
  last: LastStep,
): LayerWatch[] {
  const all = graph.layers.map((_, index) =>
    compiled.store.params.filter((param) => param.layer === index && param.spec.trainable),
  );
  const gradients = new Map(
    all.flat().map((param) => [param, gradientOfParam(param, compiled, memory, last, settings)]),
  );
  const norm = Math.sqrt([...gradients.values()].reduce((sum, gradient) => sum + squares(gradient), 0));
  const { clipNorm } = settings;
  const scale = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
  return graph.layers.flatMap((layer, index) => {
    const params = all[index];
    if (params.length === 0) return [];
    let [gradientSquares, weightSquares, updateSquares] = [0, 0, 0];
    for (const param of params) {
      const gradient = gradients.get(param) ?? new Float32Array(param.size);
      const floats = (address: number): Float32Array => new Float32Array(memory.buffer, address, param.size);
      const weights = floats(param.address);
      gradientSquares += squares(gradient);
      weightSquares += squares(weights);
      updateSquares += squaresOfUpdate(
        settings,
        last,
        param.spec.decay,
        scale,
        weights,
        gradient,
        param.slots.map(floats),
      );
    }
    return [
      {
        layer: layer.name,
        gradientNorm: Math.sqrt(gradientSquares),
        weightNorm: Math.sqrt(weightSquares),
        updateRatio: weightSquares > 0 ? Math.sqrt(updateSquares / weightSquares) : 0,
        ...activationOf(index, graph, compiled, memory, last.n),
      },
    ];
  });
}

/** The gradient of the last step, before clipping and decay: the shards' sum, or computed anew where the update was fused. */
function gradientOfParam(
  param: Param,
  compiled: Compiled,
  memory: WasmMemory,
  last: LastStep,
  settings: OptimizerSettings,
): Float32Array {
  const { lowering, store, fused, plan } = compiled;
  const floats = (address: number): Float32Array => new Float32Array(memory.buffer, address, param.size);
  if (param.fused) {
    const node = fused.nodes.find((each) => each.layer === param.layer);
    const x = node && plan.values.get(node.inputs[0]);
    const y = node && plan.values.get(node.output);
    if (!x || !y?.gradient) throw new Error(`'${param.key}' belongs to no node`);
    const [inputs, outputs] = [x.layout.image, y.layout.channels];
    // The first thread's scratch; nothing else runs now.
    const work = lowering.own.base;
    lowering.k.denseWeightGradient({
      x: pixels(x, 0),
      batch: last.n,
      inputs,
      dy: errors(y.gradient, 0, 0),
      dyRow: outputs,
      outputs,
      dWeights: param.gradient,
      work,
      scale: 1,
      keep: 0,
    });
    return floats(param.gradient);
  }
  if (param.ownership === 'batch' || settings.clipNorm > 0) return floats(param.gradient);
  const sum = floats(param.gradient).slice();
  for (let shard = 1; shard < SHARDS; shard++) {
    const own = floats(param.gradient + shard * store.shardStride);
    for (let i = 0; i < sum.length; i++) sum[i] += own[i];
  }
  return sum;
}

/**
 * Σ (weight before − weight after)², from what is known after the step: the states and the weight after. Where decay
 * is part of the gradient the weight before solves w₀ − r · (g + d · w₀) = w₁.
 */
function squaresOfUpdate(
  settings: OptimizerSettings,
  { rate, step }: LastStep,
  decays: boolean,
  scale: number,
  weights: Float32Array,
  gradient: Float32Array,
  slots: readonly Float32Array[],
): number {
  const { kind, momentum, epsilon, beta1, beta2 } = settings;
  const decay = decays ? settings.weightDecay : 0;
  const corrected = kind === 'adam' || kind === 'adamw' ? adamRate(rate, beta1, beta2, step) : 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i] * scale;
    const w = weights[i];
    let update: number;
    if (kind === 'momentum') update = rate * slots[0][i];
    else if (kind === 'adam') update = (corrected * slots[0][i]) / (Math.sqrt(slots[1][i]) + epsilon);
    else if (kind === 'adamw') {
      const own = (corrected * slots[0][i]) / (Math.sqrt(slots[1][i]) + epsilon);
      update = (w + own) / (1 - rate * decay) - w;
    } else {
      const pace = kind === 'adagrad' || kind === 'rmsprop' ? rate / (Math.sqrt(slots[0][i]) + epsilon) : rate;
      const push = kind === 'nesterov' ? g + momentum * slots[0][i] : g;
      update = (w + pace * push) / (1 - pace * decay) - w;
    }
    sum += update * update;
  }
  return sum;
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

/** Mean, deviation and share of zeros of a layer's output, or of that of the ReLU that alone reads it. */
function activationOf(
  index: number,
  graph: Graph,
  compiled: Compiled,
  memory: WasmMemory,
  n: number,
): Pick<LayerWatch, 'activationMean' | 'activationDeviation' | 'zeroFraction'> {
  const readers = graph.layers.flatMap((layer, i) => (layer.inputs.includes(index) ? [i] : []));
  const behind = readers.length === 1 && isOf(graph.layers[readers[0]], relu) ? readers[0] : index;
  const value = storedValue(behind, graph, compiled);
  const { k } = compiled.lowering;
  const { moments } = compiled.exchange;
  const result = new Float64Array(memory.buffer, moments, 3);
  result.fill(0);
  const { height, width, channels, lanes, row } = value.layout;
  if (lanes === channels) {
    eachBlock([value.layout], 0, n, (i, _images, rows, length) =>
      k.moments({ x: pixels(value, i), xRow: row, rows, length, result: moments }),
    );
  } else {
    // Surplus lanes are no activations: pixel by pixel.
    for (let i = 0; i < n; i++) {
      for (let y = 0; y < height; y++)
        k.moments({ x: pixels(value, i) + y * row * 4, xRow: lanes, rows: width, length: channels, result: moments });
    }
  }
  const count = n * height * width * channels;
  const mean = result[0] / count;
  return {
    activationMean: mean,
    activationDeviation: Math.sqrt(Math.max(0, result[1] / count - mean * mean)),
    zeroFraction: result[2] / count,
  };
}

/** The value of a layer; of its pooling where the layer's own never lies in memory as a map. */
function storedValue(index: number, graph: Graph, compiled: Compiled): Value {
  const id = compiled.fused.valueOf[index];
  const value = id === null ? undefined : compiled.plan.values.get(id);
  if (value && value.address !== 0) return value;
  const next = graph.layers.findIndex((layer) => layer.inputs.includes(index));
  if (next < 0) throw new Error(`layer '${graph.layers[index].name}' has no value`);
  return storedValue(next, graph, compiled);
}

/** The first layer in topological order whose value holds NaN or infinity. */
export function firstNonFinite(graph: Graph, compiled: Compiled, n: number): string | null {
  const { k } = compiled.lowering;
  for (const node of compiled.fused.nodes) {
    const value = compiled.plan.values.get(node.output);
    if (!value || value.address === 0) continue;
    let finite = true;
    eachBlock([value.layout], 0, n, (i, _images, rows, length) => {
      finite &&= k.allFinite({ x: pixels(value, i), xRow: value.layout.row, rows, length }) === 1;
    });
    if (!finite) return graph.layers[node.layer].name;
  }
  return null;
}
