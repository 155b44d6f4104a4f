import type { OnnxNode } from '../core/onnx/proto';
import type { Core } from './core';
import { NotKnown } from './not-known';
import { expectFloats, expectIntegers, type FloatValue, type IntegerValue, type Value } from './value';

/** A node with its inputs, about to be run. */
export class Call {
  constructor(
    readonly core: Core,
    readonly node: OnnxNode,
    /** Version of the operator set that the model asks for in the node's domain. */
    readonly opset: number,
    private readonly inputs: readonly (Value | null)[],
  ) {}

  /** A required float32 input. */
  floats(index: number): FloatValue {
    const value = this.optionalFloats(index);
    if (!value) throw new Error(`${this.node.opType}: found no input ${index}, expected one`);
    return value;
  }

  optionalFloats(index: number): FloatValue | null {
    const value = this.inputs[index] ?? null;
    return value && expectFloats(value, this.node.inputs[index]);
  }

  integers(index: number): IntegerValue {
    const value = this.inputs[index];
    if (!value) throw new Error(`${this.node.opType}: found no input ${index}, expected one`);
    return expectIntegers(value, this.node.inputs[index]);
  }

  has(index: number): boolean {
    return Boolean(this.inputs[index]);
  }

  /** Any input, whatever its type. */
  value(index: number): Value | null {
    return this.inputs[index] ?? null;
  }

  get inputCount(): number {
    return this.inputs.length;
  }

  number(name: string, preset: number): number {
    const attribute = this.attribute(name);
    if (!attribute) return preset;
    if (attribute.type === 'float' || attribute.type === 'int') return attribute.value;
    throw new Error(`${this.node.opType}, ${name}: found ${attribute.type}, expected a number`);
  }

  integersOf(name: string): number[] | null {
    const attribute = this.attribute(name);
    if (!attribute) return null;
    if (attribute.type === 'ints') return attribute.value;
    throw new Error(`${this.node.opType}, ${name}: found ${attribute.type}, expected integers`);
  }

  text(name: string, preset: string): string {
    const attribute = this.attribute(name);
    if (!attribute) return preset;
    if (attribute.type === 'string') return attribute.value;
    throw new Error(`${this.node.opType}, ${name}: found ${attribute.type}, expected a text`);
  }

  /** The attribute's axis, counted from the front. */
  axis(name: string, preset: number, rank: number): number {
    const axis = this.number(name, preset);
    return axis < 0 ? axis + rank : axis;
  }

  private attribute(name: string) {
    return this.node.attributes.find((attribute) => attribute.name === name);
  }
}

/** Runs a node; gives the outputs that its layer has, in ONNX's order. */
/** An output that the operator's layer does not give is null, and is not compared. */
export type Operator = (call: Call) => (Value | null)[] | Promise<(Value | null)[]>;

/** Throws NotKnown for a tensor with more than three spatial dimensions. */
export function expectWindow(shape: readonly number[]): void {
  if (shape.length > 5) throw new NotKnown(`${shape.length - 2} spatial dimensions`);
}
