import { ElementType, elementTypeName } from '../onnx/proto';
import type { GraphNode, NetworkGraph } from './network';

/** Operators whose results are of one type, for any inputs. */
const FIXED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero'].map((name) => [name, 'int64'])),
  ...Object.fromEntries(
    ['Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual', 'Not', 'And', 'Or', 'Xor', 'IsNaN', 'IsInf'].map(
      (name) => [name, 'bool'],
    ),
  ),
};

/**
 * The element type of every value, as far as the file declares it or it follows from the operators; most return the type of their
 * input. An estimate for when onnxruntime is not available.
 */
export function elementTypes(graph: NetworkGraph): Map<string, string> {
  const types = new Map<string, string>();
  for (const { name, type } of graph.values.values()) if (type !== null) types.set(name, type);
  for (const node of graph.nodes) {
    const type = typeOf(node, types);
    if (type === null) continue;
    for (const output of node.outputs) if (!types.has(output)) types.set(output, type);
  }
  return types;
}

function typeOf(node: GraphNode, types: ReadonlyMap<string, string>): string | null {
  const fixed = FIXED[node.opType];
  if (fixed !== undefined) return fixed;
  const number = (name: string): number | null => {
    const attribute = node.attributes.find((each) => each.name === name);
    return attribute?.type === 'int' ? attribute.value : null;
  };
  const input = (at: number): string | null => types.get(node.inputs[at] ?? '') ?? null;
  switch (node.opType) {
    case 'Cast':
      return elementTypeName(number('to') ?? 0);
    case 'Constant': {
      const [value] = node.attributes;
      if (value?.type === 'tensor') return elementTypeName(value.value.elementType);
      return value?.type.startsWith('int') ? 'int64' : value?.type.startsWith('string') ? 'string' : 'float32';
    }
    case 'ConstantOfShape': {
      const [value] = node.attributes;
      return value?.type === 'tensor' ? elementTypeName(value.value.elementType) : 'float32';
    }
    case 'QuantizeLinear':
      return input(2) ?? elementTypeName(number('output_dtype') || ElementType.uint8);
    case 'DequantizeLinear':
    case 'CastLike':
      return input(1);
    case 'Where':
      return input(1);
    case 'If':
    case 'Loop':
    case 'Scan':
      return null;
    default:
      return node.domain === '' ? input(0) : null;
  }
}
