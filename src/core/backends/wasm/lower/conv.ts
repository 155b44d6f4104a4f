import { biasOf, convPlan, inputBlock, openConv, outputBlock, paddedLayout } from './conv-common';
import { depthwiseBackward, depthwiseForward, generalBackward, generalForward } from './conv-general';
import { lowerPlanarConv } from './planar';
import { GradientWriter } from './gradient-writer';
import { directWeightGradient, rotatedInputGradient, scatterInputGradient } from './conv-direct';
import { winograd } from './winograd';
import { shardGradient, type LocalOp, type Lower, type Preparation } from './lowering';
import { errors, maskGradient, pixels } from '../values';

/** Convolution, with the ReLU after it if they were fused, by the kernels that the plan names. */
export const lowerConv: Lower = (node, context) => {
  const plan = convPlan(node, context);
  if (plan.forward === 'planar') return lowerPlanarConv(node, context);
  const { k, store } = context;
  const { x, y, dy, dx } = openConv(node, context);
  const relu = node.relu ? 1 : 0;
  const weight = store.find(node.layer, 'weight');
  const bias = biasOf(node, context);
  const prepare: Preparation[] = [];
  const wino = plan.forward === 'winograd' || plan.inputGradient === 'winograd' ? winograd(node, context) : null;
  if (wino) prepare.push(...wino.prepare);

  const at = inputBlock(x, plan);
  const { kernel } = plan.window;
  const zeroRows = plan.trimmed ? 0 : Math.min(plan.window.pad[0], plan.window.pad[2]);
  const forwardOne = ((): ((i: number) => void) => {
    const { channels, filters, outHeight, outWidth } = plan;
    const [xRow, yRow] = [x.layout.row, y.layout.row];
    if (plan.forward === 'row') {
      const run = kernel[1] * channels === 9 ? k.convForwardRow9 : k.convForwardRow30;
      const [w, b] = [weight.address, bias.address];
      return (i) =>
        run({
          x: at(i),
          xRow,
          channels,
          kernelHeight: kernel[0],
          outHeight,
          outWidth,
          weights: w,
          bias: b,
          filters,
          y: pixels(y, i),
          yRow,
          relu,
          zeroRows,
        });
    }
    if (plan.forward === 'direct') {
      const [w, b] = [weight.address, bias.address];
      return (i) =>
        k.convForward({
          x: at(i),
          xRow,
          channels,
          kernelHeight: kernel[0],
          kernelWidth: kernel[1],
          outHeight,
          outWidth,
          weights: w,
          bias: b,
          filters,
          y: pixels(y, i),
          yRow,
          relu,
          zeroRows,
        });
    }
    return plan.forward === 'depthwise' ? depthwiseForward(node, context) : generalForward(node, context);
  })();

  const forward = wino
    ? wino.forward
    : (first: number, count: number): void => {
        for (let i = first; i < first + count; i++) forwardOne(i);
      };
  if (!dy) return { local: { forward, backward: () => {} }, prepare };

  const block = outputBlock(plan);
  const padded = dx && plan.paddedGradient ? new GradientWriter(x, dx, paddedLayout(plan, x), context) : null;
  const biasGradient = (first: number, count: number): void => {
    if (!bias.gradient) return;
    const target = shardGradient(context, bias.gradient);
    for (let i = first; i < first + count; i++) {
      k.biasGradient({
        dy: errors(dy, i, first),
        dyRow: dy.layout.row,
        rows: block.outHeight,
        width: block.outWidth,
        channels: block.filters,
        dBias: target,
      });
    }
  };

  let local: LocalOp;
  if (wino) {
    local = {
      forward,
      backward(first, count) {
        maskGradient(k, y, dy, first, count);
        biasGradient(first, count);
        wino.backward(first, count, padded);
      },
      endShard: wino.endShard,
    };
  } else if (plan.inputGradient === 'depthwise' || plan.inputGradient === 'general') {
    const general =
      plan.inputGradient === 'depthwise' ? depthwiseBackward(node, context) : generalBackward(node, context);
    if (dx) prepare.push(...general.prepare);
    local = {
      forward,
      backward(first, count) {
        maskGradient(k, y, dy, first, count);
        biasGradient(first, count);
        for (let i = first; i < first + count; i++) general.weightGradient(i, first);
        if (!padded) return;
        padded.begin(first, count);
        for (let i = first; i < first + count; i++) general.inputGradient(i, first, padded);
        padded.end(first, count);
      },
    };
  } else {
    const weightGradient = directWeightGradient(node, context);
    const input = !dx
      ? null
      : plan.inputGradient === 'scatter'
        ? scatterInputGradient(node, context, padded)
        : rotatedInputGradient(node, context);
    if (input) prepare.push(...input.prepare);
    local = {
      forward,
      backward(first, count) {
        maskGradient(k, y, dy, first, count);
        biasGradient(first, count);
        for (let i = first; i < first + count; i++) weightGradient(i, first);
        input?.run(first, count);
      },
    };
  }
  return { local, prepare };
};
