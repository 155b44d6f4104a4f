import { expect, it } from 'vitest';
import { buildGraph } from '../../src/core/model/build';
import { initParams } from '../../src/core/model/init';
import { plainMetadata, type Model } from '../../src/core/model/model';
import type { LayerSpec } from '../../src/core/model/spec';
import { pytorchScript } from '../../src/engine/export/pytorch';
import { resolveSettings } from '../../src/core/train/settings';
import { settingsFor } from '../../src/engine/export/settings';
import { weightsOf } from '../../src/engine/export/weights';
import { contractCases } from '../core/layers/contract-cases';

function network(layers: LayerSpec[]): Model {
  const graph = buildGraph({ input: { height: 13, width: 11, channels: 3 }, layers });
  return { graph, params: initParams(graph, 1), metadata: plainMetadata(graph) };
}

const script = (model: Model): string => pytorchScript(model, 'net.py', 'net.safetensors', '1.0.0');

it('pads as the network does where PyTorch would pad another way, and keeps the ends of ragged windows', () => {
  const text = script(
    network([
      { kind: 'conv', name: '2-class', filters: 6, kernel: [4, 3], padding: 'same', stride: 2, groups: 3 },
      { kind: 'maxpool', size: 3, stride: 2, padding: 1, ceil: true },
      { kind: 'batchnorm', name: 'class', momentum: 0.75 },
    ]),
  );
  // 13 rows and 11 columns: one more row after than before. The last axis comes first in F.pad.
  expect(text).toContain('self.layer2_class(F.pad(x, (1, 1, 1, 2), value=0.0))');
  expect(text).toContain('groups=3, bias=True)');
  // 7 rows fit exactly, 6 columns need one beyond the padding.
  expect(text).toContain("F.pad(layer2_class, (1, 2, 1, 1), value=-float('inf'))");
  // Python has a keyword of that name; PyTorch's momentum is the other share.
  expect(text).toContain('self.class_2 = nn.BatchNorm2d(6, eps=0.00001, momentum=0.25)');
});

it('every weight of the file has its place in the script', () => {
  const model = network([
    { kind: 'conv', filters: 4, kernel: 3, bias: false },
    { kind: 'batchnorm' },
    { kind: 'prelu' },
    { kind: 'flatten' },
    { kind: 'dense', units: 2 },
  ]);
  const listed = /WEIGHTS = \{\n([^}]*)\}/.exec(script(model))![1];
  const pairs = [...listed.matchAll(/"(.*?)": "(.*?)"/g)].map(([, ours, theirs]) => [ours, theirs]);
  expect(pairs.map(([ours]) => ours)).toEqual(weightsOf(model).map(({ name }) => name));
  expect(Object.fromEntries(pairs)).toMatchObject({
    'batchnorm1.scale': 'batchnorm1.weight',
    'batchnorm1.variance': 'batchnorm1.running_var',
    'prelu1.slope': 'prelu1.weight',
    'dense1.bias': 'dense1.bias',
  });
});

it('layers that PyTorch has no module for bring their class, once, and their weights as it wants them', () => {
  const model = network([
    { kind: 'partialconv', kernel: 3, table: [[0], [1, 2]] },
    { kind: 'subsampling', size: 2 },
    { kind: 'subsampling', name: 'again', size: 2 },
    { kind: 'localconv', filters: 2, kernel: 2 },
    { kind: 'spatialpyramid', levels: [1] },
  ]);
  const text = script(model);
  const untilLoad = text.slice(0, text.indexOf('def load'));
  expect(untilLoad.match(/^class \w+/gm)).toEqual(['class Subsampling', 'class LocalConv', 'class Network']);
  expect(text).toMatch(/^import math$/m);
  // By the table, not by which weights are zero: a training may bring one to zero.
  expect(text).toMatch(
    /self\.partialconv1\.weight \* torch\.tensor\(\[\[c in read for c in range\(3\)\] for read in \(\(\d/,
  );
  expect(text).toContain('torch.cat([F.adaptive_max_pool2d(localconv1, 1).flatten(1)], dim=1)');
  const shapes = Object.fromEntries(weightsOf(model).map(({ name, shape }) => [name, shape]));
  // All connections, those that are missing as zeros; one factor a channel, though an ONNX file repeats it.
  expect(shapes).toMatchObject({ 'partialconv1.weight': [2, 3, 3, 3], 'again.slope': [2] });
  expect(text).toContain('"again.slope": "again.weight"');
});

it('every kind of layer has a form in PyTorch, and each parameter a name there', () => {
  for (const [kind, cases] of Object.entries(contractCases)) {
    const written = cases.filter(({ input, layers }) => {
      const graph = buildGraph({ input, layers });
      const last = graph.layers[graph.layers.length - 1];
      if (!last.toPyTorch()) return false;
      const own = script({ graph, params: initParams(graph, 1), metadata: plainMetadata(graph) });
      expect(own, kind).not.toContain('undefined');
      return true;
    });
    expect(written, kind).not.toEqual([]);
  }
});

it('settings that PyTorch has no form for are refused by the layer’s name', () => {
  const dilated = network([{ kind: 'avgpool', name: 'mean', size: 2, dilation: 2 }]);
  expect(() => script(dilated)).toThrow(/'mean'.*PyTorch.*avgpool/);
  const each = network([{ kind: 'prelu', name: 'each', slopes: 'element' }]);
  expect(() => script(each)).toThrow(/'each'/);
});

it('trains on with the settings of the run, on the value before the softmax', () => {
  const model = network([
    { kind: 'conv', filters: 2, kernel: 3 },
    { kind: 'flatten' },
    { kind: 'dense', name: 'logits', units: 3 },
    { kind: 'softmax' },
  ]);
  const settings = resolveSettings({ optimizer: 'nesterov', lr: 0.05, weightDecay: 0.1, augment: { hue: 20 } });
  const text = pytorchScript(model, 'net.py', 'net.safetensors', '1.0.0', settings);
  expect(text).toContain('    "lr": 0.05,');
  expect(text).toContain('"kind": "nesterov", "momentum": 0.9');
  expect(text).toContain('"hue": 20');
  // Biases do not decay; the layer's name must not hide the method's.
  expect(text).toContain('DECAYS = ["conv1.weight", "logits_2.weight"]');
  const [logits, forward] = [
    /def logits[^]*?return (\w+)/.exec(text)![1],
    /def forward[^]*?return (\w+)/.exec(text)![1],
  ];
  expect([logits, forward]).toEqual(['logits_2', 'softmax1']);
  // What is no picture of a folder has no training part.
  const graph = buildGraph({
    input: { length: 9, channels: 2 },
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: 2 }],
  });
  const signal = script({ graph, params: initParams(graph, 1), metadata: plainMetadata(graph) });
  expect(signal).not.toContain('--train');
});

it('a file says how it was trained where there is no run; else the defaults hold', () => {
  const model = network([{ kind: 'flatten' }, { kind: 'dense', units: 2 }]);
  expect(settingsFor(model, null)).toEqual(resolveSettings({}));
  const figures = { train: null, validation: null, test: null };
  const training = {
    data: 'x',
    samples: { train: 1, validation: 0, test: 0 },
    epochs: 7,
    batch: 16,
    optimizer: 'adamw',
    learningRate: 0.002,
    schedule: 'step:every=2,factor=0.5',
    seed: 3,
    augmentation: ['expand=shifts', 'flip=both', 'rotate=5'],
    accuracy: figures,
    loss: figures,
  };
  const found = settingsFor({ ...model, metadata: { ...model.metadata, training } }, null);
  expect(found).toMatchObject({ epochs: 7, batch: 16, learningRate: 0.002, seed: 3, expand: 'shifts' });
  expect(found.schedule).toEqual({ kind: 'step', every: 2, factor: 0.5 });
  expect(found.augmentation).toMatchObject({ flip: 'both', rotate: 5, shift: 0 });
});
