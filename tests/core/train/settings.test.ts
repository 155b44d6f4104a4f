import { noAugmentation } from '../../../src/core/train/augmentation';
import { describe, expect, it } from 'vitest';
import { learningRate } from '../../../src/core/train/schedule';
import { augmentText, keptOptions, scheduleText, trainOptions } from '../../../src/core/train/options';
import { resolveSettings } from '../../../src/core/train/settings';

describe('settings', () => {
  it('fills in what was left out', () => {
    expect(resolveSettings({})).toMatchObject({
      epochs: 10,
      batch: 64,
      learningRate: 0.001,
      seed: 1,
      initializer: 'he',
      normalize: 'standard',
      patience: 0,
      validation: 0.1,
      expand: 'none',
    });
    expect(resolveSettings({ optimizer: 'momentum' })).toMatchObject({
      learningRate: 0.01,
      optimizer: { kind: 'momentum', momentum: 0.9 },
    });
    expect(['msra', 'xavier'].map((initializer) => resolveSettings({ initializer }).initializer)).toEqual([
      'he',
      'glorot',
    ]);
    expect(resolveSettings({ augment: { shift: 3, flip: 'horizontal', rotate: 10 } }).augmentation).toEqual({
      ...noAugmentation,
      shift: 3,
      flip: 'horizontal',
      rotate: 10,
    });
    expect(resolveSettings({ schedule: { kind: 'step', every: 2, factor: 0.1 } }).schedule).toEqual({
      kind: 'step',
      every: 2,
      factor: 0.1,
    });
  });

  it.each([
    [{ epochs: 0 }, 'epochs: found 0, expected a whole number from 1'],
    [{ batch: 2.5 }, 'batch: found 2.5, expected a whole number'],
    [{ lr: 0 }, 'lr: found 0, expected a number above 0'],
    [{ lr: NaN }, 'lr: found NaN'],
    [{ momentum: 1 }, 'momentum: found 1, expected a number from 0, below 1'],
    [
      { optimizer: 'adma' },
      "optimizer: found 'adma', expected one of adam, adamw, sgd, momentum, nesterov, rmsprop, adagrad",
    ],
    [{ schedule: 'cosine:factor=2' }, "schedule: found 'factor', expected one of final"],
    [{ schedule: 'linear' }, "schedule: found 'linear'"],
    [{ augment: 'blur=2' }, "augment: found 'blur'"],
    [{ augment: 'shift=2,shift=3' }, 'each once'],
    [{ augment: 'flip=up' }, "augment flip: found 'up'"],
    [{ augment: 'shift=far' }, "augment shift: found 'far', expected a number"],
    [{ schedule: 'step:every=x' }, "schedule step:every: found 'x', expected a number"],
    [{ initializer: 'ones' }, "initializer: found 'ones'"],
    [{ seed: -1 }, 'seed: found -1'],
    [{ validation: 0.6 }, 'validation: found 0.6, expected a number from 0 to 0.5'],
    [{ expand: 'flips' }, "expand: found 'flips', expected one of none, shifts"],
  ])('refuses %j', (options, message) => {
    expect(() => resolveSettings(keptOptions.read(options))).toThrow(message);
  });
});

describe('options of files', () => {
  it('may have schedule and augmentation as the command line writes them: files of before do', () => {
    const options = { epochs: 3, schedule: 'step:every=2', augment: 'shift=3,flip,rotate' };
    const read = {
      epochs: 3,
      schedule: { kind: 'step', every: 2 },
      augment: { shift: 3, flip: 'horizontal', rotate: 10 },
    };
    expect(keptOptions.read(options)).toEqual(read);
    expect(keptOptions.read(read)).toEqual(read);
    expect(scheduleText(read.schedule)).toBe('step:every=2');
    expect(augmentText(read.augment)).toBe('shift=3,flip=horizontal,rotate=10');
    expect(keptOptions.read({ augment: 'none' })).toEqual({ augment: {} });
    // Messages have objects only.
    expect(() => trainOptions.read(options)).toThrow('schedule: found "step:every=2", expected an object');
  });
});

describe('learning-rate schedules', () => {
  const rates = (schedule: string, warmup = 0, epochs = 4, steps = 5): number[] => {
    const settings = resolveSettings(keptOptions.read({ lr: 1, schedule, warmup, epochs }));
    return Array.from({ length: epochs * steps }, (_, update) => learningRate(settings, update, steps));
  };
  const perEpoch = (values: number[]): number[] => [0, 5, 10, 15].map((i) => Number(values[i].toPrecision(12)));

  it('constant, step, exponential', () => {
    expect(perEpoch(rates('constant'))).toEqual([1, 1, 1, 1]);
    expect(perEpoch(rates('step:every=2,factor=0.1'))).toEqual([1, 1, 0.1, 0.1]);
    expect(perEpoch(rates('exponential:factor=0.5'))).toEqual([1, 0.5, 0.25, 0.125]);
    expect(rates('exponential:factor=0.5').slice(5, 10)).toEqual(new Array(5).fill(0.5));
  });

  it('cosine: from the base to the final share, half way in the middle', () => {
    const values = rates('cosine:final=0.2');
    expect(values[0]).toBe(1);
    expect(values[10]).toBeCloseTo(0.6, 12);
    expect(values[19]).toBeGreaterThan(0.2);
    expect(values[19]).toBeLessThan(0.21);
    expect([...values].sort((a, b) => b - a)).toEqual(values);
  });

  it('warm-up rises evenly to the base, also over a part of an epoch', () => {
    const values = rates('constant', 0.8);
    expect(values.slice(0, 5).map((value) => Number(value.toPrecision(12)))).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    const cosine = rates('cosine', 1);
    expect(cosine[5]).toBe(1);
    expect(cosine[4]).toBeLessThan(1);
  });
});
