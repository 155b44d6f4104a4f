import { avgpool } from '../../../layers/avgpool';
import type { PlaneWindow } from '../../../geometry';
import { configOf } from '../../../model/graph';
import { isFastPool } from '../plan';
import { planeOf, windowFields } from '../plane';
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
  const call = { ...poolCall({ x, y, dy, dx }), ...poolWindow(node) };
  return local(context, { x, y, dy, dx }, call, k.maxPoolForward, k.maxPoolBackward);
};

interface Tensors {
  readonly x: Activation;
  readonly y: Activation;
  readonly dy: Gradient | null;
  readonly dx: Gradient | null;
}

/** @param masks whether the kernel also applies the backward pass of the ReLU before it. */
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
  const tensors = openPool(node, context);
  const { pad } = windowOf(node);
  const call = {
    ...poolCall(tensors),
    ...poolWindow(node),
    countPadding: configOf(node.spec, avgpool).countPadding ? 1 : 0,
    padBottom: pad[2],
    padRight: pad[3],
  };
  return local(context, tensors, call, k.averagePoolForward, k.averagePoolBackward);
};

export const lowerGlobalAveragePool: Lower = (node, context) => {
  const { k } = context;
  const tensors = openPool(node, context);
  return local(context, tensors, poolCall(tensors), k.globalAveragePoolForward, k.globalAveragePoolBackward);
};

export const lowerGlobalMaxPool: Lower = (node, context) => {
  const { k } = context;
  const tensors = openPool(node, context);
  return local(context, tensors, poolCall(tensors), k.globalMaxPoolForward, k.globalMaxPoolBackward);
};

function windowOf({ spec }: Node): PlaneWindow {
  const window = planeOf(spec);
  if (!window) throw new Error(`layer '${spec.name}' has no window over rows and columns`);
  return window;
}

/** The fields of a pooling kernel's record, filled in once: `local` sets the addresses before each call. */
function poolCall({ x, y, dy, dx }: Tensors) {
  const { height, width, lanes, row } = x.layout;
  return {
    x: 0,
    xRow: row,
    channels: lanes,
    height,
    width,
    outHeight: y.layout.height,
    outWidth: y.layout.width,
    y: 0,
    yRow: y.layout.row,
    dy: 0,
    dyRow: dy?.layout.row ?? 0,
    dx: 0,
    dxRow: dx?.layout.row ?? 0,
  };
}

function poolWindow(node: Node) {
  const window = windowOf(node);
  return { ...windowFields(window), padTop: window.pad[0], padLeft: window.pad[1] };
}

/**
 * Image by image, with one record for all calls. The backward kernels add to dx, which is zeroed first where this is its
 * only reader.
 */
function local<Call extends ReturnType<typeof poolCall>>(
  context: Lowering,
  { x, y, dy, dx }: Tensors,
  call: Call,
  forward: (call: Call) => void,
  backward: (call: Call) => void,
): Lowered {
  return {
    local: {
      forward(first, count) {
        for (let i = first; i < first + count; i++) {
          call.x = pixels(x, i);
          call.y = pixels(y, i);
          forward(call);
        }
      },
      backward(first, count) {
        if (!dx || !dy) return;
        if (!dx.joined) zeroGradient(dx, context, first, count);
        for (let i = first; i < first + count; i++) {
          call.x = pixels(x, i);
          call.y = pixels(y, i);
          call.dy = errors(dy, i, first);
          call.dx = errors(dx, i, first);
          backward(call);
        }
      },
    },
  };
}
