import { dropoutThreshold } from '../../../kernels/reference/dropout';
import { dropout } from '../../../layers/dropout';
import { configOf } from '../../../model/graph';
import { stream } from '../../../random';
import { open, ROWS, uses } from '../access';
import { eachBlock, errors, pixels } from '../values';
import { eachDrawnRow } from './draws';
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
  const drawMask = (first: number, count: number): void =>
    eachDrawnRow({ node, run, layout, stream: stream.dropout }, first, count, (i, offset, draws) =>
      k.dropoutMask({ mask: maskAt(i) + offset, ...draws, threshold, kept }),
    );
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
