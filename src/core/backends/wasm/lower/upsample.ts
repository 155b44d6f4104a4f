import type { Tap } from '../../../kernels/reference/resample';
import { tapsOf, upsample } from '../../../layers/upsample';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { zeroGradient } from './gradient-writer';
import type { Lower, Preparation } from './lowering';

const WORDS = 3;

/** Upsampling of maps and signals by tables of what each row and column reads; volumes as the reference does. */
export const lowerUpsample: Lower = (node, context) => {
  const { k, memory, shared } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const [input] = node.spec.inputShapes;
  if (input.length > 3) return lowerFallback(node, context);
  const all = tapsOf(configOf(node.spec, upsample), input);
  const [columnTaps, rowTaps = [{ first: 0, second: 0, share: 0 }]] = all.toReversed();
  const { height: outHeight, width: outWidth, channels } = y.layout;
  const [rows, columns] = [shared.floats(outHeight * WORDS), shared.floats(outWidth * WORDS)];
  const write = (address: number, taps: readonly Tap[]): void => {
    const view = new DataView(memory.buffer, address, taps.length * WORDS * 4);
    taps.forEach(({ first, second, share }, i) => {
      view.setInt32(i * 12, first, true);
      view.setInt32(i * 12 + 4, second, true);
      view.setFloat32(i * 12 + 8, share, true);
    });
  };
  const tables: Preparation = {
    cost: WORDS * (outHeight + outWidth),
    forward: true,
    run() {
      write(rows, rowTaps);
      write(columns, columnTaps);
    },
  };
  const common = { channels, outHeight, outWidth, rows, columns };
  return {
    prepare: [tables],
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          k.resampleForward({ ...common, x: pixels(x, i), xRow: x.layout.row, y: pixels(y, i), yRow: y.layout.row });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        if (!dx.joined) zeroGradient(dx, context, first, count);
        for (let i = first; i < first + count; i++)
          k.resampleBackward({
            ...common,
            dy: errors(dy, i, first),
            dyRow: dy.layout.row,
            dx: errors(dx, i, first),
            dxRow: dx.layout.row,
          });
      },
    },
  };
};
