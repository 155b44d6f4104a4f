/** Curves against the formulas, derivatives against central differences, the whole against onnxruntime. */
import { expect, it } from 'vitest';
import { registry } from '../../../src/core/layers/registry';
import { buildGraph } from '../../../src/core/model/build';
import { initParams } from '../../../src/core/model/init';
import { plainMetadata } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/onnx/write';
import { OnnxSession } from '../../../src/engine/runtime/onnxruntime';
import {
  activations as scene,
  after,
  COUNT,
  curve,
  curveOf,
  kinds,
  xAt,
} from '../../../src/renderer/src/learn/scenes/activations/scene';
import { draw, example } from './draw';

const step = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** The error function by its series: enough for the curve's reach. */
function erf(z: number): number {
  let [sum, term] = [0, z];
  for (let n = 0; n < 200; n++) {
    sum += term / (2 * n + 1);
    term *= (-z * z) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
const formulas: Record<string, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  leakyrelu: (x) => (x > 0 ? x : 0.01 * x),
  prelu: (x) => (x > 0 ? x : 0.25 * x),
  rrelu: (x) => (x > 0 ? x : ((1 / 8 + 1 / 3) / 2) * x),
  relu6: (x) => step(x, 0, 6),
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
  hardswish: (x) => x * step(x / 6 + 0.5, 0, 1),
  sigmoid,
  hardsigmoid: (x) => step(0.2 * x + 0.5, 0, 1),
  tanh: Math.tanh,
  softplus: (x) => Math.log(1 + Math.exp(x)),
};

it('has every activation of the core: all layers whose unit is a function of one number, and maxout', () => {
  const found = [...registry.values()].flatMap((definition) => {
    try {
      const graph = buildGraph({ input: { height: 1, width: 1, channels: 2 }, layers: [{ kind: definition.kind }] });
      const [layer] = graph.layers;
      const params = [...initParams(graph, 1).values()];
      const values = Float32Array.of(0.5, -0.5);
      const input = { layer: -1, shape: [1, 1, 2], values, origin: { layer: -1, shape: [1, 1, 2] } };
      // Local response normalization reads other channels, too.
      if (layer.traits.maps !== 'own' || definition.kind === 'lrn') return [];
      return layer.explain({ inputs: [input], params, channel: 0, y: 0, x: 0 }).body.kind === 'function'
        ? [definition.kind]
        : [];
    } catch {
      return [];
    }
  });
  expect(found.length).toBeGreaterThan(10);
  expect([...kinds].sort()).toEqual([...found, 'maxout'].sort());
});

it('draws each formula, and its derivative by central differences', () => {
  for (const kind of kinds) {
    const state = example(scene, kind);
    const { values, slopes } = curve(state);
    const f = formulas[kind] ?? ((x: number) => Math.max(...state.lines.map(([slope, height]) => slope * x + height)));
    for (let at = 0; at < COUNT; at++) {
      const x = xAt(at);
      expect(values[at], `${kind} ${x}`).toBeCloseTo(f(x), 5);
      // Where left and right agree there is no kink.
      const h = 1e-5;
      const [left, right] = [(f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h];
      if (Math.abs(left - right) < 1e-3) expect(slopes[at], `${kind} ${x}`).toBeCloseTo((left + right) / 2, 3);
      else expect(slopes[at]).toBeGreaterThanOrEqual(Math.min(left, right) - 1e-3);
    }
  }
});

it('sends any map through it, cell by cell', () => {
  for (const state of draw(scene, 40, 41)) {
    const cells = state.map.flat();
    cells.forEach((x, i) => {
      const { values, slopes } = curveOf(state, [x]);
      expect(after(state).values[i]).toBe(values[0]);
      expect(after(state).slopes[i]).toBe(slopes[0]);
    });
  }
});

it('agrees with onnxruntime on every curve that it can compute', async () => {
  const xs = Array.from({ length: COUNT }, (_, at) => xAt(at));
  for (const kind of kinds) {
    if (kind === 'maxout') continue;
    const graph = buildGraph({ input: { height: 1, width: 1, channels: COUNT }, layers: [{ kind, name: 'f' }] });
    const model = { graph, params: initParams(graph, 1), metadata: plainMetadata(graph) };
    const session = await OnnxSession.open(writeModel(model));
    const feeds = { [session.inputNames[0]]: { shape: [1, COUNT, 1, 1], data: Float32Array.from(xs) } };
    const [out] = (await session.run(feeds)).values();
    curve(example(scene, kind)).values.forEach((value, i) => expect(out.data[i], kind).toBeCloseTo(value, 4));
  }
});
