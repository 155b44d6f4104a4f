import { propose } from '../../src/engine/train/proposal';
import { FailureError } from '../../src/shared/failures';
import type { Fit, Params, Result } from '../../src/shared/protocol';
import type { TrainingMethods } from '../../src/shared/training';
import type { DataInfo, DataSurvey } from '../../src/shared/data-sets';
import type { NetworkChoice, NetworkInfo } from '../../src/shared/network-choice';
import type { Recipe } from '../../src/shared/recipes';
import type { RunInfo, RunRequest } from '../../src/shared/runs';
import { messageOf, say } from '../../src/words';
import type { FakeClient } from './fake-client';
import { seeded } from './fake-network';
import { shaped, traitsOf } from './traits';

type Answers = Partial<{ [M in keyof TrainingMethods]: (params: Params<M>) => Result<M> | Promise<Result<M>> }>;

export const colors: DataInfo = {
  id: 'builtin:colors',
  name: 'builtin:colors',
  kind: 'generated',
  path: null,
  present: true,
};
export const shapes: DataInfo = { ...colors, id: 'builtin:shapes', name: 'builtin:shapes' };
export const photos: DataInfo = {
  id: 'd1',
  name: '动物 🐾',
  kind: 'folder',
  path: '/home/ada/pictures/动物 🐾',
  present: true,
};
export const digits: DataInfo = { id: 'd2', name: 'mnist', kind: 'uploaded', path: null, present: true };
export const gone: DataInfo = {
  id: 'd3',
  name: 'old',
  kind: 'folder',
  path: '/media/stick/old',
  present: false,
};
export const single: DataInfo = {
  id: 'd4',
  name: 'one class',
  kind: 'folder',
  path: '/home/ada/one class',
  present: true,
};

const classesOf: Record<string, string[]> = {
  'builtin:colors': ['red', 'green', 'blue', 'yellow', 'cyan', 'magenta'],
  'builtin:shapes': ['ellipse', 'rectangle', 'triangle', 'diamond', 'line'],
  d1: ['猫', '狗 🐕', 'horses with a very long name that goes on and on', '兔子'],
  d2: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
};

/** A data set's survey, made up but consistent. */
export function fakeSurvey(data: string, channels: number, side: number): DataSurvey {
  const labels = classesOf[data] ?? ['a', 'b'];
  const random = seeded(7);
  const even = (count: number): number[] => labels.map(() => count);
  const counts: DataSurvey['counts'] =
    data === 'd1'
      ? { train: [1204, 987, 61, 540], validation: null, test: null }
      : data === 'd2'
        ? { train: even(5000), validation: even(1000), test: even(1000) }
        : { train: even(900), validation: null, test: even(100) };
  const perClass = 10;
  const cells = side * side;
  const pixels = new Uint8Array(labels.length * perClass * cells * channels);
  const of = new Int32Array(labels.length * perClass);
  for (let i = 0; i < of.length; i++) {
    const label = (of[i] = Math.floor(i / perClass));
    const [x, y, r] = [8 + random() * 12, 8 + random() * 12, 4 + random() * 5].map((value) => (value * side) / 28);
    const hue = [
      [230, 40, 40],
      [50, 190, 70],
      [50, 80, 230],
      [230, 220, 50],
      [60, 210, 220],
      [220, 60, 200],
    ][label % 6];
    for (let p = 0; p < cells; p++) {
      const inside = Math.hypot((p % side) - x, Math.floor(p / side) - y) < r;
      for (let c = 0; c < channels; c++)
        pixels[(i * cells + p) * channels + c] = inside ? (channels === 3 ? hue[c] : 200) : 20 + random() * 30;
    }
  }
  const reasons = [
    say('folders.left.hidden'),
    say('folders.left.beside-classes'),
    say('folders.picture.broken', { format: 'JPEG', reason: messageOf('cut short') }),
  ];
  const leftOut =
    data === 'd1'
      ? Array.from({ length: 24 }, (_, i) => ({ file: `猫/${String(i).padStart(3, '0')}.jpg`, reason: reasons[i % 3] }))
      : [];
  return {
    data,
    format: data.startsWith('builtin') ? 'generated' : 'folders',
    fingerprint: 'f',
    labels,
    counts,
    leftOut,
    inside: null,
    leftOutTotal: data === 'd1' ? 31 : 0,
    warnings: [],
    samples: { height: side, width: side, channels, pixels, labels: of },
    proposal: null,
  };
}

/** What the engine proposes for the photos. */
export const fakeProposal = propose({
  known: null,
  train: [1204, 987, 61, 540],
  validation: null,
  width: 640,
  height: 480,
  colored: true,
});

const dense = (units: number[]): NonNullable<unknown>[] =>
  units.flatMap((each, i) => [{ kind: 'dense', units: each }, { kind: i < units.length - 1 ? 'relu' : 'softmax' }]);

const hint = { en: 'MNIST: the four idx files, as they are or as .gz.', zh: 'MNIST：四个 idx 文件，原样或 .gz。' };
export const fakeRecipes: Recipe[] = [
  {
    id: 'colors-cnn',
    title: { en: 'Colors, convolutional network', zh: '颜色：卷积网络' },
    chapter: 'compare',
    question: { en: 'Does it tell six colors apart?', zh: '能分清六种颜色吗？' },
    look: { en: 'Curves.', zh: '看曲线。' },
    data: { kind: 'builtin:colors', hint: { en: 'Generated here.', zh: '由本程序生成。' }, from: null },
    model: 'lenet',
    options: { optimizer: 'sgd', lr: 0.1, batch: 16, epochs: 20, normalize: 'unit' },
    notes: { accuracy: 0.963, part: 'test' },
  },
  {
    id: 'mnist-dense',
    title: { en: 'MNIST, one dense layer of 100', zh: 'MNIST：一个 100 单元的全连接层' },
    chapter: 'steps',
    question: { en: 'How far does it get?', zh: '能走多远？' },
    look: { en: 'The test accuracy.', zh: '看测试准确率。' },
    data: { kind: 'mnist', hint, from: 'yann.lecun.com/exdb/mnist' },
    model: {
      input: { height: 28, width: 28, channels: 1 },
      layers: [{ kind: 'flatten' }, ...dense([100, 10])] as { kind: string }[],
    },
    options: { optimizer: 'sgd', batch: 10, epochs: 60, validation: 0.16667, normalize: 'unit', lr: 0.1 },
    notes: { accuracy: 0.978, part: 'test' },
  },
  {
    id: 'mnist-voting',
    title: { en: 'MNIST, five networks voting', zh: 'MNIST：五个网络投票' },
    chapter: 'steps',
    question: { en: 'How far does it get?', zh: '能走多远？' },
    look: { en: 'The test accuracy.', zh: '看测试准确率。' },
    data: { kind: 'mnist', hint, from: 'yann.lecun.com/exdb/mnist' },
    model: {
      input: { height: 28, width: 28, channels: 1 },
      layers: [{ kind: 'flatten' }, ...dense([1000, 10])] as { kind: string }[],
    },
    options: {
      optimizer: 'sgd',
      batch: 10,
      epochs: 40,
      lr: 0.03,
      seed: 3,
      augment: { shift: 1, flip: 'horizontal' },
      expand: 'shifts',
    },
    members: 5,
    notes: { accuracy: 0.9967, part: 'test' },
  },
  {
    id: 'cifar10-depth',
    title: { en: 'Plain and residual', zh: '普通与残差' },
    chapter: 'classic',
    question: { en: 'Do more layers learn more?', zh: '层数更多学得更好吗？' },
    look: { en: 'The training error.', zh: '看训练误差。' },
    data: { kind: 'cifar10', hint, from: null },
    model: 'plain20',
    beside: [{ model: 'resnet20' }],
    options: { optimizer: 'momentum' },
    notes: { accuracy: null, part: 'test' },
  },
];

export function fakeNetwork({ source, variant }: NetworkChoice, classes: number | null): NetworkInfo {
  const gray = source.id.includes('mnist');
  const inputShape = gray ? [1, 28, 28] : [3, 28, 28];
  const count = classes ?? 10;
  const layers: NetworkInfo['layers'] = [];
  const add = (kind: string, outputShape: number[], params: number, macs: number, settings = {}): void => {
    const index = layers.length;
    const receptiveField = { size: [1, 1], step: [1, 1] };
    const name = `${kind}${index}`;
    layers.push({
      index,
      name,
      kind,
      traits: traitsOf(kind),
      settings,
      inputs: [index - 1],
      ...shaped(outputShape),
      params,
      trainable: params,
      macs,
      receptiveField,
    });
  };
  const full = (from: number, to: number): void => add('dense', [to], from * to + to, from * to);
  const inputs = inputShape[0] * 784;
  if (variant === 'itself') {
    add('conv', [8, 28, 28], 8 * (9 * inputShape[0] + 1), 8 * 9 * inputShape[0] * 784, { kernel: 3 });
    add('relu', [8, 28, 28], 0, 0);
    add('maxpool', [8, 14, 14], 0, 0, { size: 2 });
    add('flatten', [1568], 0, 0);
    full(1568, count);
  } else {
    const hidden = variant === 'twin' ? [Math.round(16000 / inputs)] : [128, 64];
    add('flatten', [inputs], 0, 0);
    let from = inputs;
    for (const units of hidden) {
      full(from, units);
      add('relu', [units], 0, 0);
      from = units;
    }
    full(from, count);
  }
  add('softmax', [count], 0, 0);
  const sum = (key: 'params' | 'macs'): number => layers.reduce((total, layer) => total + layer[key], 0);
  return {
    title: source.id,
    inputShape,
    layers,
    totals: { params: sum('params'), trainable: sum('params'), macs: sum('macs') },
    changes: count === 10 ? [] : [say('train.fit.units', { layer: 'dense1', units: count, before: 10 })],
    ideas: source.id.startsWith('resnet') ? ['skip'] : [],
  };
}

export function fakeRun(
  id: string,
  { title, data, network, options, recipe }: RunRequest,
  state: RunInfo['state'],
): RunInfo {
  return {
    id,
    title,
    notes: { title: '', tags: [], note: '' },
    network,
    networkTitle: null,
    recipe: recipe ?? null,
    fit: null,
    range: null,
    data: [colors, shapes, photos, digits].find((each) => each.id === data) ?? colors,
    started: '2026-01-01T00:00:00Z',
    state,
    progress: null,
    epoch: 0,
    epochs: options.epochs ?? 10,
    bestEpoch: null,
    accuracy: { train: null, validation: null, test: null },
    loss: { train: null, validation: null, test: null },
    parameters: 0,
    macs: 0,
    seconds: 0,
    labels: [],
    inputShape: [3, 28, 28],
    settings: {} as RunInfo['settings'],
    samples: { train: 0, validation: 0, test: 0 },
    commonest: { train: null, validation: null, test: null },
    hasModel: false,
    failure: null,
    check: { images: 9, difference: 2.4e-6, param: 'conv1.weight', seconds: 0.2 },
    stuck: null,
    said: [],
  };
}

/** Answers about data sets, networks, recipes and the start of runs. `client` is there for the progress that jobs tell. */
export function fakeData(client: () => FakeClient, { slow = false } = {}): Answers {
  const known = [colors, shapes, photos, digits, gone, single];
  const uploads = new Map<string, { name: string; files: number; bytes: number }>();
  const cancelled = new Set<string>();
  let runs = 0;
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, slow ? 200 : 0));
  return {
    dataSets: () => [...known],
    forgetData: ({ data }) => {
      known.splice(
        known.findIndex(({ id }) => id === data),
        1,
      );
      return {};
    },
    survey: async ({ data, network, job }: { data: string; network: NetworkChoice | null; fit?: Fit; job: string }) => {
      for (let done = 0; done <= 400; done += 100) {
        client().emit('progress', { job, done, total: 400, secondsLeft: 2 });
        await wait();
        const { calls } = client();
        if (calls.some(({ method, params }) => method === 'cancel' && (params as { job: string }).job === job))
          throw new FailureError('cancelled').toJSON();
      }
      if (data === single.id)
        throw new FailureError('data.invalid', {
          file: single.name,
          reason: messageOf("holds a single class, 'cats', expected two or more"),
        }).toJSON();
      if (network) return fakeSurvey(data, network.input?.channels ?? fakeNetwork(network, null).inputShape[0], 28);
      return { ...fakeSurvey(data, 3, 32), proposal: fakeProposal };
    },
    recipes: () => fakeRecipes,
    describeNetwork: ({ network, classes }) => fakeNetwork(network, classes),
    beginUpload: (folder) => {
      const upload = `u${uploads.size + 1}`;
      uploads.set(upload, folder);
      return { upload };
    },
    upload: async ({ upload, bytes }) => {
      await wait();
      if (cancelled.has(upload)) throw new FailureError('handle.gone', { what: 'upload', handle: upload }).toJSON();
      return { bytes: bytes.length };
    },
    endUpload: ({ upload }) => {
      const data: DataInfo = {
        id: upload,
        name: uploads.get(upload)!.name,
        kind: 'uploaded',
        path: null,
        present: true,
      };
      known.unshift(data);
      return data;
    },
    cancelUpload: ({ upload }) => {
      cancelled.add(upload);
      return {};
    },
    runs: () => [],
    startRun: (request) => fakeRun(`run-${++runs}`, request, runs === 1 ? 'reading' : 'queued'),
  };
}
