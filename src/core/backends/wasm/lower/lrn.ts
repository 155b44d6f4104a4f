import { reachOf } from '../../../kernels/reference/lrn';
import { lrn } from '../../../layers/lrn';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import { errors, pixels, rowAt } from '../values';
import type { Lower } from './lowering';

/** Local response normalization: a row of the kernel is a pixel. */
export const lowerLrn: Lower = (node, context) => {
  const { k, own } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { size, alpha, beta, bias } = configOf(node.spec, lrn);
  const { height, width, channels } = x.layout;
  const scratch = own.floats(2 * channels + 16);
  const common = { rows: width, channels, ...reachOf(size), alpha: alpha / size, beta, bias, scratch };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          for (let row = 0; row < height; row++)
            k.lrnForward({
              ...common,
              x: rowAt(x.layout, pixels(x, i), row),
              xRow: channels,
              y: rowAt(y.layout, pixels(y, i), row),
              yRow: channels,
            });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        for (let i = first; i < first + count; i++)
          for (let row = 0; row < height; row++)
            k.lrnBackward({
              ...common,
              x: rowAt(x.layout, pixels(x, i), row),
              xRow: channels,
              dy: rowAt(dy.layout, errors(dy, i, first), row),
              dyRow: channels,
              dx: rowAt(dx.layout, errors(dx, i, first), row),
              dxRow: channels,
              accumulate: dx.joined ? 1 : 0,
            });
      },
    },
  };
};
