import type { OnnxTensor } from '../../core/onnx/proto';
import { numbersOf, valueOfTensor } from '../../core/onnx/tensor-data';
import type { GraphNode, OnnxNetwork } from '../../core/onnx-graph/network';
import type { Preprocessing } from '../../core/model/model';
import type { PictureInput } from '../../shared/inputs';
import type { ForeignInfo } from '../../shared/inspect';
import { RANGES } from '../../shared/value-ranges';
import { say, type Message } from '../../words';
import type { TensorInfo } from './runner-values';

type Dim = number | string | null;

/** How a picture lies in an input: null for sizes that the file leaves open. */
interface Place {
  layout: PictureInput['layout'];
  channels: 1 | 3 | null;
  height: number | null;
  width: number | null;
}

/** The means of ImageNet on 0 … 255, without deviations: what Caffe's models are trained with. */
const CAFFE = [123.68, 116.779, 103.939];

/** Shorter sides are no picture's. */
const LEAST_SIDE = 8;
/** Where the file leaves the size open. */
const USUAL_SIDE = 224;
/** Pictures laid out in one row of numbers: those of MNIST and of CIFAR. */
const FLAT: Readonly<Record<number, Place>> = {
  784: { layout: 'NCHW', channels: 1, height: 28, width: 28 },
  3072: { layout: 'NCHW', channels: 3, height: 32, width: 32 },
};
const PICTURE_TYPES = ['float32', 'float16', 'float64', 'uint8', 'int8'];

/** The first input that takes a picture, and how a picture has to go in; null where none does. */
export function guessPicture(network: OnnxNetwork, inputs: readonly TensorInfo[]): ForeignInfo['picture'] {
  for (const [i, input] of inputs.entries()) {
    const { name, type, dims } = input;
    if (!dims || !PICTURE_TYPES.includes(type ?? '')) continue;
    const nodes = firstNodes(network, name);
    const place = placeIn(dims, nodes);
    if (place) return { input: -1 - i, ...guess(network, input, place, nodes) };
  }
  return null;
}

/** As the file itself says it, in Convscope's own metadata: nothing of it is guessed but where the picture goes in. */
export function toldPicture(
  { input, guess: { layout }, reasons: [place] }: NonNullable<ForeignInfo['picture']>,
  { colour, height, width, scale, mean, deviation }: Preprocessing,
): NonNullable<ForeignInfo['picture']> {
  const color = colour === 'grey' ? 'gray' : 'rgb';
  return {
    input,
    guess: { height, width, layout, color, scale, mean: [...mean], deviation: [...deviation] },
    reasons: [place, say('guess.told')],
  };
}

function placeIn(dims: readonly Dim[], nodes: readonly GraphNode[]): Place | null {
  const sizes = dims.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : null));
  const rest = sizes.slice(1).filter((size) => size !== 1);
  if (rest.length === 1 && rest[0] !== null && FLAT[rest[0]]) return FLAT[rest[0]];
  if (sizes.length === 4) {
    const [, a, b, c] = sizes;
    const first = placed('NCHW', a, b, c);
    const last = placed('NHWC', c, a, b);
    if (isChannels(a) && first) return first;
    if (isChannels(c) && last) return last;
    return nodes[0]?.opType === 'Transpose' ? last : first;
  }
  if (sizes.length !== 3) return null;
  const [a, b, c] = sizes;
  // Without a batch, or gray without channels.
  if (isChannels(a) && b !== null && c !== null) return placed('NCHW', a, b, c);
  if (isChannels(c) && a !== null && b !== null) return placed('NHWC', c, a, b);
  return a === null && b !== null && b === c ? placed('NCHW', 1, b, c) : null;
}

const isChannels = (size: number | null): boolean => size === 1 || size === 3;

function placed(
  layout: Place['layout'],
  channels: number | null,
  height: number | null,
  width: number | null,
): Place | null {
  if (channels !== null && channels !== 1 && channels !== 3) return null;
  if ([height, width].some((side) => side !== null && side < LEAST_SIDE)) return null;
  return { layout, channels, height, width };
}

function guess(
  { producer, metadata }: OnnxNetwork,
  { name, type, dims }: TensorInfo,
  place: Place,
  nodes: readonly GraphNode[],
): { guess: PictureInput; reasons: Message[] } {
  const channels = place.channels ?? 3;
  const height = place.height ?? place.width ?? USUAL_SIDE;
  const width = place.width ?? height;
  const shape = dims!.map((dim) => dim ?? '?').join(' × ');
  const reasons = [say('guess.shape', { name, shape, layout: place.layout, width, height })];
  if (place.height === null || place.width === null) reasons.push(say('guess.size-open', { width, height }));
  if (place.channels === null) reasons.push(say('guess.channels-open', { channels }));
  const values = valuesOf({
    producer,
    metadata,
    type,
    nodes,
    large: channels === 3 && Math.min(height, width) >= 160,
    small: channels === 3 && height === 32 && width === 32,
  });
  reasons.push(values.reason);
  const format = metadata.get('Image.BitmapPixelFormat');
  const bgr = channels === 3 && (values.bgr || /^bgr/i.test(format ?? ''));
  if (format) reasons.push(say('guess.metadata', { key: 'Image.BitmapPixelFormat', value: format }));
  const moments = (of: readonly number[]): number[] =>
    of.length === channels ? [...of] : Array<number>(channels).fill(of[0]);
  return {
    guess: {
      height,
      width,
      layout: place.layout,
      color: channels === 1 ? 'gray' : bgr ? 'bgr' : 'rgb',
      scale: values.scale,
      mean: moments(values.mean ?? [0]),
      deviation: moments(values.deviation ?? [1]),
    },
    reasons,
  };
}

interface ValueRange {
  scale: number;
  mean?: readonly number[];
  deviation?: readonly number[];
  bgr?: boolean;
  reason: Message;
}

/** Which numbers pixels become: what the file says comes first, then what its first nodes do, then its producer's habits. */
function valuesOf(file: {
  producer: string;
  metadata: ReadonlyMap<string, string>;
  type: string | null;
  nodes: readonly GraphNode[];
  /** Color pictures of ImageNet's size, and of CIFAR's. */
  large: boolean;
  small: boolean;
}): ValueRange {
  const { producer, metadata, type, nodes, large, small } = file;
  const bytes = { scale: 1 };
  const unit = { scale: 1 / 255 };
  const key = 'Image.NominalPixelRange';
  const value = metadata.get(key);
  if (value !== undefined) {
    const reason = say('guess.metadata', { key, value });
    if (/0_255/.test(value)) return { ...bytes, reason };
    if (/Normalized_1_1/i.test(value)) return { scale: 2 / 255, mean: [1], reason };
    return { ...unit, reason };
  }
  if (type === 'uint8') return { ...bytes, reason: say('guess.bytes', { type }) };
  if (type === 'int8') return { ...bytes, mean: [128], reason: say('guess.bytes', { type }) };
  const inside = normalizationIn(nodes);
  if (inside) {
    const reason = say(inside.bytes ? 'guess.inside-bytes' : 'guess.inside', { node: inside.node });
    return { ...(inside.bytes ? bytes : unit), reason };
  }
  if (metadata.has('stride') && metadata.has('names')) return { ...unit, reason: say('guess.yolo') };
  if (/caffe/i.test(producer)) return { ...bytes, mean: CAFFE, bgr: true, reason: say('guess.caffe', { producer }) };
  if (/cntk/i.test(producer)) return { ...bytes, reason: say('guess.cntk', { producer }) };
  if (large && /keras|tf2onnx|tensorflow/i.test(producer))
    return { scale: 2 / 255, mean: [1], reason: say('guess.keras', { producer }) };
  if (large) return { ...RANGES.imagenet, reason: say('guess.imagenet', { producer: producer || '?' }) };
  if (small && /pytorch/i.test(producer)) return { ...RANGES.cifar, reason: say('guess.cifar', { producer }) };
  return { ...unit, reason: say('guess.unit', { producer: producer || '?' }) };
}

/** The nodes that a value goes through first, one after the other, as long as each is the only one that reads it. */
function firstNodes({ graph }: OnnxNetwork, input: string): (GraphNode & { constant: number | null })[] {
  const found: (GraphNode & { constant: number | null })[] = [];
  let value = input;
  while (found.length < 4) {
    const consumers = graph.values.get(value)?.consumers ?? [];
    if (consumers.length !== 1) break;
    const node = graph.nodes[consumers[0]];
    const other = node.inputs.find((name) => name !== value && name !== '');
    found.push({ ...node, constant: other === undefined ? null : constantOf(graph, other) });
    if (!['Cast', 'Transpose', 'Identity', 'DequantizeLinear', 'QuantizeLinear'].includes(node.opType)) break;
    value = node.outputs[0];
  }
  return found;
}

/** The first number of a constant of a few numbers; null for what is none. */
function constantOf({ initializers, values, nodes }: OnnxNetwork['graph'], name: string): number | null {
  const maker = values.get(name)?.producer ?? -1;
  const made = nodes[maker]?.opType === 'Constant' ? nodes[maker].attributes[0] : null;
  const tensor: OnnxTensor | undefined = initializers.get(name) ?? (made?.type === 'tensor' ? made.value : undefined);
  if (!tensor || tensor.dims.reduce((a, b) => a * b, 1) > 16 || tensor.external) return null;
  return numbersOf(valueOfTensor(tensor))?.[0] ?? null;
}

/** Whether the network begins by scaling its input itself, and whether what it expects is 0 … 255. */
function normalizationIn(nodes: readonly GraphNode[]): { node: string; bytes: boolean } | null {
  const last = nodes[nodes.length - 1] as (GraphNode & { constant: number | null }) | undefined;
  if (!last || last.constant === null) return null;
  const { opType, name, constant } = last;
  const size = Math.abs(constant);
  if (opType === 'Div') return { node: name, bytes: size > 10 };
  if (opType === 'Mul') return { node: name, bytes: size < 0.05 };
  if (opType === 'Sub' || opType === 'Add') return { node: name, bytes: size > 2 };
  return null;
}
