import { avgpool } from '../../../layers/avgpool';
import type { PlaneWindow } from '../../../geometry';
import { configOf } from '../../../model/graph';
import { isFastPool } from '../plan';
import { planeOf } from '../plane';
import type { PoolWindow } from '../../../kernels/wasm/exports-pool';
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
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) => k.maxPoolForward(pixels(x, i), ...window, pixels(y, i), y.layout.row),
      backward: (i, dy, dyRow, dx, dxRow) =>
        k.maxPoolBackward(pixels(x, i), ...window, pixels(y, i), y.layout.row, dy, dyRow, dx, dxRow),
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
      k.maxPool2x2Forward(pixels(x, i), x.layout.row, lanes, height, width, pixels(y, i), row);
    }
  };
  const backward = (first: number, count: number): void => {
    if (!dx || !dy) return;
    // Rows and columns that no window covers are not written.
    if (!covers) zeroGradient(dx, context, first, count);
    const relu = dx.maskedBy === 'reader' ? 1 : 0;
    for (let i = first; i < first + count; i++) {
      const [error, target] = [errors(dy, i, first), errors(dx, i, first)];
      k.maxPool2x2Backward(
        pixels(x, i),
        x.layout.row,
        lanes,
        height,
        width,
        pixels(y, i),
        row,
        error,
        dy.layout.row,
        target,
        dx.layout.row,
        relu,
      );
    }
  };
  return { local: { forward, backward } };
}

export const lowerAveragePool: Lower = (node, context) => {
  const { k } = context;
  const { x, y, dy, dx } = openPool(node, context);
  const window = poolWindow(node, x, y);
  const { countPadding } = configOf(node.spec, avgpool);
  const { pad } = windowOf(node);
  const rest = [countPadding ? 1 : 0, pad[2], pad[3]] as const;
  return local(
    context,
    { x, y, dy, dx },
    {
      forward: (i) => k.averagePoolForward(pixels(x, i), ...window, pixels(y, i), y.layout.row, ...rest),
      backward(_i, dy, dyRow, dx, dxRow) {
        const [, ...geometry] = window;
        k.averagePoolBackward(0, dxRow, ...geometry, dy, dyRow, dx, ...rest);
      },
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
      forward: (i) => k.globalAveragePoolForward(pixels(x, i), row, lanes, height, width, pixels(y, i)),
      backward: (_i, dy, _dyRow, dx, dxRow) => k.globalAveragePoolBackward(dy, lanes, height, width, dx, dxRow),
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
      forward: (i) => k.globalMaxPoolForward(pixels(x, i), row, lanes, height, width, pixels(y, i)),
      backward: (i, dy, _dyRow, dx, dxRow) =>
        k.globalMaxPoolBackward(pixels(x, i), row, lanes, height, width, pixels(y, i), dy, dx, dxRow),
    },
  );
};

function windowOf({ spec }: Node): PlaneWindow {
  const window = planeOf(spec);
  if (!window) throw new Error(`layer '${spec.name}' has no window over rows and columns`);
  return window;
}

/** All of a window but the address of x. */
type Geometry = PoolWindow extends [number, ...infer Rest] ? Rest : never;

function poolWindow(node: Node, x: Activation, y: Activation): Geometry {
  const { kernel, stride, dilation, pad } = windowOf(node);
  const { height, width, lanes, row } = x.layout;
  return [
    row,
    lanes,
    height,
    width,
    ...kernel,
    ...stride,
    ...dilation,
    pad[0],
    pad[1],
    y.layout.height,
    y.layout.width,
  ];
}

interface Pooling {
  forward(i: number): void;
  /** Adds to dx. */
  backward(i: number, dy: number, dyRow: number, dx: number, dxRow: number): void;
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
          backward(i, errors(dy, i, first), dy.layout.row, errors(dx, i, first), dx.layout.row);
        }
      },
    },
  };
}
