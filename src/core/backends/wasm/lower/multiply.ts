import { makeLayout, type Layout } from '../layout';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { zeroGradient } from './gradient-writer';
import type { Lower } from './lowering';

/** How an operand is walked: in floats from row to row and from pixel to pixel, 0 where it is repeated, and 1 or 0 for its channels. */
interface Steps {
  readonly row: number;
  readonly pixel: number;
  readonly lane: 0 | 1;
}

function stepsOf(own: Layout, whole: Layout): Steps {
  return {
    row: own.height < whole.height ? 0 : own.row,
    pixel: own.width < whole.width ? 0 : own.lanes,
    lane: own.channels < whole.channels ? 0 : 1,
  };
}

/** An operand where it lies. */
interface Operand extends Steps {
  readonly address: number;
}

/** Product of branches, each repeated to fit the others. A volume repeated along one of its first two axes runs as the reference does. */
export const lowerMultiply: Lower = (node, context) => {
  const { k, own } = context;
  const { x: inputs, y, dy, dx: gradients } = open(node, context.plan, uses(ROWS));
  const { height, width, channels } = y.layout;
  if (inputs.some(({ layout }) => layout.height !== 1 && layout.height !== height)) return lowerFallback(node, context);
  const dense = makeLayout([height, width, channels]);
  const stage = inputs.length > 2 && dy ? own.floats(dense.image + 16) : 0;
  const multiply = (a: Operand, b: Operand, to: Operand, accumulate: number): void =>
    k.multiplyMaps({
      a: a.address,
      aRow: a.row,
      aPixel: a.pixel,
      aLane: a.lane,
      b: b.address,
      bRow: b.row,
      bPixel: b.pixel,
      bLane: b.lane,
      y: to.address,
      yRow: to.row,
      yPixel: to.pixel,
      yLane: to.lane,
      rows: height,
      width,
      channels,
      accumulate,
    });
  const factor = (index: number, image: number): Operand => {
    const x = inputs[index];
    return { address: pixels(x, image), ...stepsOf(x.layout, y.layout) };
  };
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          const to: Operand = { address: pixels(y, i), ...stepsOf(y.layout, y.layout) };
          multiply(factor(0, i), factor(1, i), to, 0);
          for (let index = 2; index < inputs.length; index++) multiply(to, factor(index, i), to, 0);
        }
      },
      backward(first, count) {
        if (!dy) return;
        gradients.forEach((dx, index) => {
          if (!dx) return;
          const steps = stepsOf(dx.layout, y.layout);
          const summed = dx.layout.height < height || dx.layout.width < width;
          if (summed && !dx.joined) zeroGradient(dx, context, first, count);
          const others = inputs.map((_, each) => each).filter((each) => each !== index);
          for (let i = first; i < first + count; i++) {
            let error: Operand = { address: errors(dy, i, first), ...stepsOf(dy.layout, y.layout) };
            others.forEach((other, place) => {
              const last = place === others.length - 1;
              const to: Operand = last
                ? { address: errors(dx, i, first), ...steps }
                : { address: stage, ...stepsOf(dense, dense) };
              multiply(error, factor(other, i), to, last && (summed || dx.joined) ? 1 : 0);
              error = to;
            });
          }
        });
      },
    },
  };
};
