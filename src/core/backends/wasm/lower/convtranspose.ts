import { planeWindow } from '../../../geometry';
import { convtranspose, windowOf } from '../../../layers/convtranspose';
import { configOf } from '../../../model/graph';
import { spread } from '../../../layers/window';
import { open, ROWS, uses } from '../access';
import { makeLayout } from '../layout';
import { errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { shardGradient, type Lower, type Preparation } from './lowering';

/**
 * Transposed convolution by the kernels of the convolution whose way back it is: forward is that one's gradient of the input, its own gradient of the
 * input that one's forward pass. y is computed with its padding and copied out of it. Volumes run as the reference does.
 */
export const lowerConvTranspose: Lower = (node, context) => {
  const config = configOf(node.spec, convtranspose);
  const window = planeWindow(windowOf(config));
  if (!window) return lowerFallback(node, context);
  const { k, memory, store, shared, own } = context;
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const { kernel, stride, dilation, pad } = window;
  const { groups } = config;
  const [channels, filters] = [x.layout.channels, y.layout.channels];
  const [depth, ownFilters] = [channels / groups, filters / groups];
  const area = kernel[0] * kernel[1];
  const common = {
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
    groups,
    outHeight: x.layout.height,
    outWidth: x.layout.width,
  };
  // All that the windows of x cover, and the output with its padding, which may reach further.
  const sizes = [0, 1].map((axis) => {
    const covered = ([x.layout.height, x.layout.width][axis] - 1) * stride[axis] + spread(kernel[axis], dilation[axis]);
    return Math.max(covered, pad[axis] + [y.layout.height, y.layout.width][axis]);
  });
  const whole = makeLayout([sizes[0], sizes[1], filters]);
  const inset = (pad[0] * whole.row + pad[1] * filters) * 4;
  const stage = own.floats(whole.image + 16);
  const weight = store.find(node.layer, 'weight');
  const bias = config.bias ? store.find(node.layer, 'bias') : null;
  const one = shared.floats(4);
  const zeros = shared.floats(filters + 8);

  // The weights `[F][area][C / groups]` in the forms that the kernels take, made again when they have changed.
  const blocks = Math.ceil(ownFilters / 8);
  const spreadSize = groups * area * blocks * 8 * depth;
  const spreadWeights = shared.floats(spreadSize);
  const panelSize = groups * Math.ceil(depth / 8) * 8 * area * ownFilters;
  const panels = dx ? shared.floats(panelSize) : 0;
  const floats = (address: number, count: number): Float32Array => new Float32Array(memory.buffer, address, count);
  const eachWeight = (visit: (index: number, g: number, f: number, cell: number, c: number) => void): void => {
    let index = 0;
    for (let f = 0; f < filters; f++)
      for (let cell = 0; cell < area; cell++)
        for (let c = 0; c < depth; c++) visit(index++, Math.floor(f / ownFilters), f % ownFilters, cell, c);
  };
  /** `[groups][area][⌈F/8⌉][C][8]`. */
  const spreadPlace = (g: number, f: number, cell: number, c: number): number =>
    (((g * area + cell) * blocks + (f >> 3)) * depth + c) * 8 + (f & 7);
  /** `[groups][⌈C/8⌉][area][F][8]`: panels of a convolution from F to C channels. */
  const panelPlace = (g: number, f: number, cell: number, c: number): number =>
    (((g * Math.ceil(depth / 8) + (c >> 3)) * area + cell) * ownFilters + f) * 8 + (c & 7);
  const forwardWeights: Preparation = {
    cost: 2 * spreadSize,
    forward: true,
    run() {
      floats(one, 1)[0] = 1;
      floats(zeros, filters).fill(0);
      const [from, to] = [floats(weight.address, filters * area * depth), floats(spreadWeights, spreadSize)];
      eachWeight((index, g, f, cell, c) => (to[spreadPlace(g, f, cell, c)] = from[index]));
    },
  };
  const backwardWeights: Preparation = {
    cost: 2 * panelSize,
    forward: false,
    run() {
      const [from, to] = [floats(weight.address, filters * area * depth), floats(panels, panelSize)];
      eachWeight((index, g, f, cell, c) => (to[panelPlace(g, f, cell, c)] = from[index]));
    },
  };

  const gradientPanels = dy ? own.floats(panelSize) : 0;
  const dense = makeLayout([x.layout.height, x.layout.width, channels]);
  const joinedStage = dx?.joined ? own.floats(dense.image + 16) : 0;
  return {
    prepare: dx ? [forwardWeights, backwardWeights] : [forwardWeights],
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          // The bias in every pixel, and what each x adds.
          k.multiplyMaps({
            a: bias ? bias.address : zeros,
            aRow: 0,
            aPixel: 0,
            aLane: 1,
            b: one,
            bRow: 0,
            bPixel: 0,
            bLane: 0,
            y: stage,
            yRow: whole.row,
            yPixel: filters,
            yLane: 1,
            rows: whole.height,
            width: whole.width,
            channels: filters,
            accumulate: 0,
          });
          k.convInputGradientGeneral({
            ...common,
            dy: pixels(x, i),
            dyRow: x.layout.row,
            dyPixel: x.layout.lanes,
            groupFilters: depth,
            transposed: spreadWeights,
            groupChannels: ownFilters,
            dx: stage,
            dxRow: whole.row,
            dxPixel: filters,
          });
          k.copyRows({
            x: stage + inset,
            xRow: whole.row,
            y: pixels(y, i),
            yRow: y.layout.row,
            rows: y.layout.height,
            length: y.layout.width * filters,
          });
        }
      },
      backward(first, count) {
        if (!dy) return;
        k.fillZero({ pointer: gradientPanels, bytes: panelSize * 4 });
        for (let i = first; i < first + count; i++) {
          const error = errors(dy, i, first);
          if (bias)
            k.biasGradient({
              dy: error,
              dyRow: dy.layout.row,
              rows: y.layout.height,
              width: y.layout.width,
              channels: filters,
              dBias: shardGradient(context, bias.gradient),
            });
          k.fillZero({ pointer: stage, bytes: whole.image * 4 });
          k.copyRows({
            x: error,
            xRow: dy.layout.row,
            y: stage + inset,
            yRow: whole.row,
            rows: y.layout.height,
            length: y.layout.width * filters,
          });
          const source = { x: stage, xRow: whole.row, xPixel: filters, groupChannels: ownFilters };
          k.convWeightGradientGeneral({
            ...common,
            ...source,
            dWeights: gradientPanels,
            groupFilters: depth,
            dy: pixels(x, i),
            dyRow: x.layout.row,
            dyPixel: x.layout.lanes,
          });
          if (!dx) continue;
          const target = joinedStage || errors(dx, i, first);
          const row = joinedStage ? dense.row : dx.layout.row;
          k.convForwardGeneral({
            ...common,
            ...source,
            weights: panels,
            bias: 0,
            groupFilters: depth,
            y: target,
            yRow: row,
            yPixel: channels,
            relu: 0,
          });
          if (joinedStage)
            k.addRows({
              x: joinedStage,
              xRow: row,
              y: errors(dx, i, first),
              yRow: dx.layout.row,
              rows: dense.height,
              length: dense.row,
            });
        }
        const sums = floats(gradientPanels, panelSize);
        const total = floats(shardGradient(context, weight.gradient), filters * area * depth);
        eachWeight((index, g, f, cell, c) => (total[index] += sums[panelPlace(g, f, cell, c)]));
      },
    },
  };
};
