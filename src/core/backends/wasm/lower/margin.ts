import { cropping } from '../../../layers/cropping';
import { beforeOf } from '../../../layers/margin';
import { zeropadding } from '../../../layers/zeropadding';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import type { Layout } from '../layout';
import { errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { zeroGradient } from './gradient-writer';
import type { Lower } from './lowering';

/** Floats from the first pixel of a map to the first one inside its margin. Null for a margin along a volume's first two axes: its rows are no run. */
function inset(cells: readonly number[], outer: Layout): number | null {
  const before = beforeOf(cells);
  if (before.length > 2) return null;
  const [left, top = 0] = before.toReversed();
  return top * outer.row + left * outer.lanes;
}

/** The kernels' call that brings the rows inside the margin from one image to another; `x` and `y` are where the first one begins. */
const rowsOf =
  ({ height: rows, width, lanes }: Layout) =>
  (x: number, from: Layout, y: number, to: Layout) => ({
    x,
    xRow: from.row,
    y,
    yRow: to.row,
    rows,
    length: width * lanes,
  });

/** Zero padding: rows copied into the middle of zeros. */
export const lowerPad: Lower = (node, context) => {
  const { k } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { cells } = configOf(node.spec, zeropadding);
  const offset = inset(cells, y.layout);
  if (offset === null) return lowerFallback(node, context);
  const rows = rowsOf(x.layout);
  const errorOffset = dy ? inset(cells, dy.layout)! : 0;
  return {
    local: {
      forward(first, count) {
        const { image } = y.layout;
        k.fillZero({ pointer: y.address + first * image * 4, bytes: count * image * 4 });
        for (let i = first; i < first + count; i++)
          k.copyRows(rows(pixels(x, i), x.layout, pixels(y, i) + offset * 4, y.layout));
      },
      backward(first, count) {
        if (!dx || !dy) return;
        const bring = dx.joined ? k.addRows : k.copyRows;
        for (let i = first; i < first + count; i++)
          bring(rows(errors(dy, i, first) + errorOffset * 4, dy.layout, errors(dx, i, first), dx.layout));
      },
    },
  };
};

/** Cropping: the rows inside the margin. */
export const lowerCrop: Lower = (node, context) => {
  const { k } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { cells } = configOf(node.spec, cropping);
  const offset = inset(cells, x.layout);
  if (offset === null) return lowerFallback(node, context);
  const rows = rowsOf(y.layout);
  const errorOffset = dx ? inset(cells, dx.layout)! : 0;
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          k.copyRows(rows(pixels(x, i) + offset * 4, x.layout, pixels(y, i), y.layout));
      },
      backward(first, count) {
        if (!dx || !dy) return;
        if (!dx.joined) zeroGradient(dx, context, first, count);
        for (let i = first; i < first + count; i++)
          k.addRows(rows(errors(dy, i, first), dy.layout, errors(dx, i, first) + errorOffset * 4, dx.layout));
      },
    },
  };
};
