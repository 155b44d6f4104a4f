/** docs/training.md and `train --help` say what the code does: every setting, its range, its default. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index';
import { buildGraph } from '../../src/core/model/build';
import { optimizerDefaults, optimizerSlots } from '../../src/core/train/optimizers';
import { augmentOfText, augmentText, type AugmentOptions } from '../../src/core/train/options';
import { optionsOf, resolveSettings, type TrainOptions } from '../../src/core/train/settings';
import { usualTarget } from '../../src/engine/train/prepare';
import { isNumber, kebab, optionNames, partsOf, type OptionName } from '../../src/words/settings';
import { withTable } from '../../scripts/settings-doc';

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

const names = optionNames;
const flagOf = (name: string): string => `--${kebab(name)}`;
/** A setting as people write it, where nobody says otherwise. */
function usual(name: OptionName): string {
  const value = optionsOf(resolveSettings({}))[name];
  if (name === 'augment') return augmentText(value as AugmentOptions);
  return typeof value === 'object' && 'kind' in value ? value.kind : String(value);
}

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

const scheduleOf = (kind: string): object => resolveSettings({ schedule: { kind } }).schedule;

describe('docs/training.md', () => {
  it('lists every setting as node scripts/make-settings-doc.mjs does', () => {
    expect(withTable(text)).toBe(text);
    expect([...rows.keys()].slice(1)).toEqual(names.map(flagOf));
  });

  it.each(names)('says the values and the default of %s', (name) => {
    const [values, preset] = rows.get(flagOf(name))!;
    const bad = isNumber(name) ? -1 : name === 'schedule' ? { kind: 'x' } : name === 'augment' ? { x: 1 } : 'x';
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

  it('says which parameters decay, and the epsilon of every norm', () => {
    const norms = ['batchnorm', 'layernorm', 'groupnorm', 'instancenorm'];
    const layers = ['conv', ...norms, 'prelu', 'convtranspose', 'flatten', 'dense'].map((kind) => ({
      kind,
      ...(kind.startsWith('conv') && { filters: 4, kernel: 3 }),
      ...(kind === 'groupnorm' && { groups: 2 }),
      ...(kind === 'dense' && { units: 2 }),
    }));
    const graph = buildGraph({ input: { height: 8, width: 8, channels: 1 }, layers });
    const params = graph.layers.flatMap(({ kind, params }) => params.map((param) => ({ kind, ...param })));
    const decaying = params.filter(({ decay }) => decay).map(({ kind, name }) => `${kind}.${name}`);
    expect(decaying).toEqual(['conv.weight', 'convtranspose.weight', 'dense.weight']);
    const others = params.filter(({ decay, trainable, name }) => trainable && !decay && name !== 'bias');
    expect([...new Set(others.map(({ kind }) => kind))]).toEqual([...norms, 'prelu']);
    expect(text).toContain('not the scale and shift of batch, layer, group and instance norm, not PReLU');
    const epsilons = graph.layers.filter(({ kind }) => norms.includes(kind)).map(({ config }) => config);
    for (const config of epsilons) expect(config).toMatchObject({ epsilon: 1e-5 });
    expect(text.match(/`epsilon` is 1e-5/g)).toHaveLength(2);
  });

  it('says the parts of every schedule, their values and defaults', () => {
    const [, ...parts] = rowsUnder('Learning rate');
    for (const [kind, , setting, values, preset] of parts.filter((row) => row[2] !== '')) {
      expect(values).toBe(expected({ schedule: { kind: code(kind), [code(setting)]: -1 } }));
      expect(scheduleOf(code(kind))).toHaveProperty(code(setting), Number(code(preset)));
    }
    const told = parts.flatMap(([kind, , setting]) => (setting === '' ? [] : [`${code(kind)} ${code(setting)}`]));
    const kinds = expected({ schedule: { kind: 'x' } })
      .replace('one of ', '')
      .split(', ');
    const known = kinds.flatMap((kind) =>
      Object.keys(scheduleOf(kind)).flatMap((key) => (key === 'kind' ? [] : [`${kind} ${key}`])),
    );
    expect(told).toEqual(known);
  });

  it('says every part of an augmentation, its values and what its name alone means', () => {
    const [, ...parts] = rowsUnder('Augmentation');
    expect(parts.map(([name]) => code(name)).sort()).toEqual(
      partsOf('augment')
        .map(({ field }) => field)
        .sort(),
    );
    for (const [name, values, , preset] of parts) {
      expect(values).toBe(expected({ augment: { [code(name)]: code(name) === 'flip' ? '-1' : -1 } }));
      expect(String(augmentOfText(code(name))[code(name) as 'shift'])).toBe(code(preset));
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
    expect(help).toContain('(default: 0.001 for adam, adamw, rmsprop, else 0.01)');
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
