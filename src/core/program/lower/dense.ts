import { splitRange } from '../shards';
import { errors, gradientOf, maskGradient, pixels } from '../values';
import { isWholeBatch } from '../plan';
import { shardGradient, valueOf, type Lower, type Lowering, type Preparation, type Step } from './lowering';
import { GROUP } from '../shards';
import type { Node } from '../fuse';

/** A step that shares out panels. */
const panels = (run: () => void): Step => ({ run });

/** Dense layers: large ones by panels over the whole batch, small ones image by image with the layers around them. */
export const lowerDense: Lower = (node, context) =>
  isWholeBatch(node.spec) ? lowerByPanels(node, context) : lowerByImages(node, context);

/**
 * Over the whole batch: each thread owns a range of output panels, forward and in dW, and a range of input
 * panels in dX. Every sum is then made by one thread in one order, and dW needs no reduction. With plain SGD the update
 * is part of dW's epilogue.
 */
const lowerByPanels: Lower = (node, context) => {
  const { k, store, run, shared, own, maxBatch } = context;
  const [x, y] = [valueOf(context, node.inputs[0]), valueOf(context, node.output)];
  const inputs = x.layout.image;
  const outputs = y.layout.channels;
  const relu = node.relu ? 1 : 0;
  const weight = store.find(node.layer, 'weight');
  const bias = node.spec.params.some((param) => param.name === 'bias') ? store.find(node.layer, 'bias') : null;
  /** This thread's part of `count` outputs or inputs, in whole panels of 8. */
  const part = (count: number): { from: number; size: number } => {
    const panels = splitRange(Math.ceil(count / 8), run.threads, run.thread);
    return { from: panels.first * 8, size: Math.min(count, (panels.first + panels.count) * 8) - panels.first * 8 };
  };
  const out = part(outputs);
  const into = part(inputs);

  const forward = (): void => {
    if (out.size <= 0) return;
    const { from, size } = out;
    const b = bias ? bias.address + from * 4 : 0;
    k.denseForward(
      pixels(x, 0),
      run.n,
      inputs,
      weight.address + from * inputs * 4,
      b,
      size,
      pixels(y, 0) + from * 4,
      outputs,
      relu,
    );
    k.flushRows(pixels(y, 0) + from * 4, outputs, run.n, size);
  };
  if (!y.gradient) return { batch: { forward: [panels(forward)], backward: [] } };

  const dy = gradientOf(y);
  const work = own.scratch((maxBatch * (inputs + 8) + 16) * 4);
  const transposed = x.gradient ? shared.floats(Math.ceil(inputs / 8) * 8 * outputs) : 0;
  const prepare = [transpose(context, node, inputs, outputs, transposed)];
  const mask = (): void => {
    if (run.thread === 0) maskGradient(k, y, 0, run.n);
  };
  const weightGradient = (): void => {
    if (out.size <= 0) return;
    const { from, size } = out;
    const error = errors(dy, 0, 0) + from * 4;
    if (bias) k.denseBiasGradient(error, outputs, run.n, size, bias.gradient + from * 4);
    const fused = weight.fused && run.update;
    const target = (fused ? weight.address : weight.gradient) + from * inputs * 4;
    const [scale, keep] = fused ? [-fused.rate, 1 - fused.rate * fused.decay] : [1, 0];
    k.denseWeightGradient(pixels(x, 0), run.n, inputs, error, outputs, size, target, work, scale, keep);
    // Weights that nothing but decay moves.
    if (fused && fused.decay > 0) k.flushRows(target, 0, 1, Math.ceil(size / 8) * 8 * inputs);
  };
  const stage = x.gradient?.joined ? shared.floats(maxBatch * inputs) : 0;
  const inputGradient = (): void => {
    if (!x.gradient || into.size <= 0) return;
    const { from, size } = into;
    const target = (stage || errors(x.gradient, 0, 0)) + from * 4;
    k.denseForward(errors(dy, 0, 0), run.n, outputs, transposed + from * outputs * 4, 0, size, target, inputs, 0);
    const whole = errors(x.gradient, 0, 0) + from * 4;
    if (stage) k.addRows(target, inputs, whole, inputs, run.n, size);
    k.flushRows(whole, inputs, run.n, size);
  };
  const backward = [
    ...(dy.maskedBy === 'producer' ? [panels(mask)] : []),
    // dX first: a fused update changes the weights, but not their transposed copy.
    panels(() => {
      inputGradient();
      weightGradient();
    }),
  ];
  return { batch: { forward: [panels(forward)], backward }, prepare };
};

/** The transposed weights, for dX. */
function transpose(context: Lowering, node: Node, inputs: number, outputs: number, transposed: number): Preparation {
  const weight = context.store.find(node.layer, 'weight');
  return {
    cost: 4 * inputs * outputs,
    forward: false,
    run() {
      if (transposed) context.k.transposePanels(1, weight.address, 0, inputs, outputs, transposed, 0);
    },
  };
}

/** A group of images at a time, with gradients of the shard's own. */
const lowerByImages: Lower = (node, context) => {
  const { k, store, shared, own } = context;
  const [x, y] = [valueOf(context, node.inputs[0]), valueOf(context, node.output)];
  const inputs = x.layout.image;
  const outputs = y.layout.channels;
  const relu = node.relu ? 1 : 0;
  const weight = store.find(node.layer, 'weight');
  const bias = node.spec.params.some((param) => param.name === 'bias') ? store.find(node.layer, 'bias') : null;
  const transposed = x.gradient ? shared.floats(Math.ceil(inputs / 8) * 8 * outputs) : 0;
  const work = own.scratch((GROUP * (inputs + 8) + 16) * 4);
  const stage = x.gradient?.joined ? own.floats(GROUP * inputs) : 0;
  return {
    prepare: [transpose(context, node, inputs, outputs, transposed)],
    local: {
      forward(first, count) {
        const b = bias?.address ?? 0;
        k.denseForward(pixels(x, first), count, inputs, weight.address, b, outputs, pixels(y, first), outputs, relu);
      },
      backward(first, count) {
        maskGradient(k, y, first, count);
        const error = errors(gradientOf(y), first, first);
        const dw = shardGradient(context, weight.gradient);
        if (bias) k.denseBiasGradient(error, outputs, count, outputs, shardGradient(context, bias.gradient));
        k.denseWeightGradient(pixels(x, first), count, inputs, error, outputs, outputs, dw, work, 1, 1);
        if (!x.gradient) return;
        const to = errors(x.gradient, first, first);
        k.denseForward(error, count, outputs, transposed, 0, inputs, stage || to, inputs, 0);
        if (stage) k.addRows(stage, inputs, to, inputs, count, inputs);
      },
    },
  };
};
