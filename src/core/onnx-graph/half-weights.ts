import { floatTensor } from '../onnx/encode';
import { half } from '../onnx/half';
import { ElementType, plainTensor, type OnnxNode, type OnnxTensor } from '../onnx/proto';
import { numbersOf, valueOfTensor } from '../onnx/tensor-data';
import { decodeModel } from '../onnx/decode';
import type { NetworkGraph } from './network';
import { readNetwork } from './network';
import { rewriteFile } from './rewrite';

/** Smaller tensors (biases, limits) stay as they are: they weigh nothing. */
const SMALL = 4096;
const HALF_NAME = '/half';

/**
 * A file with its large float32 weights as float16, half as long: each goes through a Cast, so that it is computed in float32 and
 * opens anywhere. Weights are rounded to 11 significant bits.
 */
export function narrowed(file: Uint8Array): Uint8Array {
  const { graph } = decodeModel(file);
  const large = graph.initializers.filter(
    ({ elementType, dims, external }) =>
      elementType === ElementType.float32 && !external && dims.reduce((a, b) => a * b, 1) >= SMALL,
  );
  const names = new Set(large.map(({ name }) => name));
  const halves = large.map((tensor): OnnxTensor => {
    const bits = Uint16Array.from(numbersOf(valueOfTensor(tensor))!, half);
    const raw = new Uint8Array(bits.buffer);
    return plainTensor(tensor.name + HALF_NAME, [...tensor.dims], ElementType.float16, raw);
  });
  return rewriteFile(file, {
    before: large.map(({ name }) => castOf(name)),
    keepsInitializer: (name) => !names.has(name),
    behind: { initializers: halves },
  });
}

const castOf = (name: string): OnnxNode => ({
  name,
  opType: 'Cast',
  domain: '',
  inputs: [name + HALF_NAME],
  outputs: [name],
  attributes: [{ name: 'to', type: 'int', value: ElementType.float32 }],
});

/** The other way: weights that a file keeps as float16 and casts to float32 are float32 weights of the copy. Other files come back as they are. */
export function widened(file: Uint8Array): Uint8Array {
  const { graph } = readNetwork(file);
  const casts = graph.nodes.flatMap(({ inputs: [from], outputs: [to], ...node }) =>
    isWidening(node, graph.initializers.get(from)) && graph.values.get(from)?.consumers.length === 1
      ? [{ from: graph.initializers.get(from)!, to }]
      : [],
  );
  if (casts.length === 0) return file;
  const froms = new Set(casts.map(({ from }) => from.name));
  const tos = new Set(casts.map(({ to }) => to));
  return rewriteFile(file, {
    keepsNode: (outputs) => !outputs.some((output) => tos.has(output)),
    keepsInitializer: (name) => !froms.has(name),
    behind: {
      initializers: casts.map(({ from, to }) =>
        floatTensor(to, from.dims, Float32Array.from(numbersOf(valueOfTensor(from))!)),
      ),
    },
  });
}

function isWidening(
  { opType, domain, attributes }: Pick<NetworkGraph['nodes'][number], 'opType' | 'domain' | 'attributes'>,
  weight: OnnxTensor | undefined,
): boolean {
  const to = attributes.find(({ name }) => name === 'to');
  return (
    opType === 'Cast' &&
    domain === '' &&
    to?.type === 'int' &&
    Number(to.value) === ElementType.float32 &&
    weight?.elementType === ElementType.float16 &&
    !weight.external
  );
}
