import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import type { OnnxNode } from '../../../src/core/onnx/proto';
import { onnxGraph } from '../../../src/core/onnx/write';
import { Generator } from '../../../src/core/random';

type Numbers = readonly number[];

const ints = ({ attributes }: OnnxNode, name: string, otherwise: Numbers): Numbers => {
  const found = attributes.find((each) => each.name === name);
  return found ? [found.value as number | number[]].flat() : otherwise;
};

/**
 * Output sizes of a pooling node by the formula of ONNX's shape inference (`convPoolShapeInference`), and by that of its
 * operators, which drop a last window that begins beyond the input and its leading padding.
 */
function sizesOf(node: OnnxNode, input: Numbers): { inferred: Numbers; computed: Numbers } {
  const kernel = ints(node, 'kernel_shape', []);
  const strides = ints(node, 'strides', []);
  const pads = ints(node, 'pads', []);
  const dilations = ints(
    node,
    'dilations',
    kernel.map(() => 1),
  );
  const ceil = ints(node, 'ceil_mode', [0])[0] === 1;
  const inferred = input.map((size, axis) => {
    const room = size + pads[axis] + pads[axis + kernel.length] - ((kernel[axis] - 1) * dilations[axis] + 1);
    return (ceil ? Math.ceil(room / strides[axis]) : Math.floor(room / strides[axis])) + 1;
  });
  const computed = inferred.map((count, axis) =>
    ceil && (count - 1) * strides[axis] >= input[axis] + pads[axis] ? count - 1 : count,
  );
  return { inferred, computed };
}

describe('pooling in ceil mode', () => {
  it.each(['maxpool', 'avgpool'])('is written so that ONNX infers what %s computes', (kind) => {
    const generator = new Generator(3);
    let dropped = 0;
    let perAxis = 0;
    for (let i = 0; i < 400; i++) {
      const pair = (from: number, to: number): [number, number] => [
        from + generator.integer(to - from + 1),
        from + generator.integer(to - from + 1),
      ];
      const [height, width] = pair(5, 13);
      const [size, dilation] = [pair(1, 3), kind === 'maxpool' ? pair(1, 2) : [1, 1]];
      const padding = [generator.integer(size[0]), generator.integer(size[1])];
      const layer = { kind, name: 'pool', size, stride: pair(1, 4), dilation, padding, ceil: true };
      const graph = buildGraph({ input: { height, width, channels: 2 }, layers: [layer] });
      const { nodes, outputs } = onnxGraph(graph, new Map());
      // Average pooling of which one axis rounds down and another up is a convolution.
      if (nodes[0].opType === 'Conv') {
        perAxis++;
        continue;
      }
      if (nodes.length > 1) perAxis++;
      let sizes: Numbers = [height, width];
      for (const node of nodes) {
        const { inferred, computed } = sizesOf(node, sizes);
        expect(inferred, JSON.stringify(layer)).toEqual(computed);
        sizes = inferred;
      }
      expect(sizes, JSON.stringify({ layer, height, width })).toEqual(outputs[0].dims!.slice(2));
      const up = { ...nodes[0], attributes: [...nodes[0].attributes.filter(({ name }) => name !== 'ceil_mode')] };
      up.attributes.push({ name: 'ceil_mode', type: 'int', value: 1 });
      const plain = sizesOf(up, [height, width]);
      if (plain.inferred.join() !== plain.computed.join()) dropped++;
    }
    expect(dropped).toBeGreaterThan(20);
    expect(perAxis).toBeGreaterThan(5);
  });

  it('of size 2 and stride 3 over 12 rounds down: the last window would begin beyond the input', () => {
    const layers = [{ kind: 'avgpool', size: 2, stride: 3, ceil: true }];
    const graph = buildGraph({ input: { height: 12, width: 12, channels: 1 }, layers });
    const [node] = onnxGraph(graph, new Map()).nodes;
    expect(ints(node, 'ceil_mode', [])).toEqual([0]);
    expect(graph.layers[0].outputShape).toEqual([4, 4, 1]);
  });
});
