import { say, type Message, type Value } from '../../../words';
import { sizeOf, type FloatArray } from '../../tensor';
import { floatOf, floatsOf, intOf, intsOf, textOf } from '../attributes';
import type { GraphNode } from '../network';
import { Obstacle, type Params, type Taking } from './taking';
import { broadcast } from './shapes';
import { BATCH, dimsOf, placesOf, type Constant, type Features, type Held } from './values';

/** How an operator is taken in: what its first output is, or what its outputs are. @throws Obstacle. */
export type TakeNode = (call: NodeCall) => Held | Held[];

/** One node that is taken in: its attributes and inputs, and what may be done with them. */
export class NodeCall {
  constructor(
    readonly node: GraphNode,
    readonly taking: Taking,
    private readonly inputs: readonly (Held | null)[],
  ) {}

  get opset(): number {
    return this.taking.opset;
  }

  get count(): number {
    return this.inputs.length;
  }

  refuse(reason: Message): never {
    throw new Obstacle(reason);
  }

  /** An attribute is not as a layer of ours has it. */
  refuseAttribute(name: string, found: Value, expected: Value): never {
    return this.refuse(say('take.attribute', { name, found, expected }));
  }

  int(name: string, preset: number): number {
    return intOf(this.node, name, preset);
  }

  ints(name: string): number[] | null {
    return intsOf(this.node, name);
  }

  floats(name: string): number[] | null {
    return floatsOf(this.node, name);
  }

  float(name: string, preset: number): number {
    return floatOf(this.node, name, preset);
  }

  text(name: string, preset: string): string {
    return textOf(this.node, name, preset);
  }

  held(at: number): Held | null {
    return this.inputs[at] ?? null;
  }

  /** A constant, null where the input is left out. @throws Obstacle where the network computes it. */
  constant(at: number): Constant | null {
    const held = this.held(at);
    if (held === null || held.is === 'constant') return held;
    return this.refuse(say('take.not-constant', { value: this.node.inputs[at] }));
  }

  needed(at: number): Constant {
    return this.constant(at) ?? this.refuse(say('take.left-out', { input: at + 1 }));
  }

  /** Whole numbers of an attribute of older operator sets, or of an input of newer ones. */
  numbers(name: string, at: number): number[] | null {
    return this.ints(name) ?? (this.constant(at) ? Array.from(this.constant(at)!.numbers()) : null);
  }

  /** What a layer of ours gives out, as it comes. @throws Obstacle for a constant. */
  raw(at: number): Features {
    const held = this.held(at);
    if (held?.is === 'features') return held;
    return this.refuse(say('take.constant', { value: this.node.inputs[at] ?? '' }));
  }

  /** The same with every change of shape made. */
  features(at: number): Features {
    return this.taking.settled(this.raw(at), this.node);
  }

  /** A map as ONNX lays it out: batch, channels, rows, columns. @throws Obstacle for any other. */
  map(at: number): Features {
    const found = this.features(at);
    return this.asMap(found);
  }

  asMap(found: Features): Features {
    const { shape, axes } = found;
    const usual =
      axes.length === shape.length + 1 &&
      axes.every((axis, i) => axis === (i === 0 ? BATCH : i === 1 ? shape.length - 1 : i - 2));
    if (!usual || shape.length < 2) this.refuse(say('take.map', { shape: dimsOf(found).join(' × ') }));
    return found;
  }

  /**
   * A map, or the same numbers channels first in another shape that keeps or groups the channels: what each channel, or group of channels,
   * does by itself needs no layer for the shape. @returns also the groups, as many as channels for a map.
   */
  byGroups(at: number): { input: Features; view: Features['view']; groups: number } {
    const raw = this.raw(at);
    const channels = raw.shape[raw.shape.length - 1];
    if (raw.view && raw.view.length > 1 && channels % raw.view[0] === 0)
      return { input: { ...raw, view: null }, view: raw.view, groups: raw.view[0] };
    const input = this.map(at);
    return { input, view: null, groups: input.shape[input.shape.length - 1] };
  }

  /** An axis of the file's tensor, counted from the end where negative, as one of ours. @throws Obstacle for the batch. */
  axisOf(features: Features, axis: number): number {
    const own = features.axes[axis < 0 ? axis + features.axes.length : axis];
    if (own === undefined || own === BATCH) this.refuse(say('take.batch', { axis }));
    return own;
  }

  emit(kind: string, settings: Record<string, unknown>, inputs: readonly Features[], params: Params = {}): Features {
    return this.taking.emit(this.node, kind, settings, inputs, params);
  }

  /** A layer that treats each number by itself, laid out like its input. */
  emitLike(features: Features, kind: string, settings: Record<string, unknown> = {}, params: Params = {}): Features {
    const { axes, places } = features;
    return { ...this.emit(kind, settings, [features], params), axes, places };
  }

  /**
   * A constant that is broadcast over features, as one number a channel of ours; null where it differs along another axis.
   * @throws Obstacle where it makes the features larger.
   */
  perChannel(constant: Constant, features: Features): FloatArray | null {
    const { shape, axes, places } = features;
    const dims = dimsOf(features);
    const own = [...Array<number>(Math.max(0, dims.length - constant.shape.length)).fill(1), ...constant.shape];
    if (own.length > dims.length || own.some((size, axis) => size !== 1 && size !== dims[axis]))
      this.refuse(say('take.broadcast', { constant: constant.shape.join(' × '), shape: dims.join(' × ') }));
    const channels = shape[shape.length - 1];
    const numbers = constant.numbers();
    if (sizeOf(own) === 1) return new Float32Array(channels).fill(numbers[0]);
    if (own.some((size, axis) => size > 1 && axes[axis] !== shape.length - 1)) return null;
    return this.byChannel(numbers, places);
  }

  /** A constant that is broadcast over features, as one number a unit of ours. @throws Obstacle along the batch. */
  perUnit(constant: Constant, features: Features): Float32Array {
    const dims = dimsOf(features).slice(1);
    const own = constant.shape.length > dims.length ? constant.shape.slice(1) : constant.shape;
    if (features.axes[0] !== BATCH || sizeOf(own) !== constant.numbers().length)
      this.refuse(say('take.batch', { axis: 0 }));
    const spread = broadcast(constant.numbers(), own, dims);
    const units = new Float32Array(spread.length);
    placesOf(features).forEach((place, i) => (units[place] = spread[i]));
    return units;
  }

  /** Numbers in the file's order of channels in ours. */
  byChannel(numbers: FloatArray, places: Int32Array | null): FloatArray {
    if (!places) return numbers;
    const sorted = new Float32Array(numbers.length);
    places.forEach((place, i) => (sorted[place] = numbers[i]));
    return sorted;
  }
}
