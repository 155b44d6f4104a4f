import { binsOf } from '../../../kernels/reference/pyramid';
import { spatialpyramid } from '../../../layers/spatialpyramid';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { zeroGradient } from './gradient-writer';
import type { Lower } from './lowering';

/** Spatial pyramid pooling: each bin by the kernel of max pooling, as one window. Volumes run as the reference does. */
export const lowerSpatialPyramid: Lower = (node, context) => {
  const axes = node.spec.inputShapes[0].length - 1;
  if (axes > 2) return lowerFallback(node, context);
  const { k, own } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { levels } = configOf(node.spec, spatialpyramid);
  const { height, width, channels } = x.layout;
  let first = 0;
  const all = levels.map((level) => {
    const [rows, columns] = [axes === 1 ? [{ start: 0, end: height }] : binsOf(height, level), binsOf(width, level)];
    const bins = rows.flatMap((row, i) => columns.map((column, j) => ({ row, column, at: i * columns.length + j })));
    const start = first;
    first += bins.length * channels;
    return { rows: rows.length, columns: columns.length, bins, start };
  });
  const most = Math.max(...all.map(({ bins }) => bins.length * channels)) + 16;
  // A level's values and errors with channels last.
  const [values, gradients] = [own.floats(most), dy ? own.floats(most) : 0];
  const one = { strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0 };
  const sizes = ({ row, column }: (typeof all)[number]['bins'][number]) => {
    const [rows, columns] = [row.end - row.start, column.end - column.start];
    return { ...one, channels, height: rows, width: columns, kernelHeight: rows, kernelWidth: columns };
  };
  const single = { outHeight: 1, outWidth: 1, yRow: channels };
  return {
    local: {
      forward(from, count) {
        for (let i = from; i < from + count; i++)
          for (const { rows, columns, bins, start } of all) {
            for (const bin of bins) {
              const offset = bin.row.start * x.layout.row + bin.column.start * channels;
              const to = values + bin.at * channels * 4;
              k.maxPoolForward({ ...sizes(bin), ...single, x: pixels(x, i) + offset * 4, xRow: x.layout.row, y: to });
            }
            const map = { xRow: columns * channels, channels, height: rows, width: columns };
            k.nhwcToNchw({ ...map, x: values, y: pixels(y, i) + start * 4 });
          }
      },
      backward(from, count) {
        if (!dx || !dy) return;
        if (!dx.joined) zeroGradient(dx, context, from, count);
        for (let i = from; i < from + count; i++)
          for (const { rows, columns, bins, start } of all) {
            const map = { channels, height: rows, width: columns, yRow: columns * channels };
            k.nchwToNhwc({ ...map, x: pixels(y, i) + start * 4, y: values });
            k.nchwToNhwc({ ...map, x: errors(dy, i, from) + start * 4, y: gradients });
            for (const bin of bins) {
              const [row, column] = [bin.row.start, bin.column.start];
              k.maxPoolBackward({
                ...sizes(bin),
                ...single,
                x: pixels(x, i) + (row * x.layout.row + column * channels) * 4,
                xRow: x.layout.row,
                y: values + bin.at * channels * 4,
                dy: gradients + bin.at * channels * 4,
                dyRow: channels,
                dx: errors(dx, i, from) + (row * dx.layout.row + column * channels) * 4,
                dxRow: dx.layout.row,
              });
            }
          }
      },
    },
  };
};
