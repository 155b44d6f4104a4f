import { half } from '../../core/onnx/half';
import type { ElementTypeName } from '../../core/onnx/proto';
import type { TensorData } from '../../core/onnx/tensor-data';
import type { Axis } from '../../shared/axes';
import type { PictureInput } from '../../shared/inputs';
import { say, type Message } from '../../words';
import { denseStrides, type Tensor } from '../inspect/tensor';
import type { TensorInfo } from './runner-values';

/** What an open dimension is taken as, where nothing says: of the batch, and of any other (a sequence's length). */
const OPEN = { batch: 1, other: 8 };

/**
 * A prepared picture as an input of the network.
 * @param pixels `[H, W, C]` of `picture`, normalized. A batch of a fixed size gets the picture as often.
 */
export function pictureTensor(
  pixels: Float32Array,
  picture: PictureInput,
  { type, dims }: TensorInfo,
  axesOf: (rank: number) => Axis[],
): Tensor {
  const { height, width, layout, color } = picture;
  const channels = color === 'gray' ? 1 : 3;
  const rank = dims?.length ?? 4;
  const sizes = layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
  const [first] = dims ?? [null];
  const batch = rank !== 3 && typeof first === 'number' && first > 0 ? first : 1;
  const shape =
    rank === 4
      ? [batch, ...sizes]
      : rank === 3 && isFlat(dims!)
        ? [batch, ...dims!.slice(1).map(Number)]
        : rank === 3
          ? first === null || typeof first === 'string'
            ? [1, height, width]
            : sizes
          : [batch, pixels.length];
  const area = height * width;
  const one = new Float32Array(pixels.length);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < channels; c++) {
      const value = pixels[i * channels + (color === 'bgr' ? channels - 1 - c : c)];
      one[layout === 'NCHW' ? c * area + i : i * channels + c] = value;
    }
  const all = new Float32Array(batch * one.length);
  for (let n = 0; n < batch; n++) all.set(one, n * one.length);
  return {
    ...typedAs(type as ElementTypeName, all),
    shape,
    strides: denseStrides(shape),
    axes: axesFor(shape, layout, axesOf),
  };
}

const isFlat = (dims: readonly unknown[]): boolean => dims.slice(1).filter((dim) => dim !== 1).length === 1;

/** What the dimensions of a picture's input count. */
export function axesFor(
  shape: readonly unknown[],
  layout: PictureInput['layout'],
  axesOf: (rank: number) => Axis[],
): Axis[] {
  if (shape.length === 4 && layout === 'NHWC') return ['batch', 'row', 'column', 'channel'];
  if (shape.length === 3 && !isFlat(shape))
    return layout === 'NHWC' ? ['row', 'column', 'channel'] : ['channel', 'row', 'column'];
  return axesOf(shape.length);
}

/** Zeros (empty texts) in an input's type and shape, and what is said of that. */
export function filled(
  { name, type, dims }: TensorInfo,
  axesOf: (rank: number) => Axis[],
): { tensor: Tensor; said: Message } {
  const shape = (dims ?? []).map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? OPEN.batch : OPEN.other));
  const count = shape.reduce((product, size) => product * size, 1);
  const tensor: Tensor = {
    ...typedAs(type as ElementTypeName, new Float32Array(count)),
    shape,
    strides: denseStrides(shape),
    axes: axesOf(shape.length),
  };
  return { tensor, said: say('guess.zeros', { name, type: type ?? '?', shape: shape.join(' × ') }) };
}

/** Numbers in an input's own type; integers are rounded and kept within their range. */
export function typedAs(type: ElementTypeName, values: Float32Array): { type: ElementTypeName; data: TensorData } {
  const whole = (low: number, high: number): Float32Array =>
    values.map((value) => Math.min(high, Math.max(low, Math.round(value))));
  switch (type) {
    case 'float64':
      return { type, data: Float64Array.from(values) };
    case 'float16':
      return { type, data: Uint16Array.from(values, half) };
    case 'uint8':
      return { type, data: Uint8Array.from(whole(0, 255)) };
    case 'int8':
      return { type, data: Int8Array.from(whole(-128, 127)) };
    case 'bool':
      return { type, data: Uint8Array.from(values) };
    case 'int16':
      return { type, data: Int16Array.from(values) };
    case 'uint16':
      return { type, data: Uint16Array.from(values) };
    case 'int32':
      return { type, data: Int32Array.from(values) };
    case 'uint32':
      return { type, data: Uint32Array.from(values) };
    case 'int64':
      return { type, data: BigInt64Array.from(values, BigInt) };
    case 'uint64':
      return { type, data: BigUint64Array.from(values, BigInt) };
    case 'string':
      return { type, data: Array.from(values, () => '') };
    default:
      return { type: 'float32', data: values };
  }
}
