import { describe, expect, it } from 'vitest';
import { formulaLines, spoken } from '../../../src/renderer/src/inspect/pixel/formula';
import { foldedSource } from '../../../src/renderer/src/state/layers';
import { num } from '../../../src/renderer/src/format';
import type { Explanation, ExplanationBody } from '../../../src/core/explain/types';
import type { LayerInfo } from '../../../src/shared/protocol';
import { shaped, traitsOf } from '../traits';

function layer(
  index: number,
  name: string,
  kind: string,
  inputs: number[],
  outputShape: number[],
  settings = {},
): LayerInfo {
  const receptiveField = { size: [1, 1], step: [1, 1] };
  return {
    index,
    name,
    kind,
    traits: traitsOf(kind),
    settings,
    inputs,
    ...shaped(outputShape),
    params: 0,
    trainable: 0,
    macs: 0,
    receptiveField,
  };
}

const layers = [
  layer(0, 'conv1', 'conv', [-1], [8, 14, 14], { kernel: 5, stride: [2, 2] }),
  layer(1, 'relu1', 'relu', [0], [8, 14, 14]),
  layer(2, 'pool1', 'maxpool', [1], [8, 7, 7], { size: 2, stride: 2 }),
  layer(3, 'flatten1', 'flatten', [2], [392]),
  layer(4, 'drop1', 'dropout', [3], [392]),
  layer(5, 'dense1', 'dense', [4], [10]),
  layer(6, 'softmax1', 'softmax', [5], [10]),
  layer(7, 'dense2', 'dense', [5], [10]),
];

function lines(
  index: number,
  value: number,
  body: ExplanationBody,
  place: [number, number, number] = [3, 5, 6],
): string[] {
  const explanation: Explanation = {
    layer: index,
    channel: place[0],
    y: place[1],
    x: place[2],
    shown: value,
    recomputed: value,
    difference: 0,
    receptiveField: { top: 0, left: 0, bottom: 0, right: 0, height: 1, width: 1 },
    body,
  };
  return formulaLines(explanation, { layers, input: 'input', number: (x) => num(x, 4) }).map(spoken);
}
const sum = { kind: 'sum' as const, bias: 1, largest: [], positive: 0, negative: 0, rest: 0 };
const plane = { channel: 3, values: new Float64Array(4), weights: null, inside: new Uint8Array(4), sum: 6 };

describe('the arithmetic with the numbers put in', () => {
  it('of a convolution says where its window lies', () => {
    const window = {
      source: -1,
      top: 8,
      left: 10,
      height: 5,
      width: 5,
      stride: [2, 2] as [number, number],
      dilation: [1, 1] as [number, number],
    };
    expect(lines(0, -0.142077, { ...sum, source: -1, window, planes: [], terms: 25 })).toEqual([
      'conv1[3, 5, 6] = b3 + ∑c,i,j input[c, 2·5 + i − 2, 2·6 + j − 2] · w3[c, i, j] = −0.1421',
    ]);
  });
  it('of a dense unit, folded back to the maps where there are some', () => {
    const body = { ...sum, source: 2, window: null, planes: null, terms: 392 };
    expect(lines(5, 1, body, [3, 0, 0])).toEqual(['dense1[3] = b3 + ∑c,i,j pool1[c, i, j] · w3[c, i, j] = 1.0000']);
    expect(lines(7, 1, { ...body, source: 5 }, [3, 0, 0])).toEqual(['dense2[3] = b3 + ∑i dense1[i] · w3[i] = 1.0000']);
  });
  it('of pooling', () => {
    const window = {
      source: 1,
      top: 10,
      left: 12,
      height: 2,
      width: 2,
      stride: [2, 2] as [number, number],
      dilation: [1, 1] as [number, number],
    };
    expect(lines(2, 2, { kind: 'pick', source: 1, window, plane, winner: { y: 10, x: 12, value: 2 } })).toEqual([
      'pool1[3, 5, 6] = maxi,j relu1[3, 2·5 + i, 2·6 + j] = 2.0000',
    ]);
    expect(lines(2, 1.5, { kind: 'mean', source: 1, window, plane, divisor: 4 })[1]).toBe(' = 6.0000 ÷ 4 = 1.5000');
  });
  it('of an elementwise layer puts the number and its constants in, negatives in brackets where they need them', () => {
    const of = { kind: 'function' as const, source: 0, input: -1.25, constants: [], curve: null };
    const body: ExplanationBody = { ...of, formula: 'max(0, x)' };
    expect(lines(1, 0, body)).toEqual(['relu1[3, 5, 6] = max(0, conv1[3, 5, 6])', ' = max(0, −1.2500) = 0']);
    const sigmoid: ExplanationBody = { ...of, formula: '1 ÷ (1 + e^−x)' };
    expect(lines(1, 0.2227, sigmoid)[1]).toBe(' = 1 ÷ (1 + e^−(−1.2500)) = 0.2227');
    const leaky: ExplanationBody = {
      ...of,
      formula: 'x > 0 ? x : alpha · x',
      constants: [{ name: 'alpha', value: 0.1 }],
    };
    expect(lines(1, -0.125, leaky)[1]).toBe(' = −1.2500 > 0 ? −1.2500 : 0.1000 · (−1.2500) = −0.1250');
  });
  it('of batch normalization', () => {
    const body: ExplanationBody = {
      kind: 'normalize',
      by: 'batch',
      count: null,
      source: 0,
      input: 2,
      mean: -0.5,
      variance: 4,
      epsilon: 0.001,
      scale: 1.5,
      shift: -1,
    };
    expect(lines(1, 0.8, body)[1]).toBe(' = (2.0000 + 0.5000) ÷ √(4.0000 + 0.0010) · 1.5000 − 1.0000 = 0.8000');
  });
  it('of softmax and its logarithm', () => {
    const body = {
      kind: 'share',
      source: 5,
      logits: Float64Array.of(1, 3),
      own: 1,
      maximum: 3,
      exponentials: Float64Array.of(0.1353, 1),
      sum: 1.1353,
      log: false,
    } as const;
    expect(lines(6, 0.8808, body, [1, 0, 0])).toEqual([
      'softmax1[1] = exp(dense1[1] − m) ÷ ∑k exp(dense1[k] − m)',
      ' = 1.0000 ÷ 1.1353 = 0.8808',
    ]);
    expect(lines(6, -2.127, { ...body, own: 0, log: true }, [0, 0, 0])[1]).toBe(' = −2.0000 − ln 1.1353 = −2.1270');
  });
  it('of a quantized sum: whole numbers without their zero points, then scaled and rounded', () => {
    const sum = { terms: 1, largest: [], positive: 120, negative: 0, rest: 120 };
    const explanation: Explanation = {
      layer: 5,
      channel: 3,
      y: 0,
      x: 0,
      shown: 7,
      recomputed: 7,
      difference: 0,
      receptiveField: { top: 0, left: 0, bottom: -1, right: -1, height: 0, width: 0 },
      body: { kind: 'sum', source: 4, window: null, planes: null, bias: 0, ...sum },
      quantized: {
        reads: [
          { name: 'x', scale: 0.5, zero: 9 },
          { name: 'w', scale: 0.25, zero: 0 },
        ],
        real: false,
        sum: 120,
        factor: 0.125,
        shift: 0,
        output: { scale: 5, zero: 4, low: 0, high: 255 },
      },
    };
    expect(formulaLines(explanation, { layers, input: 'input', number: String }).map(spoken)).toEqual([
      's = b3 + ∑i (drop1[i] − 9) · w3[i] = 120',
      'dense1[3] = clamp(round(s · 0.125 ÷ 5) + 4, 0, 255)',
      ' = clamp(round(120 · 0.125 ÷ 5) + 4, 0, 255) = 7',
    ]);
  });
  it('of joined branches and of what is only handed on', () => {
    const add: ExplanationBody = {
      kind: 'join',
      by: 'sum',
      sources: [
        { layer: 0, value: 1 },
        { layer: 1, value: -2.5 },
      ],
    };
    expect(lines(1, -1.5, add)).toEqual([
      'relu1[3, 5, 6] = conv1[3, 5, 6] + relu1[3, 5, 6]',
      ' = 1.0000 − 2.5000 = −1.5000',
    ]);
    expect(lines(3, 7, { kind: 'copy', source: 2, channel: 1, y: 2, x: 3 }, [66, 0, 0])).toEqual([
      'flatten1[66] = pool1[1, 2, 3] = 7.0000',
    ]);
  });
});

it('finds the maps that a dense layer looks at', () => {
  expect(foldedSource(layers, 5)).toBe(2);
  expect(foldedSource(layers, 7)).toBe(5);
});
