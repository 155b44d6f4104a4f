import type { Kernels } from '../../../kernels/wasm/exports';
import { elu } from '../../../layers/elu';
import { gelu } from '../../../layers/gelu';
import { hardsigmoid } from '../../../layers/hardsigmoid';
import { hardswish } from '../../../layers/hardswish';
import type { LayerDefinition } from '../../../layers/layer';
import { leakyrelu } from '../../../layers/leakyrelu';
import { prelu } from '../../../layers/prelu';
import { relu } from '../../../layers/relu';
import { relu6 } from '../../../layers/relu6';
import { selu } from '../../../layers/selu';
import { sigmoid } from '../../../layers/sigmoid';
import { silu } from '../../../layers/silu';
import { logsoftmax, softmax } from '../../../layers/softmax';
import { softplus } from '../../../layers/softplus';
import { tanh } from '../../../layers/tanh';
import { configOf, isOf, type GraphLayer } from '../../../model/graph';
import { FLAT, LANES, mismatch, open, ROWS, uses } from '../access';
import { eachBlock, errors, pixels } from '../values';
import { lowerFallback } from './fallback';
import { shardGradient, type Lower } from './lowering';

interface Activation {
  /** Whether it leaves surplus lanes zero. */
  keepsZero?: boolean;
  /** Whether backward takes the output or the input. */
  saves: 'x' | 'y';
  readonly forward: Kernels['reluForward'];
  /** dx = dy · f′, or dx += with `accumulate`. */
  readonly backward: Kernels['reluBackward'];
}

/** The kernels of a kind, with its constants put in. */
function activation<C>(
  definition: LayerDefinition<C>,
  kernels: (k: Kernels, config: C) => Activation,
): [kind: string, (k: Kernels, layer: GraphLayer) => Activation] {
  return [definition.kind, (k, layer) => kernels(k, configOf(layer, definition))];
}

const activations = new Map([
  activation(relu, (k) => ({ keepsZero: true, saves: 'y', forward: k.reluForward, backward: k.reluBackward })),
  activation(sigmoid, (k) => ({ saves: 'y', forward: k.sigmoidForward, backward: k.sigmoidBackward })),
  activation(tanh, (k) => ({ saves: 'y', forward: k.tanhForward, backward: k.tanhBackward })),
  activation(relu6, (k) => ({ keepsZero: true, saves: 'y', forward: k.relu6Forward, backward: k.relu6Backward })),
  activation(gelu, (k, { approximate }) => {
    const exact = approximate === 'none';
    return {
      keepsZero: true,
      saves: 'x',
      forward: exact ? k.geluForward : k.geluTanhForward,
      backward: exact ? k.geluBackward : k.geluTanhBackward,
    };
  }),
  activation(silu, (k) => ({ keepsZero: true, saves: 'x', forward: k.siluForward, backward: k.siluBackward })),
  activation(hardswish, (k) => ({
    keepsZero: true,
    saves: 'x',
    forward: k.hardSwishForward,
    backward: k.hardSwishBackward,
  })),
  activation(softplus, (k) => ({ saves: 'x', forward: k.softplusForward, backward: k.softplusBackward })),
  activation(leakyrelu, (k, { alpha }) => ({
    keepsZero: true,
    saves: 'x',
    forward: (rows) => k.leakyReluForward({ ...rows, alpha }),
    backward: (rows) => k.leakyReluBackward({ ...rows, alpha }),
  })),
  activation(elu, (k, { alpha }) => ({
    saves: 'x',
    forward: (rows) => k.eluForward({ ...rows, alpha }),
    backward: (rows) => k.eluBackward({ ...rows, alpha }),
  })),
  activation(selu, (k, { alpha, gamma }) => ({
    saves: 'x',
    forward: (rows) => k.seluForward({ ...rows, alpha, gamma }),
    backward: (rows) => k.seluBackward({ ...rows, alpha, gamma }),
  })),
  activation(hardsigmoid, (k, { alpha, beta }) => ({
    saves: 'y',
    forward: (rows) => k.hardSigmoidForward({ ...rows, alpha, beta }),
    backward: (rows) => k.hardSigmoidBackward({ ...rows, alpha }),
  })),
]);

export const activationKinds: readonly string[] = [...activations.keys()];

/** Activation functions, row by row, or a whole group of dense images as one row. */
export const lowerElementwise: Lower = (node, context) => {
  const kernels = activations.get(node.spec.kind)?.(context.k, node.spec);
  if (!kernels) throw new Error(`layer '${node.spec.name}' is no activation function with kernels`);
  const { keepsZero, saves, forward, backward } = kernels;
  const tensors = open(node, context.plan, { ...uses(keepsZero ? LANES : ROWS), alike: true });
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const saved = saves === 'x' ? x : y;
  return {
    local: {
      forward(first, count) {
        eachBlock([x.layout, y.layout], first, count, (i, _images, rows, length) => {
          forward({ x: pixels(x, i), xRow: x.layout.row, y: pixels(y, i), yRow: y.layout.row, rows, length });
        });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        const accumulate = dx.joined ? 1 : 0;
        eachBlock([saved.layout, dy.layout, dx.layout], first, count, (i, _images, rows, length) => {
          const [error, target] = [errors(dy, i, first), errors(dx, i, first)];
          backward({
            saved: pixels(saved, i),
            savedRow: saved.layout.row,
            dy: error,
            dyRow: dy.layout.row,
            dx: target,
            dxRow: dx.layout.row,
            rows,
            length,
            accumulate,
          });
        });
      },
    },
  };
};

/** PReLU with a slope per channel; its other forms are rare and run as the reference does. */
export const lowerPrelu: Lower = (node, context) => {
  const { slopes } = configOf(node.spec, prelu);
  if (slopes !== 'channel') return lowerFallback(node, context);
  const { k, store, own } = context;
  const tensors = open(node, context.plan, uses(ROWS));
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const slope = store.find(node.layer, 'slope');
  const { height, width, lanes } = x.layout;
  const unused = own.floats(x.layout.image + 16);
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          k.preluForward({
            x: pixels(x, i),
            xRow: x.layout.row,
            y: pixels(y, i),
            yRow: y.layout.row,
            rows: height,
            width,
            channels: lanes,
            slope: slope.address,
          });
        }
      },
      backward(first, count) {
        if (!dy) return;
        const dSlope = shardGradient(context, slope.gradient);
        for (let i = first; i < first + count; i++) {
          const [target, row] = dx ? [errors(dx, i, first), dx.layout.row] : [unused, width * lanes];
          const accumulate = dx?.joined ? 1 : 0;
          const error = errors(dy, i, first);
          k.preluBackward({
            x: pixels(x, i),
            xRow: x.layout.row,
            dy: error,
            dyRow: dy.layout.row,
            dx: target,
            dxRow: row,
            rows: height,
            width,
            channels: lanes,
            slope: slope.address,
            dSlope,
            accumulate,
          });
        }
      },
    },
  };
};

/** Softmax and log-softmax over channels: a row of the kernel is a pixel. Along rows or columns as the reference does. */
export const lowerSoftmax: Lower = (node, context) => {
  const log = isOf(node.spec, logsoftmax);
  const { axis } = configOf(node.spec, log ? logsoftmax : softmax);
  const tensors = open(node, context.plan, uses(LANES));
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const layouts = [x, y, dx, dy].flatMap((each) => (each ? [each.layout] : []));
  if (axis !== 'channel' || layouts.some((layout) => mismatch(layout, FLAT))) return lowerFallback(node, context);
  const { k } = context;
  const { height, width, channels } = y.layout;
  const area = height * width;
  return {
    local: {
      forward(first, count) {
        const run = log ? k.logSoftmaxForward : k.softmaxForward;
        run({
          x: pixels(x, first),
          xRow: channels,
          y: pixels(y, first),
          yRow: channels,
          rows: count * area,
          length: channels,
        });
      },
      backward(first, count) {
        if (!dx || !dy) return;
        const run = log ? k.logSoftmaxBackward : k.softmaxBackward;
        const [error, target] = [errors(dy, first, first), errors(dx, first, first)];
        run({
          y: pixels(y, first),
          yRow: channels,
          dy: error,
          dyRow: channels,
          dx: target,
          dxRow: channels,
          rows: count * area,
          length: channels,
          accumulate: dx.joined ? 1 : 0,
        });
      },
    },
  };
};
