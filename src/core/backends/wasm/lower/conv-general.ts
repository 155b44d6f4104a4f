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
    k.convForwardGeneral(
      at(i),
      x.layout.row,
      x.layout.lanes,
      channels / groups,
      ...kernel,
      ...stride,
      ...dilation,
      groups,
      outHeight,
      outWidth,
      weight,
      bias,
      filters / groups,
      pixels(y, i),
      y.layout.row,
      y.layout.lanes,
      relu,
    );
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
  const run = (): void => k.packTransposed(weight.address, groupChannels, kh, kw, groupFilters, groups, transposed);
  return {
    prepare: [{ cost: 4 * size, forward: false, run }],
    weightGradient(i, first) {
      k.convWeightGradientGeneral(
        at(i),
        x.layout.row,
        x.layout.lanes,
        groupChannels,
        ...kernel,
        ...stride,
        ...dilation,
        groups,
        outHeight,
        outWidth,
        shardGradient(context, weight.gradient),
        groupFilters,
        errors(dy, i, first),
        dy.layout.row,
        dy.layout.lanes,
      );
    },
    inputGradient(i, first, padded) {
      k.convInputGradientGeneral(
        errors(dy, i, first),
        dy.layout.row,
        dy.layout.lanes,
        groupFilters,
        ...kernel,
        ...stride,
        ...dilation,
        groups,
        outHeight,
        outWidth,
        transposed,
        groupChannels,
        padded.at(i, first),
        padded.row,
        x.layout.lanes,
      );
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
    k.depthwiseForward(
      at(i),
      x.layout.row,
      channels,
      ...kernel,
      ...stride,
      ...dilation,
      outHeight,
      outWidth,
      weight,
      bias,
      pixels(y, i),
      y.layout.row,
      relu,
    );
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
      k.depthwiseWeightGradient(
        at(i),
        x.layout.row,
        channels,
        ...kernel,
        ...stride,
        ...dilation,
        outHeight,
        outWidth,
        dw,
        errors(dy, i, first),
        dy.layout.row,
      );
    },
    inputGradient(i, first, padded) {
      k.depthwiseInputGradient(
        errors(dy, i, first),
        dy.layout.row,
        channels,
        ...kernel,
        ...stride,
        ...dilation,
        outHeight,
        outWidth,
        weight.address,
        padded.at(i, first),
        padded.row,
      );
    },
  };
}
