import { LANES, open, ROWS, uses } from '../access';
import { makeLayout } from '../layout';
import { eachBlock, errors, pixels, type Activation } from '../values';
import { lowerFallback } from './fallback';
import type { Lower } from './lowering';

/** Sum of branches of one shape. Broadcasting is rare and runs as the reference does. */
export const lowerAdd: Lower = (node, context) => {
  const { k } = context;
  const { x: inputs, y, dy, dx: gradients } = open(node, context.plan, uses(LANES));
  const same = ({ layout }: Activation): boolean =>
    layout.height === y.layout.height && layout.width === y.layout.width && layout.lanes === y.layout.lanes;
  if (!inputs.every(same)) return lowerFallback(node, context);
  return {
    local: {
      forward(first, count) {
        inputs.forEach((x, index) => {
          const run = index === 0 ? k.copyRows : k.addRows;
          eachBlock([x.layout, y.layout], first, count, (i, _images, rows, length) => {
            run({ x: pixels(x, i), xRow: x.layout.row, y: pixels(y, i), yRow: y.layout.row, rows, length });
          });
        });
      },
      backward(first, count) {
        for (const dx of gradients) {
          if (!dx || !dy) continue;
          const run = dx.joined ? k.addRows : k.copyRows;
          eachBlock([dy.layout, dx.layout], first, count, (i, _images, rows, length) => {
            run({
              x: errors(dy, i, first),
              xRow: dy.layout.row,
              y: errors(dx, i, first),
              yRow: dx.layout.row,
              rows,
              length,
            });
          });
        }
      },
    },
  };
};

/** The channels of the branches, one after the other. */
export const lowerConcat: Lower = (node, context) => {
  const { k } = context;
  const { x: all, y, dy, dx: gradients } = open(node, context.plan, uses(ROWS));
  let next = 0;
  const inputs = all.map((x, i) => {
    const start = next;
    next += x.layout.channels;
    return { x, dx: gradients[i], start };
  });
  const { height, width, lanes } = y.layout;
  return {
    local: {
      forward(first, count) {
        for (const { x, start } of inputs) {
          const { row, lanes: pixel, channels } = x.layout;
          for (let i = first; i < first + count; i++) {
            k.copyChannels({
              x: pixels(x, i),
              xRow: row,
              xPixel: pixel,
              y: pixels(y, i) + start * 4,
              yRow: y.layout.row,
              yPixel: lanes,
              rows: height,
              width,
              channels,
              accumulate: 0,
            });
          }
        }
      },
      backward(first, count) {
        for (const { dx, start } of inputs) {
          if (!dx || !dy) continue;
          const { row, lanes: pixel, channels } = dx.layout;
          const accumulate = dx.joined ? 1 : 0;
          for (let i = first; i < first + count; i++) {
            const error = errors(dy, i, first) + start * 4;
            k.copyChannels({
              x: error,
              xRow: dy.layout.row,
              xPixel: lanes,
              y: errors(dx, i, first),
              yRow: row,
              yPixel: pixel,
              rows: height,
              width,
              channels,
              accumulate,
            });
          }
        }
      },
    },
  };
};

/** A map as flat features in CHW order. (Mostly it is left out: see `fuse`.) */
export const lowerFlatten: Lower = (node, context) => {
  const { k, own } = context;
  const tensors = open(node, context.plan, uses(LANES));
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const { height, width, channels, lanes, row } = x.layout;
  if (lanes !== channels) return lowerFallback(node, context);
  const joined = dx?.joined === true;
  const dense = makeLayout([height, width, channels]);
  const stage = joined ? own.floats(dense.image) : 0;
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          k.nhwcToNchw({ x: pixels(x, i), xRow: row, channels, height, width, y: pixels(y, i) });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        for (let i = first; i < first + count; i++) {
          const to = errors(dx, i, first);
          const [target, targetRow] = stage ? [stage, dense.row] : [to, dx.layout.row];
          k.nchwToNhwc({ x: errors(dy, i, first), channels, height, width, y: target, yRow: targetRow });
          if (stage)
            k.addRows({ x: stage, xRow: dense.row, y: to, yRow: dx.layout.row, rows: height, length: dense.row });
        }
      },
    },
  };
};
