/** docs/training.md and `train --help` say what the code does: every setting, its range, its default. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { optimizerDefaults, optimizerSlots } from '../../src/core/train/optimizers';
import { parseAugmentation, parseSchedule, resolveSettings, type TrainOptions } from '../../src/core/train/settings';
import { usualTarget } from '../../src/engine/train/prepare';

const text = readFileSync(new URL('../../docs/training.md', import.meta.url), 'utf8');

/** The rows of the tables under a heading, cell by cell. */
function rowsUnder(heading: string): string[][] {
  const [, section] = text.split(`## ${heading}\n`);
  return section
    .split('\n## ')[0]
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}
const code = (cell: string): string => cell.replaceAll('`', '');

/** What each option becomes. Lacking one is an error of types, naming another too. */
const resolved = {
  epochs: (s) => s.epochs,
  batch: (s) => s.batch,
  lr: (s) => s.learningRate,
  optimizer: (s) => s.optimizer.kind,
  momentum: (s) => s.optimizer.momentum,
  weightDecay: (s) => s.optimizer.weightDecay,
  clip: (s) => s.optimizer.clipNorm,
  schedule: (s) => s.schedule.kind,
  warmup: (s) => s.warmup,
  seed: (s) => s.seed,
  initializer: (s) => s.initializer,
  augment: (s) => Object.values(s.augmentation).find((value) => value !== 0 && value !== 'none') ?? 'none',
  normalize: (s) => s.normalize,
  patience: (s) => s.patience,
  validation: (s) => s.validation,
  expand: (s) => s.expand,
  logEvery: (s) => s.logEvery,
} satisfies Record<keyof Required<TrainOptions>, (settings: ReturnType<typeof resolveSettings>) => string | number>;

const names = Object.keys(resolved) as (keyof TrainOptions)[];
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const defaults = resolveSettings({});
const usual = (name: keyof TrainOptions): string => String(resolved[name](defaults));

/** What the code says that it expects, where it is given something else. */
function expected(options: TrainOptions): string {
  try {
    resolveSettings(options);
  } catch (error) {
    return (error as Error).message.replace(/^.*, expected (?=a |one of )/, '');
  }
  throw new Error(`${JSON.stringify(options)} holds`);
}

const rows = new Map(rowsUnder('Settings').map(([flag, ...cells]) => [code(flag), cells]));

describe('docs/training.md', () => {
  it('lists every setting and no other', () => {
    expect([...rows.keys()].slice(1)).toEqual(names.map(flagOf));
  });

  it.each(names)('says the values and the default of %s', (name) => {
    const [values, preset] = rows.get(flagOf(name))!;
    const bad = typeof resolved[name](defaults) === 'number' ? -1 : 'nothing like it';
    expect(values).toBe(expected({ [name]: bad }));
    if (name !== 'lr') return expect(code(preset)).toBe(usual(name));
    const [, low, kinds, high] = /^`(.*)` for (.*), `(.*)` for the others$/.exec(preset)!;
    const told = kinds.split(/, | and /);
    for (const optimizer of Object.keys(optimizerSlots)) {
      expect(resolveSettings({ optimizer }).learningRate, optimizer).toBe(
        Number(told.includes(optimizer) ? low : high),
      );
    }
  });

  it('lists every optimizer, and the constants as they are', () => {
    const [head, ...kinds] = rowsUnder('Optimizers').map(([first]) => code(first));
    expect(head).toBe('optimizer');
    expect(kinds.slice(0, -5)).toEqual(Object.keys(optimizerSlots));
    const constants = Object.fromEntries(
      rowsUnder('Optimizers')
        .slice(-4)
        .map(([name, value]) => [name, code(value)]),
    );
    const { beta1, beta2, rho, epsilon, ...settable } = optimizerDefaults;
    expect(constants).toEqual({ 'β₁': `${beta1}`, 'β₂': `${beta2}`, ρ: `${rho}`, ε: `${epsilon}` });
    expect(Object.keys(settable).sort()).toEqual(['clipNorm', 'momentum', 'weightDecay']);
  });

  it('says the parts of every schedule, their values and defaults', () => {
    const [, ...parts] = rowsUnder('Learning rate');
    for (const [kind, , setting, values, preset] of parts.filter((row) => row[2] !== '')) {
      expect(values).toBe(expected({ schedule: `${code(kind)}:${code(setting)}=-1` }));
      expect(parseSchedule(code(kind))).toHaveProperty(code(setting), Number(code(preset)));
    }
    const told = parts.flatMap(([kind, , setting]) => (setting === '' ? [] : [`${code(kind)} ${code(setting)}`]));
    const kinds = expected({ schedule: 'x' }).replace('one of ', '').split(', ');
    const known = kinds.flatMap((kind) =>
      Object.keys(parseSchedule(kind)).flatMap((key) => (key === 'kind' ? [] : [`${kind} ${key}`])),
    );
    expect(told).toEqual(known);
  });

  it('says every part of an augmentation, its values and what its name alone means', () => {
    const [, ...parts] = rowsUnder('Augmentation');
    expect(parts.map(([name]) => code(name)).sort()).toEqual(Object.keys(parseAugmentation('')).sort());
    for (const [name, values, , preset] of parts) {
      expect(values).toBe(expected({ augment: `${code(name)}=-1` }));
      expect(String(parseAugmentation(code(name))[code(name) as 'shift'])).toBe(code(preset));
    }
  });
});

describe('train --help', () => {
  it('says the default of every setting', async () => {
    const lines: string[] = [];
    const io = { print: (line: string) => lines.push(line), warn: () => undefined, setExitCode: () => undefined };
    await main(['train', '--help'], io);
    const help = lines.join('\n').replace(/\s+/g, ' ');
    for (const name of names.filter((each) => each !== 'augment' && each !== 'lr')) {
      const [, told] = new RegExp(`${flagOf(name)} <(?:(?! --).)*?\\(default: ([^;)]*)`).exec(help)!;
      expect(told, name).toBe(usual(name));
    }
    expect(help).toContain('learning rate (default: 0.001 for adam, adamw, rmsprop, else 0.01)');
    expect(help).toContain("(default: as --init's or else --model's ONNX file does; crop for a spec)");
  });

  it('is right about --fit', () => {
    const own = resolvedPreprocessing('letterbox');
    const input = { height: 8, width: 8, channels: 1 };
    expect(usualTarget('x', input, own, undefined).fit).toBe('letterbox');
    expect(usualTarget('x', input, null, undefined).fit).toBe('crop');
    expect(usualTarget('x', input, own, 'stretch').fit).toBe('stretch');
  });
});

const resolvedPreprocessing = (fit: 'letterbox') => ({
  colour: 'grey' as const,
  height: 8,
  width: 8,
  fit,
  resize: 'linear' as const,
  scale: 1 / 255,
  mean: [0],
  deviation: [1],
  ground: 'dark' as const,
});
