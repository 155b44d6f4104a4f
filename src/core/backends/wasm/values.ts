import type { Kernels } from '../../kernels/wasm/exports';
import type { Node } from './fuse';
import type { Layout } from './layout';

/** A tensor of activations in the shared memory, the whole batch of it. */
export interface Value {
  /** The layer whose output it is; −1 is the image. */
  readonly id: number;
  readonly layout: Layout;
  readonly address: number;
  /** Null for the image. */
  readonly producer: Node | null;
  readonly readers: readonly Node[];
  /** True where the last row or column was left out because no pooling window reads it. */
  readonly trimmed: boolean;
  /** Null if it is not needed. */
  readonly gradient: Gradient | null;
}

/** A value as a lowering sees it: the gradient comes apart from it, as `open` hands it out. */
export type Activation = Omit<Value, 'gradient'>;

/** Where the gradient of a value is gathered. */
export interface Gradient {
  readonly layout: Layout;
  readonly address: number;
  /** True: the whole batch, seen by all threads. False: one group of images of one thread. */
  readonly whole: boolean;
  /** Several readers add to it; it is zeroed first. Else its one reader assigns. */
  readonly joined: boolean;
  /** What surrounds the pixels: zeros that the producer reads, or unused values that the only reader leaves there. */
  readonly border: 'zeros' | 'spoiled';
  /** Which node applies the backward pass of the ReLU fused into the producer: the producer, first of all, or the only reader. */
  readonly maskedBy: 'producer' | 'reader' | 'none';
}

/** Address of the first pixel of image `index`. */
export function pixels(value: Activation, index: number): number {
  return value.address + (index * value.layout.image + value.layout.offset) * 4;
}

/** Address of the gradient of the first pixel of image `index`, of a group that starts at image `first`. */
export function errors(gradient: Gradient, index: number, first: number): number {
  const { layout, whole, address } = gradient;
  return address + ((whole ? index : index - first) * layout.image + layout.offset) * 4;
}

/** Address of a row of an image whose first pixel is at `image`. */
export const rowAt = ({ row }: Layout, image: number, index: number): number => image + index * row * 4;

/** Floats of a row of pixels, surplus lanes included. */
function rowLength(layout: Layout): number {
  return layout.width * layout.lanes;
}

/** Rows for the kernels that work on rows: those of an image, or a whole run of images as one row. */
export type EachRow = (image: number, images: number, rows: number, length: number) => void;

/**
 * Calls `visit` once for all images where every layout is dense (without halo and surplus lanes alike), image by image otherwise.
 */
export function eachBlock(layouts: readonly Layout[], first: number, count: number, visit: EachRow): void {
  const [layout] = layouts;
  const gapless = layouts.every((each) => each.image === rowLength(layout) * layout.height);
  if (gapless) visit(first, count, 1, count * layout.image);
  else for (let i = first; i < first + count; i++) visit(i, 1, layout.height, rowLength(layout));
}

/** Sets to zero the values of some images that would become denormal in a product. */
export function flushValue(k: Kernels, { address, layout }: Value, first: number, count: number): void {
  // Planes of the first layer have no address; the pooling after them has one.
  if (address === 0) return;
  eachBlock([layout], first, count, (i, _images, rows, length) => {
    k.flushRows({ x: address + (i * layout.image + layout.offset) * 4, xRow: layout.row, rows, length });
  });
}

/** The same for gradients. */
export function flushGradient(k: Kernels, gradient: Gradient, first: number, count: number): void {
  eachBlock([gradient.layout], first, count, (i, _images, rows, length) => {
    k.flushRows({ x: errors(gradient, i, first), xRow: gradient.layout.row, rows, length });
  });
}

/** Applies the ReLU of a value's producer to the gradient, in place. */
export function maskGradient(k: Kernels, value: Activation, gradient: Gradient, first: number, count: number): void {
  if (gradient.maskedBy !== 'producer') return;
  eachBlock([value.layout, gradient.layout], first, count, (i, _images, rows, length) => {
    const errorAt = errors(gradient, i, first);
    const { row } = gradient.layout;
    k.reluBackward({
      saved: pixels(value, i),
      savedRow: value.layout.row,
      dy: errorAt,
      dyRow: row,
      dx: errorAt,
      dxRow: row,
      rows,
      length,
      accumulate: 0,
    });
  });
}
