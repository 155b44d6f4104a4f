/** Whatever a network ends in: what Inspect says of a picture is what an evaluation says, and both are what the head means. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LayerSpec } from '../../../src/core/model/spec';
import { writeModel } from '../../../src/core/onnx/write';
import { createEngine } from '../../../src/engine/engine';
import { fitToClasses } from '../../../src/engine/train/fit-classes';
import { evaluate, evaluateTogether, type Evaluation } from '../../../src/engine/train/evaluate';
import type { Prediction } from '../../../src/shared/protocol';
import { plain, put } from '../data-sets/pictures';
import { randomModel } from '../models';
import { rgbNetwork } from '../pictures';
import { scratch } from '../train/helpers';

const folder = scratch();
const engine = createEngine({ open: { model: null, image: null } });
const context = { emit: () => undefined };
const classes = ['class 0', 'class 1', 'class 2'];

beforeAll(async () => {
  for (const [c, name] of classes.entries())
    for (let i = 0; i < 3; i++) put(folder, `${name}/${i}.png`, await plain(80 * c + 9 * i, 200 - 70 * c, 31 * i));
});
afterAll(() => engine.close());

const network = (layers: LayerSpec[], side = 4) =>
  randomModel(layers, { ...rgbNetwork, height: side, width: side, fit: 'stretch' }, 3);
const dense: LayerSpec[] = [{ kind: 'flatten' }, { kind: 'dense', units: 3 }];

async function both(layers: LayerSpec[], side?: number): Promise<{ told: Prediction[][]; evaluation: Evaluation }> {
  const model = network(layers, side);
  const bytes = writeModel(model);
  const opened = await engine.call('openModel', { source: { kind: 'bytes', name: 'a.onnx', bytes } }, context);
  const evaluation = await evaluate(model, 'a', folder, { engine: 'core', threads: 1 });
  const { root, paths } = evaluation.seen.data.files!;
  const told: Prediction[][] = [];
  for (const sample of evaluation.seen.splits.flatMap(({ samples }) => [...samples])) {
    const image = { kind: 'bytes', name: 'a.png', bytes: readFileSync(join(root, paths[sample])) } as const;
    const { predictions } = await engine.call('inspect', { model: opened.model, image, options: {} }, context);
    told.push(predictions);
  }
  return { told, evaluation };
}

const sum = (predictions: Prediction[]): number => predictions.reduce((total, each) => total + each.probability!, 0);
const byClass = (predictions: Prediction[]): Prediction[] => [...predictions].sort((a, b) => a.index - b.index);
/** Binary cross-entropy of one picture, as a textbook has it. */
const binary = (predictions: Prediction[], truth: number): number =>
  predictions.reduce(
    (total, { index, probability }) => total - Math.log(index === truth ? probability! : 1 - probability!),
    0,
  );

it.each<[name: string, layers: LayerSpec[], side?: number]>([
  ['softmax', [...dense, { kind: 'softmax' }]],
  ['log softmax', [...dense, { kind: 'logsoftmax' }]],
  ['softmax, flattened', [...dense, { kind: 'softmax' }, { kind: 'reshape', shape: [3] }]],
  ['softmax of the input', [{ kind: 'softmax' }, { kind: 'flatten' }], 1],
  ['sigmoid', [...dense, { kind: 'sigmoid' }]],
  ['values', dense],
])('%s', async (name, layers, side) => {
  const { told, evaluation } = await both(layers, side);
  const { predicted, probability, loss, truth } = evaluation.answers;
  for (const [i, predictions] of told.entries()) {
    const [first] = predictions;
    expect(first.index).toBe(predicted[i]);
    expect(predictions.map(({ logit }) => logit)).toEqual(
      [...predictions].map(({ logit }) => logit).sort((a, b) => b - a),
    );
    if (name === 'values') {
      expect([first.probability, probability[i], loss[i]]).toEqual([null, NaN, NaN]);
      continue;
    }
    expect(first.probability).toBeCloseTo(probability[i], 6);
    if (name === 'sigmoid') {
      for (const each of predictions) expect(each.probability).toBeCloseTo(1 / (1 + Math.exp(-each.logit)), 6);
      expect(loss[i]).toBeCloseTo(binary(predictions, truth[i]), 4);
    } else {
      expect(sum(predictions)).toBeCloseTo(1, 6);
      const logits = byClass(predictions).map(({ logit }) => Math.exp(logit));
      const share = logits[predicted[i]] / logits.reduce((a, b) => a + b);
      expect(first.probability).toBeCloseTo(share, 6);
      expect(loss[i]).toBeCloseTo(-Math.log(byClass(predictions)[truth[i]].probability!), 4);
    }
  }
  if (name === 'values') expect(evaluation.loss).toBeNull();
  else expect(evaluation.loss).toBeGreaterThan(0);
});

it('lets only shares of one vote', async () => {
  const named = [network([...dense, { kind: 'sigmoid' }]), network([...dense, { kind: 'softmax' }])].map(
    (model, i) => ({
      model,
      id: `net ${i}`,
    }),
  );
  const options = { engine: 'core', threads: 1 } as const;
  await expect(evaluateTogether(named, folder, options)).rejects.toThrow('net 0');
});

it('trains a network that ends in a softmax, or its logarithm, as it is, and adds one to another', () => {
  const input = { height: 4, width: 4, channels: 3 };
  const kinds = (end: LayerSpec[]): string[] =>
    fitToClasses({ name: 'a', spec: { input, layers: [...dense, ...end] } }, 3).graph.layers.map(({ kind }) => kind);
  expect(kinds([{ kind: 'softmax' }])).toEqual(['flatten', 'dense', 'softmax']);
  expect(kinds([{ kind: 'logsoftmax' }])).toEqual(['flatten', 'dense', 'logsoftmax']);
  expect(kinds([])).toEqual(['flatten', 'dense', 'softmax']);
  expect(kinds([{ kind: 'sigmoid' }])).toEqual(['flatten', 'dense', 'sigmoid', 'softmax']);
});
