import { groupnorm } from '../../../layers/groupnorm';
import { instancenorm } from '../../../layers/instancenorm';
import { layernorm } from '../../../layers/layernorm';
import { configOf, isOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import type { Node } from '../fuse';
import { isDense, makeLayout } from '../layout';
import { errors, pixels, rowAt } from '../values';
import { shardGradient, type Lower, type Lowered, type Lowering } from './lowering';

/** Layer norm: a row of the kernel is a pixel, or over all units an image, which then lies without gaps or is copied so. */
export const lowerLayerNorm: Lower = (node, context) => {
  const { over, epsilon } = configOf(node.spec, layernorm);
  if (over === 'all') return wholeImages(node, context, epsilon);
  const { k, store } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { height, width, channels } = x.layout;
  const [scale, shift] = [store.find(node.layer, 'scale'), store.find(node.layer, 'shift')];
  const common = { rows: width, length: channels, scale: scale.address, epsilon };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          for (let row = 0; row < height; row++)
            k.layerNormForward({
              ...common,
              x: rowAt(x.layout, pixels(x, i), row),
              xRow: channels,
              y: rowAt(y.layout, pixels(y, i), row),
              yRow: channels,
              shift: shift.address,
            });
      },
      backward(first, count) {
        if (!dy) return;
        const [dScale, dShift] = [shardGradient(context, scale.gradient), shardGradient(context, shift.gradient)];
        for (let i = first; i < first + count; i++)
          for (let row = 0; row < height; row++)
            k.layerNormBackward({
              ...common,
              x: rowAt(x.layout, pixels(x, i), row),
              xRow: channels,
              dy: rowAt(dy.layout, errors(dy, i, first), row),
              dyRow: channels,
              dx: dx ? rowAt(dx.layout, errors(dx, i, first), row) : 0,
              dxRow: channels,
              dScale,
              dShift,
              accumulate: dx?.joined ? 1 : 0,
            });
      },
    },
  };
};

function wholeImages(node: Node, context: Lowering, epsilon: number): Lowered {
  const { k, store, own } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { height, width, channels } = x.layout;
  const dense = makeLayout([height, width, channels]);
  const { image, row } = dense;
  const [scale, shift] = [store.find(node.layer, 'scale'), store.find(node.layer, 'shift')];
  const stage = (needed: boolean): number => (needed ? own.floats(image + 16) : 0);
  const stages = {
    x: stage(!isDense(x.layout)),
    y: stage(!isDense(y.layout)),
    dy: stage(dy !== null && !isDense(dy.layout)),
    dx: stage(dx !== null && !isDense(dx.layout)),
  };
  const bring = (from: number, fromRow: number, to: number): number => {
    if (!to) return from;
    k.copyRows({ x: from, xRow: fromRow, y: to, yRow: row, rows: height, length: row });
    return to;
  };
  const common = { xRow: image, rows: 1, length: image, scale: scale.address, epsilon };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          const from = bring(pixels(x, i), x.layout.row, stages.x);
          const to = stages.y || pixels(y, i);
          k.layerNormForward({ ...common, x: from, y: to, yRow: image, shift: shift.address });
          if (stages.y)
            k.copyRows({ x: to, xRow: row, y: pixels(y, i), yRow: y.layout.row, rows: height, length: row });
        }
      },
      backward(first, count) {
        if (!dy) return;
        const [dScale, dShift] = [shardGradient(context, scale.gradient), shardGradient(context, shift.gradient)];
        for (let i = first; i < first + count; i++) {
          const target = dx ? stages.dx || errors(dx, i, first) : 0;
          k.layerNormBackward({
            ...common,
            x: bring(pixels(x, i), x.layout.row, stages.x),
            dy: bring(errors(dy, i, first), dy.layout.row, stages.dy),
            dyRow: image,
            dx: target,
            dxRow: image,
            dScale,
            dShift,
            accumulate: dx?.joined && !stages.dx ? 1 : 0,
          });
          if (!dx || !stages.dx) continue;
          const bringHome = dx.joined ? k.addRows : k.copyRows;
          bringHome({ x: target, xRow: row, y: errors(dx, i, first), yRow: dx.layout.row, rows: height, length: row });
        }
      },
    },
  };
}

/** Group and instance norm: batch norm's kernels, with the sums of one image. */
export const lowerGroupNorm: Lower = (node, context) => {
  const { k, store, own } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { height, width, channels, row } = x.layout;
  const { epsilon } = configOf(node.spec, isOf(node.spec, groupnorm) ? groupnorm : instancenorm);
  const groups = isOf(node.spec, groupnorm) ? node.spec.config.groups : channels;
  const [scale, shift] = [store.find(node.layer, 'scale'), store.find(node.layer, 'shift')];
  const sums = own.bytes(channels * 16);
  const [mean, inverse, means] = [own.floats(channels), own.floats(channels), own.floats(2 * channels)];
  const places = height * width;
  const statistics = (i: number): void => {
    k.fillZero({ pointer: sums, bytes: 16 * channels });
    k.batchNormSums({ x: pixels(x, i), xRow: row, rows: height, width, channels, sums });
    k.groupNormStatistics({ sums, channels, groups, places, epsilon, mean, inverse });
  };
  const common = { xRow: row, rows: height, width, channels, mean, inverse };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          statistics(i);
          k.batchNormForward({
            ...common,
            x: pixels(x, i),
            y: pixels(y, i),
            yRow: y.layout.row,
            scale: scale.address,
            shift: shift.address,
            relu: 0,
          });
        }
      },
      backward(first, count) {
        if (!dy) return;
        const [dScale, dShift] = [shardGradient(context, scale.gradient), shardGradient(context, shift.gradient)];
        for (let i = first; i < first + count; i++) {
          statistics(i);
          const error = { dy: errors(dy, i, first), dyRow: dy.layout.row };
          k.fillZero({ pointer: sums, bytes: 16 * channels });
          k.batchNormGradientSums({ ...common, ...error, x: pixels(x, i), sums });
          k.groupNormGradients({ sums, channels, groups, places, scale: scale.address, dScale, dShift, means });
          if (!dx) continue;
          k.groupNormBackward({
            ...common,
            ...error,
            x: pixels(x, i),
            dx: errors(dx, i, first),
            dxRow: dx.layout.row,
            scale: scale.address,
            means,
            accumulate: dx.joined ? 1 : 0,
          });
        }
      },
    },
  };
};
