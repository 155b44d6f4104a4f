import { planeOf, windowFields } from '../plane';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import { zeroGradient } from './gradient-writer';
import { shardGradient, type Lower, type Preparation } from './lowering';

/** Trainable subsampling by the kernels of a depthwise convolution: all cells of a channel's kernel are its slope, whose gradient is the sum of theirs. */
export const lowerSubsampling: Lower = (node, context) => {
  const { k, memory, store, shared, own } = context;
  const window = planeOf(node.spec);
  if (!window) throw new Error(`layer '${node.spec.name}' has no window over rows and columns`);
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const [slope, bias] = ['slope', 'bias'].map((name) => store.find(node.layer, name));
  const { channels } = x.layout;
  const area = window.kernel[0] * window.kernel[1];
  const weights = shared.floats(area * channels + 16);
  const dWeights = dy ? own.floats(area * channels + 16) : 0;
  const floats = (address: number, count: number): Float32Array => new Float32Array(memory.buffer, address, count);
  const common = { ...windowFields(window), channels, outHeight: y.layout.height, outWidth: y.layout.width };
  const prepare: Preparation = {
    cost: area * channels,
    forward: true,
    run() {
      const [from, to] = [floats(slope.address, channels), floats(weights, area * channels)];
      for (let cell = 0; cell < area; cell++) to.set(from, cell * channels);
    },
  };
  return {
    prepare: [prepare],
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++)
          k.depthwiseForward({
            ...common,
            x: pixels(x, i),
            xRow: x.layout.row,
            weights,
            bias: bias.address,
            y: pixels(y, i),
            yRow: y.layout.row,
            relu: 0,
          });
      },
      backward(first, count) {
        if (!dy) return;
        k.fillZero({ pointer: dWeights, bytes: area * channels * 4 });
        if (dx && !dx.joined) zeroGradient(dx, context, first, count);
        for (let i = first; i < first + count; i++) {
          const error = { dy: errors(dy, i, first), dyRow: dy.layout.row };
          k.biasGradient({
            ...error,
            rows: y.layout.height,
            width: y.layout.width,
            channels,
            dBias: shardGradient(context, bias.gradient),
          });
          k.depthwiseWeightGradient({ ...common, ...error, x: pixels(x, i), xRow: x.layout.row, dWeights });
          if (dx)
            k.depthwiseInputGradient({ ...common, ...error, weights, dx: errors(dx, i, first), dxRow: dx.layout.row });
        }
        const sums = floats(dWeights, area * channels);
        const total = floats(shardGradient(context, slope.gradient), channels);
        for (let i = 0; i < sums.length; i++) total[i % channels] += sums[i];
      },
    },
  };
};
