import { describe, expect, it } from 'vitest';
import { resolveSettings, SettingError } from '../../../../src/core/train/settings';
import { numberText, parseNumber, stepNumber } from '../../../../src/renderer/src/widgets/number';
import { SettingsForm } from '../../../../src/renderer/src/train/setup/form.svelte';
import { fieldOf, sameOptions, toFilled, toOptions } from '../../../../src/renderer/src/train/setup/settings';
import type { TrainOptions } from '../../../../src/shared/runs';
import { reasonOf, say, sentence } from '../../../../src/words';
import {
  choicesOf,
  isChoice,
  isNumber,
  settingNames,
  settings,
  type NumberSetting,
  type NumberName,
} from '../../../../src/words/settings';
import { thrownBy } from '../../../thrown-by';

describe('the form of the settings', () => {
  it('has the ranges of the engine', () => {
    const option = (name: NumberName, value: number): TrainOptions => {
      const { numbers, choices: words } = { numbers: { [name]: value }, choices: {} as Record<string, string> };
      if (name === 'momentum') words.optimizer = 'momentum';
      if (name === 'focalGamma') words.loss = 'focal';
      if (name === 'every' || name === 'stepFactor') words.schedule = 'step';
      if (name === 'exponentialFactor') words.schedule = 'exponential';
      if (name === 'final') words.schedule = 'cosine';
      return toOptions({ numbers, choices: words });
    };
    const takes = (options: TrainOptions): boolean => {
      try {
        resolveSettings(options);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(SettingError);
        return false;
      }
    };
    for (const name of settingNames.filter(isNumber)) {
      const { from, to, whole }: NumberSetting = settings[name];
      const off = whole ? 1 : Math.max(to, 1) * 1e-6;
      for (const value of [from, to, from - off, to + off, from + off, to - off, ...(whole ? [from + 0.5] : [])]) {
        const form = new SettingsForm();
        form.fill(option(name, 0.5));
        form.type(name, String(value));
        expect(form.problem(name) === null, `${name} ${value}`).toBe(takes(option(name, value)));
      }
    }
  });

  it('offers what the engine knows, and begins with its defaults', () => {
    for (const name of settingNames.filter(isChoice))
      for (const word of choicesOf(name))
        expect(() => resolveSettings(toOptions({ numbers: {}, choices: { [name]: word } }))).not.toThrow();
    const form = new SettingsForm();
    expect(form.options).toEqual({});
    const usual = resolveSettings({});
    for (const name of ['epochs', 'batch', 'warmup', 'patience', 'validation', 'seed'] as const)
      expect(form.value(name)).toBe(usual[name]);
    for (const optimizer of choicesOf('optimizer')) {
      form.choose('optimizer', optimizer);
      expect(form.value('lr'), optimizer).toBe(resolveSettings({ optimizer }).learningRate);
    }
    expect(form.value('momentum')).toBe(usual.optimizer.momentum);
  });

  it('keeps what is no number, says so, and has no number for it', () => {
    const form = new SettingsForm();
    form.type('epochs', 'many');
    expect(form.text('epochs')).toBe('many');
    expect(form.problem('epochs')).toEqual({ key: 'rangeWhole', from: 1, to: 100_000 });
    expect(form.problems).toEqual(['epochs']);
    form.type('epochs', '');
    expect(form.problem('epochs')).toBeNull();
    expect(form.value('epochs')).toBe(10);
    form.type('lr', '0,05');
    expect(form.options).toEqual({ lr: 0.05 });
  });

  it('minds only what takes part', () => {
    const form = new SettingsForm();
    form.choose('optimizer', 'momentum');
    form.type('momentum', '7');
    expect(form.problems).toEqual(['momentum']);
    form.choose('optimizer', 'sgd');
    expect(form.problems).toEqual([]);
    expect(form.options).toEqual({ optimizer: 'sgd' });
  });

  it('takes options apart and puts them together again', () => {
    const options: TrainOptions = {
      epochs: 3,
      lr: 0.05,
      optimizer: 'nesterov',
      momentum: 0.8,
      schedule: { kind: 'step', every: 7, factor: 0.25 },
      augment: { shift: 2, rotate: 10, flip: 'both' },
      expand: 'shifts',
      validation: 0.2,
      logEvery: 5,
    };
    expect(toOptions(toFilled(options))).toEqual(options);
    const form = new SettingsForm();
    form.fill(options);
    expect(resolveSettings(form.options)).toEqual(resolveSettings(options));
  });

  it('knows when options say the same', () => {
    expect(sameOptions({}, { epochs: 10, optimizer: 'adam', lr: 0.001, augment: {} })).toBe(true);
    expect(sameOptions({ optimizer: 'sgd' }, { optimizer: 'sgd', lr: 0.001 })).toBe(false);
    expect(sameOptions({ schedule: { kind: 'step' } }, { schedule: { kind: 'step', every: 5 } })).toBe(true);
  });

  it('finds the field that an error of the engine names', () => {
    const cases: [TrainOptions, string][] = [
      [{ weightDecay: -1 }, 'weightDecay'],
      [{ lr: 0 }, 'lr'],
      [{ schedule: { kind: 'step', every: 0 } }, 'every'],
      [{ schedule: { kind: 'exponential', factor: 2 } }, 'exponentialFactor'],
      [{ schedule: { kind: 'sometimes' } }, 'schedule'],
      [{ augment: { rotate: 400 } }, 'rotate'],
      [{ augment: { melt: 1 } as TrainOptions['augment'] }, 'shift'],
      [{ initializer: 'luck' }, 'initializer'],
    ];
    for (const [options, field] of cases) {
      const reason = reasonOf(thrownBy(() => resolveSettings(options)));
      expect(fieldOf(reason), sentence(reason)).toBe(field);
    }
    expect(fieldOf(say('system.ENOSPC'))).toBeNull();
    // A setting without a field, and one that only looks like a setting.
    expect(fieldOf(reasonOf(thrownBy(() => resolveSettings({ logEvery: -1 }))))).toBeNull();
    expect(fieldOf(say('train.setting', { setting: 'lr', found: 0, expected: 1 }))).toBeNull();
  });
});

describe('numbers as they are typed', () => {
  it('reads a comma and a proper minus, and nothing else', () => {
    expect(parseNumber('0,5')).toBe(0.5);
    expect(parseNumber('−3')).toBe(-3);
    expect(parseNumber('1 000')).toBeNaN();
    expect(parseNumber(' ')).toBeNaN();
  });
  it('steps along the grid or along the decades', () => {
    expect(stepNumber(50, 1, 16)).toBe(64);
    expect(stepNumber(64, -1, 16, { min: 1 })).toBe(48);
    expect(stepNumber(16, -1, 16, { min: 1 })).toBe(1);
    expect(stepNumber(0.85, 1, 0.05)).toBe(0.9);
    expect(stepNumber(0.001, 1, 'decades')).toBe(0.002);
    expect(stepNumber(0.001, -1, 'decades')).toBe(0.0005);
    expect(stepNumber(0.03, -1, 'decades')).toBe(0.02);
    expect(numberText(0.1 + 0.2)).toBe('0.3');
    expect(numberText(5e-8)).toBe('0.00000005');
  });
});
