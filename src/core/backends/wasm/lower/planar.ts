import type { Node } from '../fuse';
import { LANES, open, uses } from '../access';
import { errors, pixels } from '../values';
import { biasOf, convPlan, inputBlock, openConv } from './conv-common';
import { shardGradient, type Lower, type Lowering, type Planes } from './lowering';

function planesOf(node: Node, context: Lowering): Planes {
  const found = context.planes.get(node);
  if (found) return found;
  const { outHeight, outWidth, filters, window } = convPlan(node, context);
  const [size] = window.kernel;
  const block = size === 5 ? 6 : 4;
  const row = Math.ceil(outWidth / 8) * 8;
  const plane = row * outHeight + 16;
  const floats = plane * Math.ceil(filters / block) * block;
  const planes = {
    row,
    plane,
    y: context.shared.floats(context.maxBatch * floats),
    image: floats * 4,
    dy: context.own.floats(floats + plane),
    partial: context.own.floats(Math.ceil(filters / 2) * 2 * size * size * 4 + 16),
  };
  context.planes.set(node, planes);
  return planes;
}

/** A first convolution of one channel: along the width, into planes. Its backward pass is part of the pooling's. */
export const lowerPlanarConv: Lower = (node, context) => {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { x } = openConv(node, context);
  const run = plan.window.kernel[0] === 5 ? k.planarConvForward5 : k.planarConvForward3;
  const weight = store.find(node.layer, 'weight').address;
  const bias = biasOf(node, context).address;
  const { row, plane, y, image } = planesOf(node, context);
  const at = inputBlock(x, plan);
  const { outHeight, outWidth, filters } = plan;
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          run({
            x: at(i),
            xRow: x.layout.row,
            outHeight,
            outWidth,
            weights: weight,
            bias,
            filters,
            y: y + i * image,
            yRow: row,
            plane,
            relu: 1,
          });
        }
      },
      backward() {},
    },
  };
};

/** 2×2 pooling of those planes; backward through pooling, ReLU and convolution at once. */
export function lowerPlanarPool(node: Node, conv: Node, context: Lowering): ReturnType<Lower> {
  const plan = convPlan(conv, context);
  const { k, store } = context;
  const { x } = openConv(conv, context);
  // Its input, and the gradient of that, are the planes.
  const { y, dy } = open(node, context.plan, { ...uses(LANES), alike: true });
  const five = plan.window.kernel[0] === 5;
  const weightGradient = five ? k.planarConvWeightGradient5 : k.planarConvWeightGradient3;
  const finish = five ? k.planarConvFinish5 : k.planarConvFinish3;
  const weight = store.find(conv.layer, 'weight');
  const bias = biasOf(conv, context);
  const dBias = bias.gradient || context.own.floats(plan.filters + 8);
  const planes = planesOf(conv, context);
  const { row, plane, image } = planes;
  const at = inputBlock(x, plan);
  const { filters, outHeight, outWidth } = plan;
  const { height, width } = y.layout;
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          k.planarPoolForward({
            x: planes.y + i * image,
            xRow: row,
            plane,
            channels: filters,
            outHeight: height,
            outWidth: width,
            y: pixels(y, i),
            yRow: y.layout.row,
          });
        }
      },
      backward(first, count) {
        if (!dy) return;
        const db = bias.gradient ? shardGradient(context, dBias) : dBias;
        for (let i = first; i < first + count; i++) {
          const [own, from] = [planes.y + i * image, errors(dy, i, first)];
          k.planarPoolBackward({
            x: own,
            xRow: row,
            plane,
            channels: filters,
            outHeight: height,
            outWidth: width,
            y: pixels(y, i),
            yRow: y.layout.row,
            dy: from,
            dyRow: dy.layout.row,
            dx: planes.dy,
            dBias: db,
          });
          weightGradient({
            x: at(i),
            xRow: x.layout.row,
            outHeight,
            outWidth,
            dy: planes.dy,
            dyRow: row,
            plane,
            filters,
            partial: planes.partial,
          });
        }
      },
      endShard() {
        finish({ partial: planes.partial, filters, dWeights: shardGradient(context, weight.gradient) });
      },
    },
  };
}
