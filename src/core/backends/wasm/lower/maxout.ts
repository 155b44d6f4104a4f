import { maxout } from '../../../layers/maxout';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import type { Lower } from './lowering';

/** Maxout, image by image. */
export const lowerMaxout: Lower = (node, context) => {
  const { k } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { height: rows, width, channels } = y.layout;
  const common = { rows, width, channels, pieces: configOf(node.spec, maxout).pieces };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          k.maxoutForward({ ...common, x: pixels(x, i), xRow: x.layout.row, y: pixels(y, i), yRow: y.layout.row });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        for (let i = first; i < first + count; i++)
          k.maxoutBackward({
            ...common,
            x: pixels(x, i),
            xRow: x.layout.row,
            y: pixels(y, i),
            yRow: y.layout.row,
            dy: errors(dy, i, first),
            dyRow: dy.layout.row,
            dx: errors(dx, i, first),
            dxRow: dx.layout.row,
            accumulate: dx.joined ? 1 : 0,
          });
      },
    },
  };
};
