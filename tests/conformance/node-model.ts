import { encodeModel, floatTensor } from '../../src/core/onnx/encode';
import { ElementType, type OnnxAttribute, type OnnxModel } from '../../src/core/onnx/proto';
import { Generator } from '../../src/core/random';
import { sizeOf } from '../../src/core/tensor';
import type { FloatValue, IntegerValue } from '../../src/conformance/value';

type Attribute = number | number[] | string | { float: number };

export interface NodeCase {
  opType: string;
  /** ai.onnx without one. */
  domain?: string;
  opset: number;
  attributes: Record<string, Attribute>;
  inputs: (FloatValue | IntegerValue | null)[];
  outputs?: number;
}

/** A model of one node, whose inputs `x0`, `x1` … are the graph's. Integers are initializers, as shapes have to be. */
export function nodeModel({ opType, domain = '', opset, attributes, inputs, outputs = 1 }: NodeCase): OnnxModel {
  const names = inputs.map((value, i) => (value === null ? '' : `x${i}`));
  const values = inputs.flatMap((value, i) => (value?.kind === 'float' ? [{ name: `x${i}`, value }] : []));
  return {
    irVersion: opset > 17 ? 10 : 8,
    producerName: 'test',
    producerVersion: '',
    opsets: [{ domain, version: opset }],
    metadata: [],
    graph: {
      name: 'node',
      nodes: [
        {
          name: 'node',
          opType,
          domain,
          inputs: names,
          outputs: Array.from({ length: outputs }, (_, i) => `y${i}`),
          attributes: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
        },
      ],
      initializers: inputs.flatMap((value, i) => (value?.kind === 'integer' ? [integers(`x${i}`, value)] : [])),
      inputs: values.map(({ name, value }) => ({ name, elementType: ElementType.float32, dims: [...value.shape] })),
      outputs: Array.from({ length: outputs }, (_, i) => ({
        name: `y${i}`,
        elementType: ElementType.float32,
        dims: null,
      })),
      valueInfo: [],
    },
  };
}

function integers(name: string, { shape, data }: IntegerValue) {
  const raw = new Uint8Array(BigInt64Array.from(data, (value) => BigInt(value)).buffer);
  return { ...floatTensor(name, shape, new Float32Array(0)), elementType: ElementType.int64, raw };
}

function attributeOf(name: string, value: Attribute): OnnxAttribute {
  if (typeof value === 'string') return { name, type: 'string', value };
  if (typeof value === 'number') return { name, type: 'int', value };
  if (Array.isArray(value)) return { name, type: 'ints', value };
  return { name, type: 'float', value: value.float };
}

export const fileOf = (node: NodeCase): Uint8Array => encodeModel(nodeModel(node));

/** Draws shapes, attributes and numbers. Values are eighths: sums of them are exact, whatever the order. */
export class Dice {
  private readonly generator: Generator;
  constructor(seed: number) {
    this.generator = new Generator(seed);
  }
  from(least: number, most: number): number {
    return least + this.generator.integer(most - least + 1);
  }
  pick<T>(...choices: T[]): T {
    return choices[this.generator.integer(choices.length)];
  }
  chance(): boolean {
    return this.generator.integer(2) === 0;
  }
  list(length: number, least: number, most: number): number[] {
    return Array.from({ length }, () => this.from(least, most));
  }
  tensor(shape: number[]): FloatValue {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => this.from(-16, 16) / 8);
    return { kind: 'float', shape, data };
  }
}
