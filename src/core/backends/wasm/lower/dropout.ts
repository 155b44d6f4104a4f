import { dropoutThreshold } from '../../../kernels/reference/dropout';
import { dropout } from '../../../layers/dropout';
import { configOf } from '../../../model/graph';
import { keyOf, stream } from '../../../random';
import { open, ROWS, uses } from '../access';
import { eachBlock, errors, pixels } from '../values';
import type { Lower } from './lowering';

/** Dropout: a mask of draws, made anew in every training pass, times x; a copy at inference. */
export const lowerDropout: Lower = (node, context) => {
  const { k, run, shared, maxBatch } = context;
  const tensors = open(node, context.plan, uses(ROWS));
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const { rate } = configOf(node.spec, dropout);
  const { layout } = x;
  const mask = shared.floats(maxBatch * layout.image);
  const maskAt = (i: number): number => mask + (i * layout.image + layout.offset) * 4;
  const [threshold, kept] = [dropoutThreshold(rate), 1 / (1 - rate)];
  /** Draws are counted in the order of the dense output: row by row through the halo. */
  const drawMask = (first: number, count: number): void => {
    const { draw } = run;
    if (!draw) throw new Error('dropout in training needs seed, epoch and samples to draw from');
    const length = layout.width * layout.channels;
    for (let i = first; i < first + count; i++) {
      const [key0, key1] = keyOf(draw.seed, stream.dropout, draw.epoch, draw.samples[i], node.layer);
      for (let y = 0; y < layout.height; y++) {
        k.dropoutMask({
          mask: maskAt(i) + y * layout.row * 4,
          count: length,
          from: y * length,
          key0,
          key1,
          threshold,
          kept,
        });
      }
    }
  };
  return {
    local: {
      forward(first, count) {
        if (run.training) drawMask(first, count);
        eachBlock([layout, y.layout], first, count, (i, _images, rows, length) => {
          if (!run.training)
            k.copyRows({ x: pixels(x, i), xRow: layout.row, y: pixels(y, i), yRow: y.layout.row, rows, length });
          else
            k.multiplyRows({
              a: pixels(x, i),
              aRow: layout.row,
              b: maskAt(i),
              bRow: layout.row,
              y: pixels(y, i),
              yRow: y.layout.row,
              rows,
              length,
              accumulate: 0,
            });
        });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        eachBlock([layout, dy.layout, dx.layout], first, count, (i, _images, rows, length) => {
          const [error, target] = [errors(dy, i, first), errors(dx, i, first)];
          if (run.training) {
            k.multiplyRows({
              a: error,
              aRow: dy.layout.row,
              b: maskAt(i),
              bRow: layout.row,
              y: target,
              yRow: dx.layout.row,
              rows,
              length,
              accumulate: dx.joined ? 1 : 0,
            });
          } else {
            const pass = dx.joined ? k.addRows : k.copyRows;
            pass({ x: error, xRow: dy.layout.row, y: target, yRow: dx.layout.row, rows, length });
          }
        });
      },
    },
  };
};
