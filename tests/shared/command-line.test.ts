import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/cli';
import { register as train } from '../../src/cli/train';
import { optionsOf as textsToOptions, type SettingTexts } from '../../src/cli/setting-options';
import { optionsOf, resolveSettings, type TrainOptions } from '../../src/core/train/settings';
import { createEngine } from '../../src/engine/engine';
import { resource } from '../../src/engine/system/root';
import { compareCommand, diffCommand, inspectCommand, quoted, trainCommand } from '../../src/shared/command-line';
import type { CallContext, ImageSource, InputOptions, ModelSource } from '../../src/shared/protocol';
import type { RunInfo } from '../../src/shared/runs';

const folders = { resources: resource(), runs: '/runs' };
const engine = createEngine({ open: { model: null, image: null } });
const context: CallContext = { emit: () => undefined };
afterAll(() => engine.close());

it('inspect gives the numbers that are on screen', async () => {
  const source: ModelSource = { kind: 'bundled', id: 'mnist-cnn' };
  const image: ImageSource = { kind: 'sample', id: 'digit-on-paper' };
  const model = await engine.call('openModel', { source }, context);
  for (const chosen of [{}, { invert: 'off', fit: 'stretch', background: '#336699' } as const]) {
    const inspection = await engine.call('inspect', { model: model.model, image, options: chosen }, context);
    const words = inspectCommand({ source, model, image, options: inspection.options }, folders);
    const out: string[] = [];
    const io = { print: (line: string) => void out.push(line), warn: () => undefined, setExitCode: () => undefined };
    expect(await main([...words, '--json'], io)).toBe(0);
    const report = JSON.parse(out.join('\n')) as { predictions: object[]; layers: { min: number; mean: number }[] };
    expect(report.predictions).toEqual(
      inspection.predictions.map(({ label, index, probability }) => ({ label, index, probability })),
    );
    const stats = inspection.layers.filter(({ index }) => index >= 0);
    expect(report.layers.map(({ min, mean }) => [min, mean])).toEqual(stats.map(({ min, mean }) => [min, mean]));
  }
});

it('inspect names what was chosen for a network of others, and refuses a drawing', () => {
  const options: InputOptions = {
    fit: 'crop',
    invert: 'auto',
    background: '#ffffff',
    picture: {
      height: 224,
      width: 200,
      layout: 'NHWC',
      color: 'bgr',
      scale: 0.5,
      mean: [-1, 0, 1],
      deviation: [1, 2, 3],
    },
  };
  const model = { foreign: {} } as never;
  const source: ModelSource = { kind: 'bytes', name: 'net.onnx', bytes: new Uint8Array() };
  const bytes = new Uint8Array([0]);
  const photo: ImageSource = { kind: 'bytes', name: 'my photo.png', bytes };
  expect(quoted(inspectCommand({ source, model, image: photo, options }, folders))).toBe(
    "inspect 'my photo.png' --model net.onnx --fit crop --invert auto --size 200x224 --layout NHWC --color bgr --scale 0.5 --mean=-1,0,1 --std=1,2,3",
  );
  const drawing: ImageSource = { kind: 'pixels', name: 'drawing', width: 1, height: 1, channels: 1, pixels: bytes };
  expect(() => inspectCommand({ source, model, image: drawing, options }, folders)).toThrow(/in no file/);
});

/** What the command line's own parser makes of a command. */
async function parsed(words: readonly string[]): Promise<Record<string, unknown>> {
  const program = new Command().exitOverride();
  train(program, { print: () => undefined, warn: () => undefined, setExitCode: () => undefined });
  let found: Record<string, unknown> = {};
  program.commands[0].action((options: Record<string, unknown>) => void (found = options));
  await program.parseAsync(words, { from: 'user' });
  return found;
}

it.each<TrainOptions>([
  {},
  {
    epochs: 7,
    batch: 8,
    lr: 0.003,
    seed: 11,
    optimizer: 'momentum',
    momentum: 0.5,
    schedule: { kind: 'step', every: 4, factor: 0.25 },
  },
  {
    optimizer: 'adam',
    weightDecay: 1e-7,
    clip: 2,
    augment: { shift: 2, flip: 'both', rotate: 12.5 },
    validation: 0.3,
    patience: 4,
  },
])('train trains with the same settings: %j', async (options) => {
  const settings = resolveSettings(options);
  const run = {
    id: '2026',
    title: 'A run',
    recipe: null,
    fit: 'stretch',
    range: { low: -1, high: 1 },
    network: { source: { kind: 'bundled', id: 'mnist-cnn' }, variant: 'itself' },
    data: { id: 'x', name: 'digits', kind: 'folder', path: '/data/my digits', present: true },
  } as unknown as RunInfo;
  for (const recipe of [null, 'mnist-dropout']) {
    const {
      data,
      model,
      recipe: named,
      out,
      fit,
      range,
      ...texts
    } = await parsed(trainCommand({ ...run, recipe }, optionsOf(settings)));
    expect({ data, model, named, out, fit, range }).toEqual({
      data: '/data/my digits',
      ...(recipe ? { named: recipe, model: undefined } : { model: 'mnist-cnn', named: undefined }),
      out: 'runs/2026',
      fit: 'stretch',
      range: { low: -1, high: 1 },
    });
    expect(resolveSettings(textsToOptions(texts as SettingTexts))).toEqual(settings);
  }
  const twin = { ...run, network: { ...run.network!, variant: 'twin' as const } };
  expect(() => trainCommand(twin, optionsOf(settings))).toThrow(/cannot ask/);
});

it('compare names runs by their folders', () => {
  const networks = [
    { kind: 'run', id: '2026' },
    { kind: 'bundled', id: 'mnist-cnn' },
    { kind: 'file', name: 'a.onnx' },
  ] as const;
  expect(compareCommand(networks, '/data', folders)).toEqual([
    'compare',
    '/runs/2026',
    'mnist-cnn',
    'a.onnx',
    '--data',
    '/data',
  ]);
});

it('diff names the first two by their files, and no data for random inputs', () => {
  const networks = [
    { kind: 'run', id: '2026' },
    { kind: 'bundled', id: 'mnist-cnn' },
    { kind: 'file', name: 'a.onnx' },
  ] as const;
  const both = ['diff', '/runs/2026/model.onnx', 'mnist-cnn'];
  expect(diffCommand(networks, '/data', folders)).toEqual([...both, '--data', '/data']);
  expect(diffCommand(networks, null, folders)).toEqual(both);
});

it.skipIf(process.platform === 'win32')('a shell reads the words as they were', () => {
  const words = ['a b', "it's", '$HOME', '猫.png', '`x`', '--mean=-1,2', 'a"b', '\\'];
  const read = execFileSync('sh', ['-c', `printf '%s\\n' ${quoted(words)}`]).toString();
  expect(read.trimEnd().split('\n')).toEqual(words);
});
