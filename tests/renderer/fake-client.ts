import type { labMethods } from '../../src/shared/lab';
import { messageOf } from '../../src/words';
import type { Explanation } from '../../src/core/explain/types';
import { FailureError } from '../../src/shared/failures';
import type {
  BundledModelInfo,
  Client,
  Events,
  Inspection,
  LayerInfo,
  Method,
  Methods,
  ModelInfo,
  Params,
  Picture,
  Result,
} from '../../src/shared/protocol';
import type { ComputeChoices } from '../../src/shared/settings';
import type { TrainingMethods } from '../../src/shared/training';
import {
  fakeNetworks,
  forward,
  receptiveFields,
  seeded,
  statsOf,
  weightsOf,
  type Net,
  type Tensor,
} from './fake-network';
import { inputLayer, shaped, traitsOf } from './traits';

type InspectMethod = Exclude<Method, keyof TrainingMethods | keyof typeof labMethods>;

/** A deterministic engine in the page: small seeded networks, enough to look at the window without a worker. */
export class FakeClient implements Client {
  readonly saved: { name: string; bytes: Uint8Array }[] = [];
  readonly folders = null;
  readonly frame = null;
  readonly calls: { method: Method; params: unknown }[] = [];
  #nets = new Map<number, Net>();
  #runs = new Map<number, { net: Net; outputs: Map<number, Tensor> }>();
  #next = 1;
  #settings: ComputeChoices = {
    provider: 'cpu',
    memory: null,
    providers: [
      { name: 'cpu', bundled: true },
      { name: 'webgpu', bundled: true },
      { name: 'cuda', bundled: false },
    ],
    memoryDefault: 4096,
    memoryForced: null,
  };
  #listeners = new Map<string, Set<(payload: never) => void>>();

  constructor(
    readonly first = 'lenet',
    /** Methods that are answered with a failure, for tests. */
    readonly failing: Partial<Record<Method, FailureError>> = {},
    /** Answers about data sets, runs and evaluations, where a test has use for them. */
    readonly training: Partial<{
      [M in keyof TrainingMethods]: (params: Params<M>) => Result<M> | Promise<Result<M>>;
    }> = {},
  ) {}

  async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    this.calls.push({ method, params });
    const failure = this.failing[method];
    if (failure) throw failure.toJSON();
    await Promise.resolve();
    const methods = { ...this.#methods, ...this.training } as Record<string, unknown>;
    const answer = methods[method] as ((p: Params<M>) => Result<M> | Promise<Result<M>>) | undefined;
    if (!answer) throw new FailureError('internal', { reason: messageOf(`the fake has no '${method}'`) }).toJSON();
    return answer(params);
  }

  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener as (payload: never) => void));
    return () => void set.delete(listener as (payload: never) => void);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  save(name: string, bytes: Uint8Array): Promise<boolean> {
    this.saved.push({ name, bytes });
    return Promise.resolve(true);
  }

  #run(handle: number): { net: Net; outputs: Map<number, Tensor> } {
    const run = this.#runs.get(handle);
    if (!run) throw new FailureError('handle.gone', { what: 'inspection', handle }).toJSON();
    return run;
  }

  readonly #methods: { [M in InspectMethod]: (params: Params<M>) => Result<M> | Promise<Result<M>> } = {
    start: () => ({
      version: '0.0.0',
      models: fakeNetworks.map(bundled),
      dataFiles: '\\.np[yz]$|\\.bin$|idx[134]-ubyte(\\.gz)?$',
      samples: digits.map((label, i) => ({
        id: `digit-${i}`,
        name: `MNIST #${684 + 37 * i}`,
        models: fakeNetworks.filter((net) => net.labels.length === 10 && net.inputShape[0] === 1).map((net) => net.id),
        label,
      })),
      folders: { resources: 'resources', runs: 'runs' },
      open: { model: { kind: 'bundled', id: this.first }, image: { kind: 'sample', id: 'digit-7' }, link: null },
      failure: null,
      reopened: null,
    }),
    openModel: ({ source }) => {
      const id = source.kind === 'bytes' ? source.name : source.id;
      const net = fakeNetworks.find((each) => each.id === id);
      if (!net) throw new FailureError('model.format', { file: id, reason: messageOf('no protobuf message') }).toJSON();
      const handle = this.#next++;
      this.#nets.set(handle, net);
      return modelInfo(handle, net);
    },
    modelOpened: ({ model }) => modelInfo(model, this.#nets.get(model)!),
    settings: () => this.#settings,
    changeSettings: (change) => (this.#settings = { ...this.#settings, ...change }),
    classics: () => [
      {
        id: 'lenet5-1998',
        title: 'LeNet-5 (1998)',
        year: 1998,
        chapter: 'first',
        adapted: null,
        inputShape: [1, 28, 28],
        totals: { params: 60850, trainable: 60850, macs: 416520 },
      },
      {
        id: 'plain20',
        title: 'Plain-20',
        year: 2015,
        chapter: 'plain',
        adapted: null,
        inputShape: [3, 32, 32],
        totals: { params: 271_098, trainable: 269_722, macs: 40_551_040 },
      },
    ],
    samplePicture: ({ id }) => digitPicture(Number(id.split('-')[1])),
    glance: ({ model, image }) => {
      const net = this.#nets.get(model);
      if (!net) throw new FailureError('handle.gone', { what: 'model', handle: model }).toJSON();
      if (image.kind === 'bytes' && image.bytes.length < 100)
        throw new FailureError('image.format', { file: image.name, found: 'text' }).toJSON();
      const predictions = [{ label: '3', index: 3, probability: 0.9, logit: 4 }];
      return { picture: digitPicture(3, net.inputShape[1]), predictions, inverted: false, warnings: [] };
    },
    inspect: ({ model, image, options }) => {
      const net = this.#nets.get(model);
      if (!net) throw new FailureError('handle.gone', { what: 'model', handle: model }).toJSON();
      if (image.kind === 'bytes' && image.bytes.length < 100) {
        throw new FailureError('image.format', { file: image.name, found: 'text' }).toJSON();
      }
      const [channels, height, width] = net.inputShape;
      const seed = image.kind === 'sample' ? Number(image.id.split('-')[1]) : 3;
      const picture =
        image.kind === 'pixels' ? gray(image.pixels, image.width, image.height) : digitPicture(seed, height);
      const input: Tensor = { shape: [channels, height, width], data: new Float32Array(channels * height * width) };
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < height * width; i++)
          input.data[c * height * width + i] = picture.rgba[i * 4 + (c % 3)] / 255;
      const started = performance.now();
      const outputs = forward(net, input);
      const time = performance.now() - started;
      const handle = this.#next++;
      this.#runs.set(handle, { net, outputs });
      const probabilities = outputs.get(net.layers.length - 1)!.data;
      const logits = outputs.get(net.layers.length - 2)!.data;
      const range = statsOf(input.data);
      const inspection: Inspection = {
        inspection: handle,
        model,
        shapes: [],
        input: { file: image.kind === 'sample' ? image.id : image.name, width, height, format: 'PNG', notes: [] },
        strip: {
          original: picture,
          oriented: picture,
          fitted: picture,
          normalized: { shape: [channels, height, width], min: range.min, max: range.max },
        },
        options: { fit: 'letterbox', invert: 'auto', background: '#ffffff', ...options },
        inverted: false,
        invertSuggested: false,
        warnings: [],
        likeness: null,
        layers: [...outputs.entries()]
          .sort(([a], [b]) => a - b)
          .map(([index, { data, shape }]) => {
            const stats = statsOf(data);
            const absMax = Math.max(Math.abs(stats.min), Math.abs(stats.max));
            const { outputShape, axes } = shaped(shape);
            return { index, ...stats, absMax, outputShape, axes };
          }),
        predictions: [...probabilities]
          .map((probability, index) => ({ label: net.labels[index], index, probability, logit: logits[index] }))
          .sort((a, b) => b.probability - a.probability),
        computedBy: { provider: 'core', instead: null },
        timing: { decode: 0.2, forward: time },
      };
      return inspection;
    },
    thumbnails: ({ inspection, layer, first, count }) => {
      const { data, shape } = this.#run(inspection).outputs.get(layer)!;
      const [, h = 1, w = 1] = shape;
      const factor = Math.ceil(Math.max(h, w) / 64);
      const height = Math.ceil(h / factor);
      const width = Math.ceil(w / factor);
      const out = new Int8Array(count * height * width);
      const absMax = new Float32Array(count);
      const min = new Float32Array(count);
      const max = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        const map = data.subarray((first + i) * h * w, (first + i + 1) * h * w);
        const stats = statsOf(map);
        [min[i], max[i]] = [stats.min, stats.max];
        absMax[i] = Math.max(Math.abs(stats.min), Math.abs(stats.max));
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            let sum = 0;
            let n = 0;
            for (let v = y * factor; v < Math.min(h, (y + 1) * factor); v++)
              for (let u = x * factor; u < Math.min(w, (x + 1) * factor); u++, n++) sum += map[v * w + u];
            out[i * height * width + y * width + x] = absMax[i] ? Math.round((127 * sum) / n / absMax[i]) : 0;
          }
      }
      const { min: least, max: largest } = statsOf(data);
      const most = Math.max(-least, largest);
      return { layer, first, count, most, height, width, absMax, min, max, data: out };
    },
    values: ({ inspection, layer, channel }) => {
      const { data, shape } = this.#run(inspection).outputs.get(layer)!;
      const [, height = 1, width = 1] = shape;
      if (channel < 0) return { height: 1, width: data.length, data };
      return { height, width, data: data.slice(channel * height * width, (channel + 1) * height * width) };
    },
    mapDetails: ({ inspection, layer, first, count }) => {
      const { data, shape } = this.#run(inspection).outputs.get(layer)!;
      const cells = (shape[1] ?? 1) * (shape[2] ?? 1);
      const detail = (channel: number, values: Float32Array) => {
        const stats = statsOf(values);
        const counts = new Uint32Array(32);
        let zeros = 0;
        for (const v of values) {
          if (v === 0) zeros++;
          else counts[Math.min(31, Math.floor(((v - stats.min) / (stats.max - stats.min || 1)) * 32))]++;
        }
        return {
          channel,
          ...stats,
          histogram: { counts, from: stats.min, to: stats.max, zeros },
          silent: stats.min === 0 && stats.max === 0,
        };
      };
      return {
        maps: Array.from({ length: count }, (_, i) =>
          detail(first + i, data.subarray((first + i) * cells, (first + i + 1) * cells)),
        ),
        layer: detail(-1, data),
      };
    },
    npy: ({ layer }) => ({ name: `${layer}.npy`, bytes: new Uint8Array([147, 78, 85, 77, 80, 89]) }),
    kernels: ({ model, layer, first, count }) => {
      const net = this.#nets.get(model)!;
      const { shape, data, bias } = weightsOf(net, layer);
      const size = shape[1] * shape[2] * shape[3];
      const stats = statsOf(data);
      return {
        layer,
        shape: [count, shape[1], shape[2], shape[3]],
        first,
        data: data.slice(first * size, (first + count) * size),
        bias: bias.slice(first, first + count),
        absMax: Math.max(-stats.min, stats.max),
        groupStart: new Int32Array(count),
      };
    },
    kernelNorms: ({ model, layer }) => {
      const { shape, data } = weightsOf(this.#nets.get(model)!, layer);
      const [outputs, inputs, kh, kw] = shape;
      const norms = new Float32Array(outputs * inputs);
      for (let i = 0; i < norms.length; i++) {
        let sum = 0;
        for (let k = 0; k < kh * kw; k++) sum += data[i * kh * kw + k] ** 2;
        norms[i] = Math.sqrt(sum);
      }
      return { outputs, inputs, norms };
    },
    nodes: () => [],
    explain: (): Explanation => {
      throw new FailureError('internal', { reason: messageOf('the fake engine explains nothing') }).toJSON();
    },
    verify: async ({ model, job }) => {
      const net = this.#nets.get(model)!;
      for (let done = 0; done <= 100; done += 10) {
        this.emit('progress', { job, done, total: 100, secondsLeft: (100 - done) / 50 });
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      const random = seeded(9);
      const layers = net.layers.map(({ name }) => ({ name, maxAbs: 1e-6 * random(), maxRel: 1e-6 * random() }));
      return {
        ok: true,
        altered: [],
        notFinite: [],
        findings: [],
        images: 100,
        top1Agreement: 1,
        layers,
        preprocessing: null,
        file: {
          name: 'model.onnx',
          bytes: 64,
          sha256: '0'.repeat(64),
          opset: 17,
          inputShape: [1, 28, 28],
          classes: 10,
        },
        convscope: '1.0.0',
        onnxruntime: '1.30.0',
      };
    },
    takeIn: () => ({ file: null, obstacles: [] }),
    keepPicture: () => ({}),
    keepLabels: () => ({ labels: [] }),
    modelFile: ({ model }) => ({ name: `${this.#nets.get(model)!.id}.onnx`, bytes: new Uint8Array(64) }),
    cancel: () => ({ cancelled: true }),
  } satisfies {
    [M in InspectMethod]: (params: Methods[M]['params']) => Methods[M]['result'] | Promise<Methods[M]['result']>;
  };
}

function bundled(net: Net): BundledModelInfo {
  return {
    id: net.id,
    title: net.title,
    inputShape: net.inputShape,
    classes: net.labels.length,
    testAccuracy: net.accuracy,
    data: 'MNIST',
    foreign: false,
  };
}

function modelInfo(handle: number, net: Net): ModelInfo {
  const fields = receptiveFields(net);
  const layers = net.layers.map((layer, index): LayerInfo => ({
    index,
    name: layer.name,
    kind: layer.kind,
    traits: traitsOf(layer.kind, layer.settings),
    settings: layer.settings,
    inputs: layer.inputs,
    ...shaped(layer.outputShape),
    params: layer.params,
    trainable: layer.params,
    macs: layer.macs,
    receptiveField: fields[index],
  }));
  const sum = (of: (layer: LayerInfo) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  return {
    model: handle,
    foreign: null,
    id: net.id,
    title: net.title,
    bundled: true,
    inputShape: net.inputShape,
    inputs: [inputLayer(net.inputShape)],
    layers,
    totals: { params: sum((l) => l.params), trainable: sum((l) => l.trainable), macs: sum((l) => l.macs) },
    labels: net.labels,
    head: { kind: 'share', output: layers.length - 1, logits: layers.length - 2 },
    preprocessing: {
      colour: net.inputShape[0] === 1 ? 'grey' : 'rgb',
      fit: 'letterbox',
      resize: 'lanczos3',
      scale: 1 / 255,
      mean: [0],
      deviation: [1],
      ground: '#000000',
    },
    training: {
      data: 'MNIST',
      epochs: 12,
      optimizer: 'sgd',
      learningRate: 0.05,
      batch: 64,
      seed: 1,
      testAccuracy: net.accuracy,
      samples: { train: 54000, validation: 6000, test: 10000 },
    },
    fileBytes: 248_000,
  };
}

function gray(pixels: Uint8Array, width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) rgba.set([pixels[i], pixels[i], pixels[i], 255], i * 4);
  return { width, height, rgba };
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Strokes on a 28 × 28 field, one set per digit; drawn soft, the larger sizes with some texture. */
const strokes: number[][][] = [
  [
    [14, 4, 20, 9],
    [20, 9, 20, 19],
    [20, 19, 14, 24],
    [14, 24, 8, 19],
    [8, 19, 8, 9],
    [8, 9, 14, 4],
  ],
  [
    [11, 8, 15, 4],
    [15, 4, 14, 24],
  ],
  [
    [8, 8, 13, 4],
    [13, 4, 19, 8],
    [19, 8, 8, 23],
    [8, 23, 20, 23],
  ],
  [
    [8, 5, 19, 5],
    [19, 5, 13, 13],
    [13, 13, 20, 18],
    [20, 18, 13, 24],
    [13, 24, 8, 21],
  ],
  [
    [10, 4, 7, 15],
    [7, 15, 20, 15],
    [17, 5, 16, 24],
  ],
  [
    [19, 4, 9, 5],
    [9, 5, 9, 13],
    [9, 13, 18, 14],
    [18, 14, 18, 21],
    [18, 21, 8, 23],
  ],
  [
    [17, 4, 9, 13],
    [9, 13, 9, 20],
    [9, 20, 14, 24],
    [14, 24, 19, 19],
    [19, 19, 9, 16],
  ],
  [
    [5, 8, 14, 5],
    [14, 5, 21, 11],
    [21, 11, 18, 24],
    [7, 15, 20, 16],
  ],
  [
    [14, 4, 19, 8],
    [19, 8, 9, 18],
    [9, 18, 14, 24],
    [14, 24, 19, 18],
    [19, 18, 9, 8],
    [9, 8, 14, 4],
  ],
  [
    [18, 12, 10, 12],
    [10, 12, 10, 6],
    [10, 6, 17, 5],
    [17, 5, 18, 12],
    [18, 12, 15, 24],
  ],
];

function digitPicture(seed: number, size = 28): Picture {
  const rgba = new Uint8ClampedArray(size * size * 4);
  const lines = strokes[seed % 10] ?? strokes[0];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [px, py] = [((x + 0.5) * 28) / size, ((y + 0.5) * 28) / size];
      let near = 99;
      for (const [ax, ay, bx, by] of lines) {
        const u = Math.max(
          0,
          Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
        );
        near = Math.min(near, Math.hypot(px - ax - u * (bx - ax), py - ay - u * (by - ay)));
      }
      const ink = 255 * Math.max(0, Math.min(1, 2.1 - near));
      const i = (y * size + x) * 4;
      if (size > 64) rgba.set([ink, 90 + 60 * Math.sin(px) + ink * 0.3, (255 * y) / size, 255], i);
      else rgba.set([ink, ink, ink, 255], i);
    }
  return { width: size, height: size, rgba };
}
