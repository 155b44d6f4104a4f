import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkDiff } from '../../../src/shared/diff';
import type { EvaluatedContender } from '../../../src/shared/evaluation';
import { comparison, MOST } from '../../../src/renderer/src/compare/choice.svelte';
import { curve, gradients, lineStyle } from '../../../src/renderer/src/compare/curves';
import { choices, fitting, pairIndex, repair } from '../../../src/renderer/src/compare/disagreements';
import { figureRow, figuresOf } from '../../../src/renderer/src/compare/figures';
import { depthOf, keyed } from '../../../src/renderer/src/compare/ratio';
import { contenderName, sheetPicture } from '../../../src/renderer/src/features/evaluation/evaluated';
import { compareChoice } from '../../../src/renderer/src/state/compare-choice.svelte';
import { Evaluations } from '../../../src/renderer/src/state/evaluations.svelte';
import { Runs } from '../../../src/renderer/src/state/runs.svelte';
import { Status } from '../../../src/renderer/src/state/status.svelte';
import { FakeEvaluation, runOf } from '../fake-evaluation';
import { fakeLines } from '../fake-runs';

// The language asks the window what the system speaks.
vi.hoisted(() => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { language: 'en' } });
});

const contender = (change: Partial<EvaluatedContender>): EvaluatedContender => ({
  contender: { kind: 'run', id: 'a' },
  title: 'a',
  accuracy: 0.9,
  loss: 0.3,
  suspicion: null,
  notes: [],
  inverted: 0,
  perClass: [],
  metrics: {
    ...{ balancedAccuracy: 0.88, f1: 0.87, auc: 0.97, averagePrecision: 0.95, topFive: null },
    calibration: { error: 0.04, bins: [] },
    ...{ coverage: [], perClass: [], curves: null },
  },
  confusion: [],
  parameters: 1000,
  weightLayers: ['conv1', 'dense1'],
  macs: 5000,
  trainingSeconds: 60,
  millisecondsPerImage: 0.2,
  fileBytes: 4000,
  ...change,
});

describe('the table', () => {
  it('marks the highest accuracy and the least of everything else', () => {
    const pair = [contender({}), contender({ accuracy: 0.95, loss: 0.4, parameters: 999 })];
    expect(figureRow('accuracy', pair).map(({ best }) => best)).toEqual([false, true]);
    expect(figureRow('loss', pair).map(({ best }) => best)).toEqual([true, false]);
    expect(figureRow('parameters', pair).map(({ best }) => best)).toEqual([false, true]);
    const worse = contender({ metrics: { ...contender({}).metrics, balancedAccuracy: 0.8, calibration: null } });
    expect(figureRow('balanced', [worse, contender({})]).map(({ best }) => best)).toEqual([false, true]);
    expect(figureRow('calibration', [worse, contender({})]).map(({ value }) => value)).toEqual([null, 0.04]);
  });

  it('has no row for the five likeliest where no network has more classes', () => {
    expect(figuresOf([contender({})])).not.toContain('topFive');
    const many = contender({ metrics: { ...contender({}).metrics, topFive: 0.99 } });
    expect(figuresOf([contender({}), many])).toContain('topFive');
  });

  it('marks all that are equally good, none where all are equal, and leaves out what is not known', () => {
    const three = [contender({ accuracy: 0.9 }), contender({ accuracy: 0.9 }), contender({ accuracy: 0.8 })];
    expect(figureRow('accuracy', three).map(({ best }) => best)).toEqual([true, true, false]);
    expect(figureRow('macs', three).map(({ best }) => best)).toEqual([false, false, false]);
    const times = [contender({}), contender({ trainingSeconds: null }), contender({ trainingSeconds: 30 })];
    expect(figureRow('training', times)).toMatchObject([
      { value: 60, best: false, change: null },
      { value: null, best: false, change: null },
      { value: 30, best: true, change: { kind: 'ratio', value: 0.5 } },
    ]);
    // The only one that is known is not the best of anything.
    expect(figureRow('training', times.slice(0, 2)).map(({ best }) => best)).toEqual([false, false]);
    expect(figureRow('loss', [contender({ loss: NaN }), contender({})]).map(({ best }) => best)).toEqual([
      false,
      false,
    ]);
  });

  it('gives differences to the first: of shares and losses by subtraction, of sizes and times as ratios', () => {
    const pair = [contender({}), contender({ accuracy: 0.95, parameters: 2500 })];
    expect(figureRow('accuracy', pair)[1].change?.kind).toBe('difference');
    expect(figureRow('accuracy', pair)[1].change?.value).toBeCloseTo(0.05);
    expect(figureRow('parameters', pair)[1].change).toEqual({ kind: 'ratio', value: 2.5 });
    expect(figureRow('parameters', [contender({ parameters: 0 }), contender({})])[1].change).toBeNull();
  });
});

describe('the pairs', () => {
  it('stand in the order in which the evaluation lists them', () => {
    for (const count of [2, 3, 5]) {
      const listed = [...Array(count).keys()].flatMap((a) => [...Array(count).keys()].slice(a + 1).map((b) => [a, b]));
      listed.forEach(([a, b], place) => expect(pairIndex(a, b, count)).toBe(place));
    }
  });
});

describe('the curves', () => {
  it('have one point an epoch, and none of a split that does not exist', () => {
    const lines = fakeLines(3);
    expect(curve(lines, 'validation', 'loss').map(({ x }) => x)).toEqual([1, 2, 3]);
    const [first] = lines.filter((line) => line.type === 'epoch');
    expect(curve(lines, 'train', 'accuracy')[0]).toEqual({ x: 1, y: first.train.accuracy });
    expect(curve([{ ...first, validation: null }], 'validation', 'loss')).toEqual([]);
  });

  it('show errors as what is missing from an accuracy', () => {
    const [first] = fakeLines(1).filter((line) => line.type === 'epoch');
    expect(curve([first], 'train', 'error')).toEqual([{ x: 1, y: 1 - first.train.accuracy }]);
  });

  it('have a gradient for each layer of an epoch, the mean of what was written down in it', () => {
    const lines = fakeLines(3);
    const steps = lines.filter((line) => line.type === 'step');
    const layers = steps[0].layers.map(({ layer }) => layer);
    const of = (epoch: number, layer: string): number => {
      const norms = steps
        .filter((line) => line.epoch === epoch)
        .map((line) => line.layers.find((each) => each.layer === layer)!.gradientNorm);
      return norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
    };
    const last = gradients(lines, layers, 'last');
    expect(last.map(({ x }) => x)).toEqual(layers.map((_, i) => i + 1));
    layers.forEach((layer, i) => expect(last[i].y).toBeCloseTo(of(3, layer), 12));
    expect(gradients(lines, [layers[1]], 'first')[0].y).toBeCloseTo(of(1, layers[1]), 12);
    expect(gradients(lines, ['elsewhere'], 'last')).toEqual([]);
    expect(gradients([], layers, 'last')).toEqual([]);
  });

  it('are told apart without hue, as many as can be compared', () => {
    const styles = Array.from({ length: MOST }, (_, i) => JSON.stringify(lineStyle(i)));
    expect(new Set(styles).size).toBe(MOST);
    expect(styles.join()).not.toContain('accent');
  });
});

describe('the pictures', () => {
  it('offer each alone with two networks, a pair with more', () => {
    expect(choices(2)).toEqual([
      { kind: 'disagree' },
      { kind: 'only', right: 0, wrong: 1 },
      { kind: 'only', right: 1, wrong: 0 },
      { kind: 'none' },
    ]);
    expect(choices(4).map(({ kind }) => kind)).toEqual(['disagree', 'only', 'none']);
  });

  it('never set a network against itself', () => {
    expect(repair({ right: 0, wrong: 1 }, { right: 1 }, 3)).toEqual({ right: 1, wrong: 2 });
    expect(repair({ right: 0, wrong: 2 }, { right: 2 }, 3)).toEqual({ right: 2, wrong: 0 });
    expect(repair({ right: 0, wrong: 1 }, { wrong: 0 }, 2)).toEqual({ right: 1, wrong: 0 });
    expect(repair({ right: 0, wrong: 1 }, { wrong: 2 }, 3)).toEqual({ right: 0, wrong: 2 });
  });

  it('go back to the disagreements when fewer networks or classes are left', () => {
    const cell = { kind: 'cell', contender: 2, truth: 1, predicted: 5 } as const;
    expect(fitting(cell, 3, 6)).toBe(cell);
    expect(fitting(cell, 2, 6)).toEqual({ kind: 'disagree' });
    expect(fitting(cell, 3, 5)).toEqual({ kind: 'disagree' });
    expect(fitting({ kind: 'only', right: 0, wrong: 2 }, 2, 6)).toEqual({ kind: 'disagree' });
    expect(fitting({ kind: 'none' }, 2, 2)).toEqual({ kind: 'none' });
  });

  it('are drawn as they are: gray as gray, colors in their order, neighbors averaged where it is too large', () => {
    const rgb = { height: 1, width: 2, channels: 3, labels: new Int32Array(2), pixels: new Uint8Array(12) };
    rgb.pixels.set([1, 2, 3, 40, 50, 60], 6);
    expect([...sheetPicture(rgb, 1).rgba]).toEqual([1, 2, 3, 255, 40, 50, 60, 255]);
    const gray = {
      height: 2,
      width: 3,
      channels: 1,
      labels: new Int32Array(1),
      pixels: Uint8Array.of(0, 20, 9, 40, 60, 11),
    };
    expect(sheetPicture(gray, 0, 2)).toMatchObject({ height: 1, width: 2 });
    expect([...sheetPicture(gray, 0, 2).rgba]).toEqual([30, 30, 30, 255, 10, 10, 10, 255]);
  });

  it('name a bundled network in the language chosen, a run by its title', () => {
    expect(contenderName({ contender: { kind: 'bundled', id: 'lenet5-mnist' }, title: 'x' })).toBe('LeNet-5');
    expect(contenderName({ contender: { kind: 'run', id: 'lenet5-mnist' }, title: '我的网络' })).toBe('我的网络');
  });
});

describe('the choice', () => {
  beforeEach(() => {
    compareChoice.runs.clear();
    comparison.bundled.clear();
  });
  async function begin(slow?: number) {
    const engine = new FakeEvaluation([runOf('cnn', 0.95), runOf('dnn', 0.8), runOf('new', 0.8, { hasModel: false })], {
      slow,
    });
    const runs = new Runs(engine.client);
    await runs.load();
    return { engine, runs, evaluations: new Evaluations(engine.client, new Status(), runs) };
  }

  it('keeps the order of choosing, and leaves out runs that are gone or have no model', async () => {
    const { runs } = await begin();
    for (const id of ['new', 'dnn', 'gone', 'cnn']) compareChoice.add(id);
    comparison.toggle({ kind: 'bundled', id: 'colors-cnn' });
    expect(comparison.contenders(runs).map(({ id }) => id)).toEqual(['dnn', 'cnn', 'colors-cnn']);
    comparison.toggle({ kind: 'run', id: 'dnn' });
    comparison.toggle({ kind: 'bundled', id: 'colors-cnn' });
    expect(comparison.contenders(runs).map(({ id }) => id)).toEqual(['cnn']);
  });

  it('begins what is asked by itself, once, and calls off what is no longer asked', async () => {
    const { engine, evaluations } = await begin(100);
    const first = evaluations.job({ contenders: [{ kind: 'run', id: 'cnn' }], data: null });
    const second = evaluations.job({ contenders: [{ kind: 'run', id: 'dnn' }], data: null });
    comparison.ask(first);
    expect(first.progress).not.toBeNull();
    comparison.ask(second);
    await expect.poll(() => second.evaluation).not.toBeNull();
    expect([first.cancelled, first.evaluation]).toEqual([true, null]);
    comparison.ask(second);
    expect(engine.evaluated).toBe(1);
    // What was called off by another choice begins again when it is asked anew; what somebody cancelled does not.
    comparison.ask(first);
    expect(first.progress).not.toBeNull();
    await first.cancel();
    await expect.poll(() => first.cancelled).toBe(true);
    comparison.ask(first);
    expect(first.progress).toBeNull();
  });
});

describe('the plot of ratios', () => {
  it('has no difference at the top, 0 dB and less at the bottom, and every ratio below no difference', () => {
    expect([depthOf(null), depthOf(0), depthOf(-300), depthOf(80)]).toEqual([0, 1, 1, 0.5]);
    expect(depthOf(400)).toBeGreaterThan(0);
  });

  it('is walked by keys within its values, and Enter goes where it begins', () => {
    const diff = { tensors: Array.from({ length: 15 }), begins: 4 } as unknown as NetworkDiff;
    const to = (key: string, at = 7): number | null => keyed(key, at, diff);
    expect(['ArrowRight', 'ArrowLeft', 'PageDown', 'Home', 'End', 'Enter', 'x'].map((key) => to(key))).toEqual([
      8,
      6,
      14,
      0,
      14,
      4,
      null,
    ]);
    expect([to('ArrowLeft', 0), keyed('Enter', 7, { ...diff, begins: null })]).toEqual([0, 7]);
  });
});
