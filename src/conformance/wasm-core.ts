import { Arena, createMemory } from '../core/kernels/wasm/arena';
import type { Kernels } from '../core/kernels/wasm/exports';
import { instantiateKernels, SCRATCH_BYTES, type CompiledKernels } from '../core/kernels/wasm/instance';
import type { Keep } from '../core/backends/wasm/fuse';
import { createWasmExecutor } from '../core/backends/wasm/create';
import { adamRate } from '../core/train/optimizers';
import type { Core, LossCall, UpdateCall } from './core';

/**
 * The core on the WASM kernels, one thread.
 * @param keep `training` runs what the trainer runs, `all` what the views run.
 */
export function wasmCore(kernels: CompiledKernels, keep: Keep): Core {
  return {
    name: `wasm ${kernels.build}${keep === 'training' ? '' : ', every layer kept'}`,
    executor: (graph, maxBatch) => createWasmExecutor(graph, { maxBatch, kernels, keep }),
    softmaxCrossEntropy: (call) =>
      loss(kernels, call, (k, { x, labels, weights, losses, hits }) =>
        k.softmaxCrossEntropy({
          x,
          xRow: call.classes,
          rows: call.rows,
          classes: call.classes,
          labels,
          classWeights: weights,
          losses,
          hits,
          dx: 0,
          dxRow: 0,
          scale: 1,
        }),
      ),
    negativeLogLikelihood: (call) =>
      loss(kernels, call, (k, { x, labels, weights, losses }) =>
        k.negativeLogLikelihood({
          x,
          xRow: call.classes,
          rows: call.rows,
          classes: call.classes,
          labels,
          classWeights: weights,
          losses,
          dx: 0,
          dxRow: 0,
          scale: 1,
        }),
      ),
    adam: (call, step, { beta1, beta2, epsilon }) =>
      update(kernels, call, (k, [first, second], shared) => {
        const rate = step > 0 ? adamRate(call.rate, beta1, beta2, step) : call.rate;
        k.adam({
          ...shared,
          rate,
          gradientScale: 1,
          decay: call.decay,
          first,
          second,
          beta1,
          beta2,
          epsilon,
          root: 1,
          shrink: 1,
        });
      }),
    adagrad: (call, { epsilon }) =>
      update(kernels, call, (k, [sum], shared) =>
        k.adagrad({
          ...shared,
          rate: call.rate,
          gradientScale: 1,
          decay: call.decay,
          sum,
          epsilon,
        }),
      ),
    momentum: (call, { momentum, nesterov, share }) =>
      update(kernels, call, (k, [velocity], shared) => {
        // The kernels scale the gradient for clipping, which is what ONNX's beta does to the velocity.
        if (nesterov && share !== 1) throw new Error(`momentum: found beta ${share}, the Nesterov kernel has 1`);
        const kernel = nesterov ? k.nesterov : k.momentum;
        kernel({
          ...shared,
          rate: call.rate,
          gradientScale: share,
          decay: share * call.decay,
          velocity,
          momentum,
        });
      }),
  };
}

/** An instance with its own memory, and the arena that allocates it. */
function instance(kernels: CompiledKernels): { k: Kernels; arena: Arena } {
  const arena = new Arena(createMemory());
  const scratch = arena.bytes(SCRATCH_BYTES);
  return { k: instantiateKernels(kernels.module, arena.memory, scratch), arena };
}

function place(arena: Arena, values: ArrayLike<number>): number {
  const pointer = arena.floats(values.length);
  arena.view(pointer, values.length).set(values);
  return pointer;
}

type LossPointers = Record<'x' | 'labels' | 'weights' | 'losses' | 'hits', number>;

/** The kernels give one loss per row; sum and mean are left to the caller, as in the trainer. */
function loss(
  kernels: CompiledKernels,
  call: LossCall,
  run: (k: Kernels, pointers: LossPointers) => void,
): Float64Array {
  const { rows, ignoreIndex, reduction } = call;
  const { k, arena } = instance(kernels);
  // Rows with a label that is no class are left out by the kernels.
  const labels = call.labels.map((label) => (label === ignoreIndex ? -1 : label));
  const pointers = {
    x: place(arena, call.x),
    labels: arena.bytes(rows * 4),
    weights: call.weights ? place(arena, call.weights) : 0,
    losses: arena.floats(rows),
    hits: arena.bytes(rows * 4),
  };
  arena.integers(pointers.labels, rows).set(labels);
  run(k, pointers);
  const losses = Float64Array.from(arena.view(pointers.losses, rows));
  if (reduction === 'none') return losses;
  const sum = losses.reduce((total, each) => total + each, 0);
  if (reduction === 'sum') return Float64Array.of(sum);
  const weight = (label: number): number => (label < 0 ? 0 : (call.weights?.[label] ?? 1));
  return Float64Array.of(sum / labels.reduce((total, label) => total + weight(label), 0));
}

type Shared = Record<'weights' | 'gradient' | 'gradientStride' | 'shards' | 'count' | 'clear', number>;

/** Copies weights and states to the kernels' memory and back. */
function update(
  kernels: CompiledKernels,
  { w, g, slots }: UpdateCall,
  run: (k: Kernels, slots: number[], shared: Shared) => void,
): void {
  const { k, arena } = instance(kernels);
  // Optimizers work on whole vectors.
  const count = Math.ceil(w.length / 4) * 4;
  const padded = (values: Float32Array): number => {
    const pointer = arena.floats(count);
    arena.view(pointer, values.length).set(values);
    return pointer;
  };
  const weights = padded(w);
  const gradient = padded(g);
  const states = slots.map(padded);
  run(k, states, { weights, gradient, gradientStride: 0, shards: 1, count, clear: 0 });
  w.set(arena.view(weights, w.length));
  slots.forEach((slot, i) => slot.set(arena.view(states[i], slot.length)));
}
