import type { ConvPlan } from '../conv-plan';
import type { Node } from '../fuse';
import { windowFields } from '../plane';
import { errors, pixels } from '../values';
import { biasOf, convPlan, inputBlock, openConv } from './conv-common';
import { shardGradient, type Lowering, type Preparation } from './lowering';
import type { GradientWriter } from './gradient-writer';

interface GeneralBackward {
  readonly prepare: readonly Preparation[];
  weightGradient(i: number, first: number): void;
  inputGradient(i: number, first: number, padded: GradientWriter): void;
}

/** The fields that all kernels for any stride, dilation and groups have in common. */
function generalFields({ window, groups, channels, filters, outHeight, outWidth }: ConvPlan) {
  const sizes = { groups, groupChannels: channels / groups, groupFilters: filters / groups, outHeight, outWidth };
  return { ...windowFields(window), ...sizes };
}

/** Any stride, dilation and groups. */
export function generalForward(node: Node, context: Lowering): (i: number) => void {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { x, y } = openConv(node, context);
  const at = inputBlock(x, plan);
  const call = {
    ...generalFields(plan),
    x: 0,
    xRow: x.layout.row,
    xPixel: x.layout.lanes,
    weights: store.find(node.layer, 'weight').address,
    bias: biasOf(node, context).address,
    y: 0,
    yRow: y.layout.row,
    yPixel: y.layout.lanes,
    relu: node.relu ? 1 : 0,
  };
  return (i) => {
    call.x = at(i);
    call.y = pixels(y, i);
    k.convForwardGeneral(call);
  };
}

export function generalBackward(node: Node, context: Lowering): GeneralBackward {
  const plan = convPlan(node, context);
  const { k, store, shared } = context;
  const fields = generalFields(plan);
  const { x, dy, dx } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const { groups, kernelHeight, kernelWidth, groupChannels, groupFilters } = fields;
  const size = groups * kernelHeight * kernelWidth * Math.ceil(groupChannels / 8) * 8 * groupFilters;
  const transposed = dx ? shared.floats(size) : 0;
  const at = inputBlock(x, plan);
  const call = {
    ...fields,
    x: 0,
    xRow: x.layout.row,
    xPixel: x.layout.lanes,
    dWeights: 0,
    dy: 0,
    dyRow: dy.layout.row,
    dyPixel: dy.layout.lanes,
    transposed,
    dx: 0,
    dxRow: 0,
    dxPixel: x.layout.lanes,
  };
  const run = (): void => k.packTransposed({ weights: weight.address, ...fields, transposed });
  return {
    prepare: [{ cost: 4 * size, forward: false, run }],
    weightGradient(i, first) {
      call.x = at(i);
      call.dWeights = shardGradient(context, weight.gradient);
      call.dy = errors(dy, i, first);
      k.convWeightGradientGeneral(call);
    },
    inputGradient(i, first, padded) {
      call.dy = errors(dy, i, first);
      call.dx = padded.at(i, first);
      call.dxRow = padded.row;
      k.convInputGradientGeneral(call);
    },
  };
}

/** The fields that all depthwise kernels have in common. */
function depthwiseFields({ window, channels, outHeight, outWidth }: ConvPlan) {
  return { ...windowFields(window), channels, outHeight, outWidth };
}

/** As many groups as channels, one filter each. */
export function depthwiseForward(node: Node, context: Lowering): (i: number) => void {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { x, y } = openConv(node, context);
  const at = inputBlock(x, plan);
  const call = {
    ...depthwiseFields(plan),
    x: 0,
    xRow: x.layout.row,
    weights: store.find(node.layer, 'weight').address,
    bias: biasOf(node, context).address,
    y: 0,
    yRow: y.layout.row,
    relu: node.relu ? 1 : 0,
  };
  return (i) => {
    call.x = at(i);
    call.y = pixels(y, i);
    k.depthwiseForward(call);
  };
}

export function depthwiseBackward(node: Node, context: Lowering): GeneralBackward {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { x, dy } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const at = inputBlock(x, plan);
  const call = {
    ...depthwiseFields(plan),
    x: 0,
    xRow: x.layout.row,
    weights: weight.address,
    dWeights: 0,
    dy: 0,
    dyRow: dy.layout.row,
    dx: 0,
    dxRow: 0,
  };
  return {
    prepare: [],
    weightGradient(i, first) {
      call.x = at(i);
      call.dWeights = shardGradient(context, weight.gradient);
      call.dy = errors(dy, i, first);
      k.depthwiseWeightGradient(call);
    },
    inputGradient(i, first, padded) {
      call.dy = errors(dy, i, first);
      call.dx = padded.at(i, first);
      call.dxRow = padded.row;
      k.depthwiseInputGradient(call);
    },
  };
}
