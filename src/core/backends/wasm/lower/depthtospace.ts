import { depthtospace, sourceChannel } from '../../../layers/depthtospace';
import { configOf } from '../../../model/graph';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import type { Lower } from './lowering';

/** Depth to space: each cell of the blocks is a slice of channels, or in mode CRD one channel after the other. */
export const lowerDepthToSpace: Lower = (node, context) => {
  const { k } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const config = configOf(node.spec, depthtospace);
  const { factor: block, mode } = config;
  const { height: rows, width, lanes } = x.layout;
  const { channels } = y.layout;
  const run = mode === 'DCR' ? channels : 1;
  /** Slices of `run` channels: where each begins in a pixel of x, and from the first pixel of y in rows, columns and channels. */
  const slices = Array.from({ length: (block * block * channels) / run }, (_, index) => {
    const channel = index % (channels / run);
    const cell = Math.floor(index / (channels / run));
    const [i, j] = [Math.floor(cell / block), cell % block];
    return { from: sourceChannel(config, channels, channel, i, j), i, j, channel };
  });
  return {
    local: {
      forward(first, count) {
        for (let image = first; image < first + count; image++)
          for (const { from, i, j, channel } of slices)
            k.copyChannels({
              x: pixels(x, image) + from * 4,
              xRow: x.layout.row,
              xPixel: lanes,
              y: pixels(y, image) + (i * y.layout.row + j * channels + channel) * 4,
              yRow: y.layout.row * block,
              yPixel: channels * block,
              rows,
              width,
              channels: run,
              accumulate: 0,
            });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        for (let image = first; image < first + count; image++)
          for (const { from, i, j, channel } of slices)
            k.copyChannels({
              x: errors(dy, image, first) + (i * dy.layout.row + j * channels + channel) * 4,
              xRow: dy.layout.row * block,
              xPixel: channels * block,
              y: errors(dx, image, first) + from * 4,
              yRow: dx.layout.row,
              yPixel: lanes,
              rows,
              width,
              channels: run,
              accumulate: dx.joined ? 1 : 0,
            });
      },
    },
  };
};
