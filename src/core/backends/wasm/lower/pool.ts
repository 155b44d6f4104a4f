import { avgpool } from '../../../layers/avgpool';
import type { PlaneWindow } from '../../../geometry';
import { configOf } from '../../../model/graph';
import { isFastPool } from '../plan';
import { planeOf } from '../plane';
import type { Kernels } from '../../../kernels/wasm/exports';
import type { Node } from '../fuse';
import { LANES, open, uses, type Uses } from '../access';
import { errors, pixels, type Activation, type Gradient } from '../values';
import type { Lower, Lowering, Lowered } from './lowering';
import { zeroGradient } from './gradient-writer';
import { lowerPlanarPool } from './planar';

/** Max pooling: 2×2 by its own kernel, which also takes the ReLU before it backwards; any window otherwise. */
export const lowerMaxPool: Lower = (node, context) => {
  const conv = context.plan.values.get(node.inputs[0])?.producer;
  if (conv && context.plan.convs.get(conv)?.forward === 'planar') return lowerPlanarPool(node, conv, context);
  const fast = isFastPool(node.spec) && !openPool(node, context, true).dx?.joined;
  const { x, y, dy, dx } = openPool(node, context, fast);
  if (fast) return fastPool({ x, y, dy, dx }, context);
  const { k } = context;
  const window = poolWindow(node, x, y);
  const yRow = y.layout.row;
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) => k.maxPoolForward({ x: pixels(x, i), ...window, y: pixels(y, i), yRow }),
      backward: (i, gradients) =>
        k.maxPoolBackward({ x: pixels(x, i), ...window, y: pixels(y, i), yRow, ...gradients }),
    },
  );
};

interface Tensors {
  readonly x: Activation;
  readonly y: Activation;
  readonly dy: Gradient | null;
  readonly dx: Gradient | null;
}

/** @param masks whether the kernel passes on only what the ReLU before it let through. */
function openPool(node: Node, context: Lowering, masks = false): Tensors {
  const own = uses(LANES);
  const all: Uses = { ...own, dx: { ...own.dx, masks }, alike: true };
  const tensors = open(node, context.plan, all);
  return { ...tensors, x: tensors.x[0], dx: tensors.dx[0] };
}

function fastPool({ x, y, dy, dx }: Tensors, context: Lowering): Lowered {
  const { k } = context;
  const { height, width, lanes, row } = y.layout;
  const covers = height * 2 === x.layout.height && width * 2 === x.layout.width;
  const forward = (first: number, count: number): void => {
    for (let i = first; i < first + count; i++) {
      k.maxPool2x2Forward({
        x: pixels(x, i),
        xRow: x.layout.row,
        channels: lanes,
        outHeight: height,
        outWidth: width,
        y: pixels(y, i),
        yRow: row,
      });
    }
  };
  const backward = (first: number, count: number): void => {
    if (!dx || !dy) return;
    // Rows and columns that no window covers are not written.
    if (!covers) zeroGradient(dx, context, first, count);
    const relu = dx.maskedBy === 'reader' ? 1 : 0;
    for (let i = first; i < first + count; i++) {
      const [error, target] = [errors(dy, i, first), errors(dx, i, first)];
      k.maxPool2x2Backward({
        x: pixels(x, i),
        xRow: x.layout.row,
        channels: lanes,
        outHeight: height,
        outWidth: width,
        y: pixels(y, i),
        yRow: row,
        dy: error,
        dyRow: dy.layout.row,
        dx: target,
        dxRow: dx.layout.row,
        relu,
      });
    }
  };
  return { local: { forward, backward } };
}

export const lowerAveragePool: Lower = (node, context) => {
  const { k } = context;
  const { x, y, dy, dx } = openPool(node, context);
  const window = poolWindow(node, x, y);
  const { pad } = windowOf(node);
  const divisor = {
    countPadding: configOf(node.spec, avgpool).countPadding ? 1 : 0,
    padBottom: pad[2],
    padRight: pad[3],
  };
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) =>
        k.averagePoolForward({ x: pixels(x, i), ...window, y: pixels(y, i), yRow: y.layout.row, ...divisor }),
      backward: (_i, gradients) => k.averagePoolBackward({ x: 0, ...window, ...gradients, ...divisor }),
    },
  );
};

export const lowerGlobalAveragePool: Lower = (node, context) => {
  const { k } = context;
  const { x, y, dy, dx } = openPool(node, context);
  const { height, width, lanes, row } = x.layout;
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) =>
        k.globalAveragePoolForward({ x: pixels(x, i), xRow: row, channels: lanes, height, width, y: pixels(y, i) }),
      backward: (_i, { dy, dx, dxRow }) =>
        k.globalAveragePoolBackward({ dy, channels: lanes, height, width, dx, dxRow }),
    },
  );
};

export const lowerGlobalMaxPool: Lower = (node, context) => {
  const { k } = context;
  const { x, y, dy, dx } = openPool(node, context);
  const { height, width, lanes, row } = x.layout;
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) =>
        k.globalMaxPoolForward({ x: pixels(x, i), xRow: row, channels: lanes, height, width, y: pixels(y, i) }),
      backward: (i, { dy, dx, dxRow }) =>
        k.globalMaxPoolBackward({
          x: pixels(x, i),
          xRow: row,
          channels: lanes,
          height,
          width,
          y: pixels(y, i),
          dy,
          dx,
          dxRow,
        }),
    },
  );
};

function windowOf({ spec }: Node): PlaneWindow {
  const window = planeOf(spec);
  if (!window) throw new Error(`layer '${spec.name}' has no window over rows and columns`);
  return window;
}

/** A pooling kernel's arguments that are the same for every image. */
type Geometry = Omit<Parameters<Kernels['maxPoolForward']>[0], 'x' | 'y' | 'yRow'>;

function poolWindow(node: Node, x: Activation, y: Activation): Geometry {
  const { kernel, stride, dilation, pad } = windowOf(node);
  const { height, width, lanes, row } = x.layout;
  return {
    xRow: row,
    channels: lanes,
    height,
    width,
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
    padTop: pad[0],
    padLeft: pad[1],
    outHeight: y.layout.height,
    outWidth: y.layout.width,
  };
}

interface Pooling {
  forward(i: number): void;
  /** Adds to dx. */
  backward(i: number, gradients: Record<'dy' | 'dyRow' | 'dx' | 'dxRow', number>): void;
}

/** Image by image; the kernels add to dx, which is zeroed first where this is its only reader. */
function local(context: Lowering, { dy, dx }: Tensors, { forward, backward }: Pooling): Lowered {
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) forward(i);
      },
      backward(first, count) {
        if (!dx || !dy) return;
        if (!dx.joined) zeroGradient(dx, context, first, count);
        for (let i = first; i < first + count; i++) {
          backward(i, {
            dy: errors(dy, i, first),
            dyRow: dy.layout.row,
            dx: errors(dx, i, first),
            dxRow: dx.layout.row,
          });
        }
      },
    },
  };
}
