import { splitRange } from '../shards';
import { FLAT, open } from '../access';
import { makeLayout } from '../layout';
import { errors, maskGradient, pixels, type Activation, type Gradient } from '../values';
import { isWholeBatch } from '../plan';
import { GradientWriter } from './gradient-writer';
import { shardGradient, type Lower, type Lowering, type Preparation, type Step } from './lowering';
import { GROUP } from '../shards';
import type { Node } from '../fuse';

/** A step that shares out panels. */
const panels = (run: () => void): Step => ({ run });

/** Dense layers: large ones by panels over the whole batch, small ones image by image with the layers around them. */
export const lowerDense: Lower = (node, context) =>
  isWholeBatch(node.spec) ? lowerByPanels(node, context) : lowerByImages(node, context);

/** A dense layer's tensors: its kernels take whole images as rows, surplus lanes of a map that was not flattened along. */
function openDense(
  node: Node,
  context: Lowering,
  whole: boolean,
): { x: Activation; y: Activation; dy: Gradient | null; dx: Gradient | null } {
  const tensors = open(node, context.plan, {
    x: { gaps: false, lanes: true },
    y: FLAT,
    dy: FLAT,
    // Written without gaps, then copied into the tensor's layout.
    dx: { gaps: true, lanes: true, adds: true, masks: false },
    whole,
  });
  return { ...tensors, x: tensors.x[0], dx: tensors.dx[0] };
}

/**
 * Over the whole batch: each thread owns a range of output panels, forward and in dW, and a range of input
 * panels in dX. Every sum is then made by one thread in one order, and dW needs no reduction. With plain SGD the update
 * is part of dW's epilogue.
 */
const lowerByPanels: Lower = (node, context) => {
  const { k, store, run, shared, own, maxBatch } = context;
  const { x, y, dy, dx } = openDense(node, context, true);
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
    k.denseForward({
      x: pixels(x, 0),
      batch: run.n,
      inputs,
      weights: weight.address + from * inputs * 4,
      bias: b,
      outputs: size,
      y: pixels(y, 0) + from * 4,
      yRow: outputs,
      relu,
    });
    k.flushRows({ x: pixels(y, 0) + from * 4, xRow: outputs, rows: run.n, length: size });
  };
  if (!dy) return { batch: { forward: [panels(forward)], backward: [] } };

  const work = own.scratch((maxBatch * (inputs + 8) + 16) * 4);
  const transposed = dx ? shared.floats(Math.ceil(inputs / 8) * 8 * outputs) : 0;
  const prepare = [transpose(context, node, inputs, outputs, transposed)];
  const mask = (): void => {
    if (run.thread === 0) maskGradient(k, y, dy, 0, run.n);
  };
  const weightGradient = (): void => {
    if (out.size <= 0) return;
    const { from, size } = out;
    const error = errors(dy, 0, 0) + from * 4;
    if (bias)
      k.denseBiasGradient({ dy: error, dyRow: outputs, batch: run.n, outputs: size, dBias: bias.gradient + from * 4 });
    const fused = weight.fused && run.update;
    const target = (fused ? weight.address : weight.gradient) + from * inputs * 4;
    const [scale, keep] = fused ? [-fused.rate, 1 - fused.rate * fused.decay] : [1, 0];
    k.denseWeightGradient({
      x: pixels(x, 0),
      batch: run.n,
      inputs,
      dy: error,
      dyRow: outputs,
      outputs: size,
      dWeights: target,
      work,
      scale,
      keep,
    });
    // Weights that only decay changes.
    if (fused && fused.decay > 0)
      k.flushRows({ x: target, xRow: 0, rows: 1, length: Math.ceil(size / 8) * 8 * inputs });
  };
  const gapless = dx?.layout.image === inputs;
  const stage = dx && (dx.joined || !gapless) ? shared.floats(maxBatch * inputs) : 0;
  const inputGradient = (): void => {
    if (!dx || into.size <= 0) return;
    const { from, size } = into;
    const target = stage || errors(dx, 0, 0);
    const panel = transposed + from * outputs * 4;
    k.denseForward({
      x: errors(dy, 0, 0),
      batch: run.n,
      inputs: outputs,
      weights: panel,
      bias: 0,
      outputs: size,
      y: target + from * 4,
      yRow: inputs,
      relu: 0,
    });
    // This thread's part of the rows of a map that lies with a halo, or all at once: the same part of every image.
    const [length, apart] = gapless ? [inputs, inputs] : [x.layout.width * x.layout.lanes, dx.layout.row];
    for (let start = from; start < from + size;) {
      const end = Math.min(from + size, (Math.floor(start / length) + 1) * length);
      const place = errors(dx, 0, 0) + (Math.floor(start / length) * apart + (start % length)) * 4;
      const bring = dx.joined ? k.addRows : k.copyRows;
      if (stage)
        bring({
          x: target + start * 4,
          xRow: inputs,
          y: place,
          yRow: dx.layout.image,
          rows: run.n,
          length: end - start,
        });
      k.flushRows({ x: place, xRow: dx.layout.image, rows: run.n, length: end - start });
      start = end;
    }
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
      if (transposed)
        context.k.transposePanels({
          count: 1,
          panels: weight.address,
          panelStride: 0,
          inputs,
          outputs,
          transposed,
          transposedStride: 0,
        });
    },
  };
}

/** A group of images at a time, with gradients of the shard's own. */
const lowerByImages: Lower = (node, context) => {
  const { k, store, shared, own } = context;
  const { x, y, dy, dx } = openDense(node, context, false);
  const inputs = x.layout.image;
  const outputs = y.layout.channels;
  const relu = node.relu ? 1 : 0;
  const weight = store.find(node.layer, 'weight');
  const bias = node.spec.params.some((param) => param.name === 'bias') ? store.find(node.layer, 'bias') : null;
  const transposed = dx ? shared.floats(Math.ceil(inputs / 8) * 8 * outputs) : 0;
  const work = own.scratch((GROUP * (inputs + 8) + 16) * 4);
  const { height, width, channels, lanes } = x.layout;
  const writer = dx && new GradientWriter(x, dx, makeLayout([height, width, channels], lanes), context);
  return {
    prepare: [transpose(context, node, inputs, outputs, transposed)],
    local: {
      forward(first, count) {
        const b = bias?.address ?? 0;
        k.denseForward({
          x: pixels(x, first),
          batch: count,
          inputs,
          weights: weight.address,
          bias: b,
          outputs,
          y: pixels(y, first),
          yRow: outputs,
          relu,
        });
      },
      backward(first, count) {
        if (!dy) return;
        maskGradient(k, y, dy, first, count);
        const error = errors(dy, first, first);
        const dw = shardGradient(context, weight.gradient);
        if (bias)
          k.denseBiasGradient({
            dy: error,
            dyRow: outputs,
            batch: count,
            outputs,
            dBias: shardGradient(context, bias.gradient),
          });
        k.denseWeightGradient({
          x: pixels(x, first),
          batch: count,
          inputs,
          dy: error,
          dyRow: outputs,
          outputs,
          dWeights: dw,
          work,
          scale: 1,
          keep: 1,
        });
        if (!writer) return;
        k.denseForward({
          x: error,
          batch: count,
          inputs: outputs,
          weights: transposed,
          bias: 0,
          outputs: inputs,
          y: writer.at(first, first),
          yRow: inputs,
          relu: 0,
        });
        writer.end(first, count);
      },
    },
  };
};
