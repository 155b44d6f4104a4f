import type { Node } from '../fuse';
import { errors, pixels } from '../values';
import { biasOf, convPlan, inputBlock, openConv } from './conv-common';
import { shardGradient, type Lowering, type Preparation } from './lowering';
import type { GradientWriter } from './gradient-writer';

interface GeneralBackward {
  readonly prepare: readonly Preparation[];
  weightGradient(i: number, first: number): void;
  inputGradient(i: number, first: number, padded: GradientWriter): void;
}

/** Any stride, dilation and groups. */
export function generalForward(node: Node, context: Lowering): (i: number) => void {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { kernel, stride, dilation } = plan.window;
  const { groups, channels, filters, outHeight, outWidth } = plan;
  const { x, y } = openConv(node, context);
  const weight = store.find(node.layer, 'weight').address;
  const bias = biasOf(node, context).address;
  const relu = node.relu ? 1 : 0;
  const at = inputBlock(x, plan);
  return (i) =>
    k.convForwardGeneral({
      x: at(i),
      xRow: x.layout.row,
      xPixel: x.layout.lanes,
      groupChannels: channels / groups,
      kernelHeight: kernel[0],
      kernelWidth: kernel[1],
      strideHeight: stride[0],
      strideWidth: stride[1],
      dilationHeight: dilation[0],
      dilationWidth: dilation[1],
      groups,
      outHeight,
      outWidth,
      weights: weight,
      bias,
      groupFilters: filters / groups,
      y: pixels(y, i),
      yRow: y.layout.row,
      yPixel: y.layout.lanes,
      relu,
    });
}

export function generalBackward(node: Node, context: Lowering): GeneralBackward {
  const plan = convPlan(node, context);
  const { k, store, shared } = context;
  const { kernel, stride, dilation } = plan.window;
  const { groups, outHeight, outWidth } = plan;
  const groupChannels = plan.channels / groups;
  const groupFilters = plan.filters / groups;
  const [kh, kw] = kernel;
  const { x, dy, dx } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const size = groups * kh * kw * Math.ceil(groupChannels / 8) * 8 * groupFilters;
  const transposed = dx ? shared.floats(size) : 0;
  const at = inputBlock(x, plan);
  const run = (): void =>
    k.packTransposed({
      weights: weight.address,
      groupChannels,
      kernelHeight: kh,
      kernelWidth: kw,
      groupFilters,
      groups,
      transposed,
    });
  return {
    prepare: [{ cost: 4 * size, forward: false, run }],
    weightGradient(i, first) {
      k.convWeightGradientGeneral({
        x: at(i),
        xRow: x.layout.row,
        xPixel: x.layout.lanes,
        groupChannels,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideHeight: stride[0],
        strideWidth: stride[1],
        dilationHeight: dilation[0],
        dilationWidth: dilation[1],
        groups,
        outHeight,
        outWidth,
        dWeights: shardGradient(context, weight.gradient),
        groupFilters,
        dy: errors(dy, i, first),
        dyRow: dy.layout.row,
        dyPixel: dy.layout.lanes,
      });
    },
    inputGradient(i, first, padded) {
      k.convInputGradientGeneral({
        dy: errors(dy, i, first),
        dyRow: dy.layout.row,
        dyPixel: dy.layout.lanes,
        groupFilters,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideHeight: stride[0],
        strideWidth: stride[1],
        dilationHeight: dilation[0],
        dilationWidth: dilation[1],
        groups,
        outHeight,
        outWidth,
        transposed,
        groupChannels,
        dx: padded.at(i, first),
        dxRow: padded.row,
        dxPixel: x.layout.lanes,
      });
    },
  };
}

/** As many groups as channels, one filter each. */
export function depthwiseForward(node: Node, context: Lowering): (i: number) => void {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { kernel, stride, dilation } = plan.window;
  const { channels, outHeight, outWidth } = plan;
  const { x, y } = openConv(node, context);
  const weight = store.find(node.layer, 'weight').address;
  const bias = biasOf(node, context).address;
  const relu = node.relu ? 1 : 0;
  const at = inputBlock(x, plan);
  return (i) =>
    k.depthwiseForward({
      x: at(i),
      xRow: x.layout.row,
      channels,
      kernelHeight: kernel[0],
      kernelWidth: kernel[1],
      strideHeight: stride[0],
      strideWidth: stride[1],
      dilationHeight: dilation[0],
      dilationWidth: dilation[1],
      outHeight,
      outWidth,
      weights: weight,
      bias,
      y: pixels(y, i),
      yRow: y.layout.row,
      relu,
    });
}

export function depthwiseBackward(node: Node, context: Lowering): GeneralBackward {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { kernel, stride, dilation } = plan.window;
  const { channels, outHeight, outWidth } = plan;
  const { x, dy } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const at = inputBlock(x, plan);
  return {
    prepare: [],
    weightGradient(i, first) {
      const dw = shardGradient(context, weight.gradient);
      k.depthwiseWeightGradient({
        x: at(i),
        xRow: x.layout.row,
        channels,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideHeight: stride[0],
        strideWidth: stride[1],
        dilationHeight: dilation[0],
        dilationWidth: dilation[1],
        outHeight,
        outWidth,
        dWeights: dw,
        dy: errors(dy, i, first),
        dyRow: dy.layout.row,
      });
    },
    inputGradient(i, first, padded) {
      k.depthwiseInputGradient({
        dy: errors(dy, i, first),
        dyRow: dy.layout.row,
        channels,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideHeight: stride[0],
        strideWidth: stride[1],
        dilationHeight: dilation[0],
        dilationWidth: dilation[1],
        outHeight,
        outWidth,
        weights: weight.address,
        dx: padded.at(i, first),
        dxRow: padded.row,
      });
    },
  };
}
