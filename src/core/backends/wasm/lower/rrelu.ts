import { meanSlope, rrelu } from '../../../layers/rrelu';
import { configOf } from '../../../model/graph';
import { stream } from '../../../random';
import { open, ROWS, uses } from '../access';
import { eachBlock, errors, pixels } from '../values';
import { eachDrawnRow } from './draws';
import type { Lower } from './lowering';

/** Randomized relu: new slopes in every training pass, times x; a leaky relu at inference. */
export const lowerRrelu: Lower = (node, context) => {
  const { k, run, shared, maxBatch } = context;
  const tensors = open(node, context.plan, uses(ROWS));
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const config = configOf(node.spec, rrelu);
  const { lower, upper } = config;
  const alpha = meanSlope(config);
  const { layout } = x;
  const slopes = shared.floats(maxBatch * layout.image);
  const slopesAt = (i: number): number => slopes + (i * layout.image + layout.offset) * 4;
  const drawSlopes = (first: number, count: number): void =>
    eachDrawnRow({ node, run, layout, stream: stream.slopes }, first, count, (i, offset, draws) =>
      k.randomSlopes({ x: pixels(x, i) + offset, slopes: slopesAt(i) + offset, ...draws, lower, range: upper - lower }),
    );
  return {
    local: {
      forward(first, count) {
        if (run.training) drawSlopes(first, count);
        eachBlock([layout, y.layout], first, count, (i, _images, rows, length) => {
          const places = { y: pixels(y, i), yRow: y.layout.row, rows, length };
          if (!run.training) k.leakyReluForward({ x: pixels(x, i), xRow: layout.row, ...places, alpha });
          else {
            const factors = { a: pixels(x, i), aRow: layout.row, b: slopesAt(i), bRow: layout.row };
            k.multiplyRows({ ...factors, ...places, accumulate: 0 });
          }
        });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        const accumulate = dx.joined ? 1 : 0;
        eachBlock([layout, dy.layout, dx.layout], first, count, (i, _images, rows, length) => {
          const [error, target] = [errors(dy, i, first), errors(dx, i, first)];
          if (run.training) {
            k.multiplyRows({
              a: error,
              aRow: dy.layout.row,
              b: slopesAt(i),
              bRow: layout.row,
              y: target,
              yRow: dx.layout.row,
              rows,
              length,
              accumulate,
            });
          } else {
            k.leakyReluBackward({
              saved: pixels(x, i),
              savedRow: layout.row,
              dy: error,
              dyRow: dy.layout.row,
              dx: target,
              dxRow: dx.layout.row,
              rows,
              length,
              accumulate,
              alpha,
            });
          }
        });
      },
    },
  };
};
