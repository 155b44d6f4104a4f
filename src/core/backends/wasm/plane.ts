import { planeWindow, type PlaneWindow } from '../../geometry';
import type { GraphLayer } from '../../model/graph';

/** A layer's window over rows and columns: what the kernels take. Null where it has none, or one over three axes. */
export function planeOf({ window }: GraphLayer): PlaneWindow | null {
  return window && planeWindow(window);
}

/** A convolution over at most two spatial axes: what has kernels. Over three it runs as its reference does. */
export function isPlaneConv(layer: GraphLayer): boolean {
  return layer.traits.weights === 'kernel' && planeOf(layer) !== null;
}
