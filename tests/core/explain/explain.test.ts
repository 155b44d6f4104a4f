/** What an explanation says, beyond the value that the contract test compares. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/explain/explain';
import { TERMS_SHOWN } from '../../../src/core/explain/terms';
import type { Explanation, ExplanationBody } from '../../../src/core/explain/types';
import type { LayerSpec, ModelSpec } from '../../../src/core/model/spec';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import { sizeOf } from '../../../src/core/tensor';
import { awayFromKinks, graphOf, randomParams, small } from '../helpers';

/** Explains units of a network on one input. */
function explainer(layers: LayerSpec[], input: ModelSpec['input'] = small, values?: number[]) {
  const graph = graphOf(layers, input);
  const params = randomParams(graph, 1);
  const executor = new ReferenceExecutor(graph);
  executor.setParams(params);
  executor.forward(values ? Float32Array.from(values) : awayFromKinks(sizeOf(graph.inputShape), 2), 1);
  const unit = (layer: string, channel: number, y = 0, x = 0): Explanation => {
    const index = graph.layers.findIndex((each) => each.name === layer);
    return explain({ graph, params }, (each) => executor.activation(each), index, channel, y, x);
  };
  return { graph, params, executor, unit };
}

function bodyOf<K extends ExplanationBody['kind']>(told: Explanation, kind: K): Extract<ExplanationBody, { kind: K }> {
  expect(told.body.kind).toBe(kind);
  return told.body as Extract<ExplanationBody, { kind: K }>;
}

describe('a convolution', () => {
  it('shows its window, padding marked, and sums it channel by channel', () => {
    const { unit, params } = explainer([{ kind: 'conv', filters: 2, kernel: 3, padding: 1, dilation: 2 }]);
    const told = unit('conv1', 1, 0, 3);
    const body = bodyOf(told, 'sum');
    expect(body.window).toEqual({
      source: -1,
      top: -1,
      left: 2,
      height: 3,
      width: 3,
      stride: [1, 1],
      dilation: [2, 2],
    });
    expect(body.planes!.map((plane) => plane.channel)).toEqual([0, 1, 2]);
    for (const plane of body.planes!) {
      expect([...plane.inside]).toEqual([0, 0, 0, 1, 1, 0, 1, 1, 0]);
      plane.values.forEach((value, i) => expect(value === 0).toBe(plane.inside[i] === 0));
      expect(plane.sum).toBeCloseTo(
        plane.values.reduce((sum, value, i) => sum + value * plane.weights![i], 0),
        12,
      );
    }
    expect(body.bias).toBe(params.get('conv1.bias')![1]);
    expect(body.bias + body.planes!.reduce((sum, plane) => sum + plane.sum, 0)).toBeCloseTo(told.recomputed, 12);
    expect(body.terms).toBe(12);
    expect(told.receptiveField).toEqual({ top: 1, left: 2, bottom: 3, right: 4, height: 3, width: 3 });
  });

  it('lists its largest terms first, with their places', () => {
    const { unit, executor, params } = explainer([{ kind: 'conv', filters: 2, kernel: 4 }]);
    const { largest, terms } = bodyOf(unit('conv1', 0, 1, 1), 'sum');
    expect([terms, largest.length]).toEqual([48, TERMS_SHOWN]);
    const input = executor.activation(-1);
    const weights = params.get('conv1.weight')!;
    largest.forEach((term, i) => {
      expect(term.value).toBe(input[(term.y * 6 + term.x) * 3 + term.channel]);
      expect(term.weight).toBe(weights[((term.y - 1) * 4 + (term.x - 1)) * 3 + term.channel]);
      expect(term.product).toBe(term.value * term.weight);
      if (i > 0) expect(Math.abs(term.product)).toBeLessThanOrEqual(Math.abs(largest[i - 1].product));
    });
  });

  it('of groups looks at its own channels only', () => {
    const { unit } = explainer([{ kind: 'conv', filters: 6, kernel: 1, groups: 3, bias: false }]);
    const body = bodyOf(unit('conv1', 5), 'sum');
    expect(body.planes!.map((plane) => plane.channel)).toEqual([2]);
    expect(body.bias).toBe(0);
  });

  it('of padding alone is its bias', () => {
    const { unit } = explainer([{ kind: 'conv', filters: 1, kernel: 1, padding: 1 }]);
    const told = unit('conv1', 0, 0, 0);
    expect(told.recomputed).toBe(bodyOf(told, 'sum').bias);
    expect(bodyOf(told, 'sum').terms).toBe(0);
    expect(told.receptiveField).toMatchObject({ height: 0, width: 0 });
  });
});

describe('pooling', () => {
  const input = { height: 3, width: 3, channels: 1 };

  it('names the winner in the map, the first on a tie', () => {
    const { unit } = explainer([{ kind: 'maxpool', size: 2, stride: 1 }], input, [1, 5, 2, 3, 4, 5, 5, 5, 0]);
    expect(bodyOf(unit('maxpool1', 0, 0, 1), 'pick').winner).toEqual({ y: 0, x: 1, value: 5 });
    expect(bodyOf(unit('maxpool1', 0, 1, 0), 'pick').winner).toEqual({ y: 2, x: 0, value: 5 });
  });

  it('lets neither padding nor a smaller number win over NaN', () => {
    const { unit } = explainer([{ kind: 'maxpool', size: 2, padding: 1 }], input, [-5, -2, NaN, -1, -3, -4, 1, 1, 1]);
    const corner = bodyOf(unit('maxpool1', 0, 0, 0), 'pick');
    expect([corner.winner, [...corner.plane.inside]]).toEqual([{ y: 0, x: 0, value: -5 }, [0, 0, 0, 1]]);
    const spoiled = unit('maxpool1', 0, 0, 1);
    expect(bodyOf(spoiled, 'pick').winner).toEqual({ y: 0, x: 2, value: NaN });
    expect([spoiled.shown, spoiled.recomputed, spoiled.difference]).toEqual([NaN, NaN, NaN]);
  });

  it('tells the divisor of an average', () => {
    const settings = { kind: 'avgpool', size: 2, padding: 1, stride: 2 };
    const { unit } = explainer([settings], input);
    expect([unit('avgpool1', 0, 0, 0), unit('avgpool1', 0, 1, 1)].map((told) => bodyOf(told, 'mean').divisor)).toEqual([
      1, 4,
    ]);
    const counted = explainer([{ ...settings, countPadding: true }], input);
    expect(bodyOf(counted.unit('avgpool1', 0, 0, 0), 'mean').divisor).toBe(4);
  });

  it('over the whole map is a window as large as the map', () => {
    const { unit } = explainer([
      { kind: 'globalmaxpool' },
      { kind: 'globalavgpool', inputs: ['input'] },
      { kind: 'add', inputs: ['globalmaxpool1', 'globalavgpool1'] },
    ]);
    const window = { source: -1, top: 0, left: 0, height: 5, width: 6, stride: [5, 6], dilation: [1, 1] };
    expect(bodyOf(unit('globalmaxpool1', 2), 'pick').window).toEqual(window);
    const average = bodyOf(unit('globalavgpool1', 2), 'mean');
    expect([average.window, average.divisor, average.plane.channel]).toEqual([window, 30, 2]);
  });
});

describe('a dense unit', () => {
  it('puts each term at its place in the map that was flattened, through dropout and reshape too', () => {
    const { unit, executor, params } = explainer([
      { kind: 'conv', filters: 4, kernel: 3 },
      { kind: 'reshape', shape: [4, 3, 4] },
      { kind: 'flatten' },
      { kind: 'dropout' },
      { kind: 'dense', units: 3 },
    ]);
    const told = unit('dense1', 2);
    const body = bodyOf(told, 'sum');
    // The map that was flattened last: the reshaped one.
    expect([body.source, body.terms, body.largest.length]).toEqual([1, 48, TERMS_SHOWN]);
    const map = executor.activation(1);
    const weights = params.get('dense1.weight')!;
    for (const { channel, y, x, value, weight } of body.largest) {
      expect(value).toBe(map[(y * 3 + x) * 4 + channel]);
      expect(weight).toBe(weights[2 * 48 + (channel * 4 + y) * 3 + x]);
    }
    expect(body.positive).toBeGreaterThan(0);
    expect(body.negative).toBeLessThan(0);
    expect(body.bias + body.positive + body.negative).toBe(told.recomputed);
    const shown = body.largest.reduce((sum, term) => sum + term.product, 0);
    expect(shown + body.rest).toBeCloseTo(body.positive + body.negative, 12);
  });

  it('counts its inputs as channels where nothing was flattened', () => {
    const { unit } = explainer([
      { kind: 'flatten' },
      { kind: 'dense', units: 4 },
      { kind: 'relu' },
      { kind: 'dense', units: 2 },
    ]);
    const body = bodyOf(unit('dense2', 1), 'sum');
    expect(body.source).toBe(2);
    expect(body.largest.map(({ channel, y, x }) => [channel, y, x]).sort()).toEqual(
      [0, 1, 2, 3].map((channel) => [channel, 0, 0]),
    );
  });
});

describe('the others', () => {
  it('softmax comes from its logits', () => {
    const { unit, executor } = explainer([{ kind: 'flatten' }, { kind: 'dense', units: 4 }, { kind: 'softmax' }]);
    const body = bodyOf(unit('softmax1', 3), 'share');
    const logits = Float64Array.from(executor.activation(1));
    expect(body.logits).toEqual(logits);
    expect(body.maximum).toBe(Math.max(...logits));
    expect(body.exponentials).toEqual(logits.map((logit) => Math.exp(logit - body.maximum)));
    expect(body.sum).toBeCloseTo(
      body.exponentials.reduce((a, b) => a + b),
      12,
    );
    expect([body.source, body.log]).toEqual([1, false]);
  });

  it('activations put the numbers into the formula', () => {
    const { unit, executor } = explainer([{ kind: 'leakyrelu', alpha: 0.25 }]);
    const input = executor.activation(-1)[(1 * 6 + 2) * 3 + 1];
    const { curve, ...told } = bodyOf(unit('leakyrelu1', 1, 1, 2), 'function');
    expect(told).toEqual({
      kind: 'function',
      source: -1,
      input,
      formula: 'x > 0 ? x : alpha · x',
      constants: [{ name: 'alpha', value: 0.25 }],
    });
    expect([curve!.from, curve!.to]).toEqual([-4, 4]);
    expect([curve!.values[0], curve!.values[48], curve!.values[96]]).toEqual([-1, 0, 4]);
  });

  it('prelu tells its own slope, batch norm its four numbers', () => {
    const { unit, params } = explainer([{ kind: 'prelu' }, { kind: 'batchnorm', epsilon: 0.5 }]);
    expect(bodyOf(unit('prelu1', 2), 'function').constants).toEqual([
      { name: 'slope', value: params.get('prelu1.slope')![2] },
    ]);
    const told = bodyOf(unit('batchnorm1', 1, 2, 3), 'normalize');
    const [scale, shift, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map(
      (name) => params.get(`batchnorm1.${name}`)![1],
    );
    expect(told).toMatchObject({ source: 0, epsilon: 0.5, scale, shift, mean, variance });
  });

  it('a copy tells where it comes from', () => {
    const { unit } = explainer([
      { kind: 'conv', filters: 2, kernel: 1 },
      { kind: 'concat', inputs: ['input', 'conv1'] },
      { kind: 'flatten' },
      { kind: 'dropout' },
      { kind: 'reshape', shape: [6, 5, 5] },
    ]);
    expect(bodyOf(unit('concat1', 4, 1, 2), 'copy')).toEqual({ kind: 'copy', source: 0, channel: 1, y: 1, x: 2 });
    expect(bodyOf(unit('concat1', 2, 1, 2), 'copy')).toEqual({ kind: 'copy', source: -1, channel: 2, y: 1, x: 2 });
    // Feature (4 · 5 + 1) · 6 + 2 of the flattened map of 5 × 6.
    expect(bodyOf(unit('flatten1', 128), 'copy')).toEqual({ kind: 'copy', source: 1, channel: 4, y: 1, x: 2 });
    expect(bodyOf(unit('dropout1', 128), 'copy')).toEqual({ kind: 'copy', source: 2, channel: 128, y: 0, x: 0 });
    // Number (3 · 6 + 4) · 5 + 1 = 111 of the list.
    expect(bodyOf(unit('reshape1', 3, 4, 1), 'copy')).toEqual({ kind: 'copy', source: 3, channel: 111, y: 0, x: 0 });
  });

  it('a sum tells its parts, a repeated one at its own place', () => {
    const { unit, executor } = explainer([
      { kind: 'globalavgpool' },
      { kind: 'add', inputs: ['input', 'globalavgpool1'] },
    ]);
    expect(bodyOf(unit('add1', 1, 4, 5), 'join').sources).toEqual([
      { layer: -1, value: executor.activation(-1)[(4 * 6 + 5) * 3 + 1] },
      { layer: 0, value: executor.activation(0)[1] },
    ]);
  });
});

it('refuses a unit or a layer that is not there', () => {
  const { unit, graph, params } = explainer([{ kind: 'maxpool', size: 2 }]);
  expect(() => unit('maxpool1', 3)).toThrow("layer 'maxpool1', channel: found 3, expected a whole number from 0 to 2");
  expect(() => unit('maxpool1', 0, 2)).toThrow("layer 'maxpool1', row: found 2, expected a whole number from 0 to 1");
  expect(() => unit('maxpool1', 0, 0, -1)).toThrow(
    "layer 'maxpool1', column: found -1, expected a whole number from 0 to 2",
  );
  expect(() => explain({ graph, params }, () => new Float32Array(0), 1, 0, 0, 0)).toThrow(
    'found 1, expected a layer from 0 to 0',
  );
});

it('differs from the value on screen by what was rounded, and shows it when the value was tampered with', () => {
  const { graph, params, executor } = explainer([{ kind: 'conv', filters: 1, kernel: 5, bias: false }]);
  const tell = (offset: number): Explanation =>
    explain(
      { graph, params },
      (layer) => executor.activation(layer).map((value) => (layer === 0 ? value + offset : value)),
      0,
      0,
      0,
      0,
    );
  expect(Math.abs(tell(0).difference)).toBeLessThan(1e-6);
  expect(tell(1).difference).toBeCloseTo(1, 5);
});
