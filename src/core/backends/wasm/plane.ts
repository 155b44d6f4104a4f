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

/** The fields of a kernel's record that tell its window. */
export function windowFields({ kernel, stride, dilation }: PlaneWindow): {
  kernelHeight: number;
  kernelWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
} {
  return {
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
  };
}
