import { describe, expect, it, vi } from 'vitest';
import { language } from '../../../src/renderer/src/i18n/index.svelte';
import { trainCommandOf } from '../../../src/renderer/src/train/keys';
import { filterLayout } from '../../../src/renderer/src/train/run/filter-layout';
import {
  epochRange,
  growing,
  updatesPerEpoch,
  watched,
  watchedLayers,
} from '../../../src/renderer/src/train/run/series';
import { settingRows } from '../../../src/renderer/src/train/run/settings';
import {
  bestAccuracy,
  changeText,
  networkText,
  placeText,
  shareDone,
  subjectText,
} from '../../../src/renderer/src/train/text';
import { resolveSettings } from '../../../src/core/train/settings';
import type { RunInfo, RunProgress } from '../../../src/shared/runs';
import type { EpochLine, StepLine } from '../../../src/renderer/src/state/history.svelte';
import { fakeLines, fakeRun } from '../fake-runs';

// The language asks the window what the system speaks.
vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

const progress: RunProgress = {
  phase: 'training',
  epoch: 3,
  epochs: 10,
  done: 1200,
  total: 4800,
  imagesPerSecond: 2000,
  secondsLeft: 40,
  score: null,
};
const lines = fakeLines(4);
const steps = lines.filter((line): line is StepLine => line.type === 'step');
const epochs = lines.filter((line): line is EpochLine => line.type === 'epoch');

describe('where a run stands, in words', () => {
  it('says the epoch under way and what is left, while it trains', () => {
    expect(placeText(fakeRun('1', 'training', { progress }))).toBe('epoch 3 of 10 · 40 s left');
    expect(placeText(fakeRun('1', 'training', { progress: { ...progress, secondsLeft: null } }))).toBe('epoch 3 of 10');
    expect(placeText(fakeRun('1', 'paused', { progress }))).toBe('epoch 3 of 10');
    expect(placeText(fakeRun('1', 'stopped', { epoch: 2 }))).toBe('2 of 10 epochs');
    expect(placeText(fakeRun('1', 'queued'))).toBe('');
  });
  it('counts the split of the whole that is done', () => {
    expect(shareDone(fakeRun('1', 'training', { progress }))).toBeCloseTo(0.225);
    const validating: RunProgress = { ...progress, phase: 'validating', done: 500, total: 600 };
    expect(shareDone(fakeRun('1', 'training', { epoch: 2, progress: validating }))).toBeCloseTo(0.3);
    expect(shareDone(fakeRun('1', 'stopped', { epoch: 4 }))).toBe(0.4);
    expect(shareDone(fakeRun('1', 'finished'))).toBe(1);
  });
  it('takes the test accuracy before the others', () => {
    expect(bestAccuracy(fakeRun('1', 'finished'))).toEqual({ split: 'test', value: 0.9633 });
    const without = fakeRun('1', 'stopped', { accuracy: { train: 0.9, validation: 0.8, test: null } });
    expect(bestAccuracy(without)).toEqual({ split: 'validation', value: 0.8 });
    expect(bestAccuracy(fakeRun('1', 'queued'))).toBeNull();
  });
  it('follows the language', () => {
    language.current = 'zh';
    try {
      expect(changeText(fakeRun('1', 'finished', { title: '颜色' }))).toBe('颜色：已完成，测试准确率 96.3\u00a0%');
      expect(networkText({ source: { kind: 'bundled', id: 'lenet-5' }, variant: 'twin' }, null)).toContain('全连接');
    } finally {
      language.current = 'en';
    }
  });
});

describe('what a run is of', () => {
  const recipe = { en: 'MNIST, dense 100', zh: 'MNIST：全连接 100' };
  const of = (title: string, networkTitle: typeof recipe | null = recipe): RunInfo =>
    fakeRun('1', 'finished', {
      title,
      networkTitle,
      network: { source: { kind: 'recipe', id: 'mnist-dense' }, variant: 'itself' },
    });
  it('is said by the name of the recipe that brings the network, and not again beside a title that has it', () => {
    expect(subjectText(of('Mine'))).toBe('MNIST, dense 100 · Colored shapes');
    expect(subjectText(of('MNIST, dense 100'))).toBe('Colored shapes');
    expect(subjectText(of('Mine', null))).toBe('mnist-dense · Colored shapes');
    language.current = 'zh';
    try {
      expect(subjectText(of('我的'))).toContain('MNIST：全连接 100 · ');
    } finally {
      language.current = 'en';
    }
  });
});

describe('lines that grow', () => {
  it('turn only what is new into points', () => {
    let turned = 0;
    const grow = growing<StepLine>(({ step, loss }) => (turned++, { x: step, y: loss }));
    const first = grow(steps.slice(0, 10));
    const again = grow(steps.slice(0, 25));
    expect(again).toBe(first);
    expect(turned).toBe(25);
    expect(again).toEqual(steps.slice(0, 25).map(({ step, loss }) => ({ x: step, y: loss })));
  });
  it('begin anew where a history was cut', () => {
    const grow = growing<StepLine>(({ step, loss }) => ({ x: step, y: loss }));
    grow(steps.slice(0, 20));
    expect(grow(steps.slice(0, 5))).toHaveLength(5);
    const other = [...steps.slice(0, 4), { ...steps[4], loss: 7 }, steps[5]];
    expect(grow(other)[4].y).toBe(7);
  });
  it('leave out what has no value', () => {
    const grow = growing<EpochLine>(({ epoch, validation }) => validation && { x: epoch, y: validation.loss });
    expect(grow(epochs.map((line, i) => (i === 1 ? { ...line, validation: null } : line)))).toHaveLength(3);
  });
  it('count updates by what an epoch took, before the first one by the settings', () => {
    expect(updatesPerEpoch([], 4800, 64)).toBe(75);
    expect(updatesPerEpoch(epochs, 4800, 64)).toBe(50);
  });
  it('stand on an axis that grows by doubling, up to the last epoch', () => {
    const most = (reached: number, epochs = 60): number => epochRange(reached, epochs).max;
    expect([0, 0.3, 1, 1.2, 3.9, 4, 4.1, 33, 60].map((reached) => most(reached))).toEqual([
      1, 1, 1, 2, 4, 4, 8, 60, 60,
    ]);
    expect(most(2, 2)).toBe(2);
    expect(most(0, 0)).toBe(1);
  });
  it('watch layers with weights where it is about weights', () => {
    const bare = { ...steps[0].layers[0], layer: 'relu1', weightNorm: 0, gradientNorm: 0 };
    const mixed = [{ ...steps[0], layers: [...steps[0].layers, bare] }];
    expect(watchedLayers(mixed, 'gradient')).not.toContain('relu1');
    expect(watchedLayers(mixed, 'zeros')).toContain('relu1');
    expect(watched(steps[0].layers[1], 'update')).toBe(steps[0].layers[1].updateRatio);
    expect(watchedLayers([], 'gradient')).toEqual([]);
  });
});

describe('the first layer’s filters', () => {
  it('stand in the room there is, every cell the same whole number of device pixels', () => {
    for (const [count, side, ratio] of [
      [64, 28, 1],
      [64, 28, 1.5],
      [6, 5, 1],
      [20, 5, 2],
      [64, 3, 1],
      [1, 11, 1],
    ]) {
      const { fit, across } = filterLayout(count, side, side, 430, 190, ratio, 4);
      const rows = Math.ceil(count / across);
      expect(rows * (fit.cssHeight + 4) - 4, `${count} of ${side}`).toBeLessThanOrEqual(190);
      expect(across * (fit.cssWidth + 4) - 4, `${count} of ${side}`).toBeLessThanOrEqual(430);
      expect(Number.isInteger((fit.cssWidth / fit.width) * ratio)).toBe(true);
    }
  });
});

describe('settings in words', () => {
  const value = (options: Parameters<typeof resolveSettings>[0], name: string): string | undefined =>
    settingRows(resolveSettings(options)).find((row) => row.name === name)?.value;
  it('name what was chosen and leave out what is off', () => {
    expect(value({ optimizer: 'sgd', lr: 0.1 }, 'Learning rate η')).toBe('0.1');
    expect(value({ optimizer: 'adam' }, 'Momentum')).toBeUndefined();
    expect(value({ optimizer: 'momentum' }, 'Momentum')).toBe('0.9');
    expect(value({ schedule: { kind: 'step', every: 4, factor: 0.5 } }, 'Learning rate schedule')).toBe(
      'step, interval 4 epochs, factor 0.5',
    );
    expect(value({ augment: { shift: 2, flip: 'horizontal' } }, 'Augmentation')).toBe(
      'shift 2 pixels, flip left and right',
    );
    expect(value({}, 'Augmentation')).toBe('none');
  });
  it('are Chinese in Chinese, names of methods aside', () => {
    language.current = 'zh';
    try {
      const augment = { shift: 2, rotate: 10, flip: 'horizontal' };
      const options = { schedule: { kind: 'cosine' }, augment, initializer: 'zeros', optimizer: 'sgd' };
      const rows = settingRows(resolveSettings(options)).map((row) => row.value);
      expect(rows.join(' ').replace('SGD', '')).not.toMatch(/[A-Za-z]/);
    } finally {
      language.current = 'en';
    }
  });
});

describe('the keys of the Train screen', () => {
  const press = (key: string, held: object = {}) =>
    trainCommandOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });
  it('say what they do, and leave the browser’s own alone', () => {
    expect(['n', 'P', 's', '1', '2', '3', 'i', 'c', 'e', 'x', 't', '?'].map((key) => press(key))).toEqual([
      'new',
      'pauseOrGoOn',
      'stop',
      'curves',
      'results',
      'details',
      'inspect',
      'compare',
      'export',
      null,
      null,
      null,
    ]);
    expect(press('p', { ctrlKey: true })).toBeNull();
  });
});
