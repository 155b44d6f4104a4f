import type { ReceptiveField } from '../../src/core/model/receptive-field';

/** Seeded networks and a plain forward pass, for the fake client only. All maps are `[C, H, W]`. */
export interface Tensor {
  shape: number[];
  data: Float32Array;
}

export interface FakeLayer {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  inputs: number[];
  outputShape: number[];
  params: number;
  macs: number;
}

export interface Net {
  id: string;
  title: string;
  inputShape: number[];
  labels: string[];
  accuracy: number | null;
  layers: FakeLayer[];
}

/** A small reproducible generator, uniform in 0 … 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function statsOf(data: Float32Array): {
  min: number;
  max: number;
  mean: number;
  deviation: number;
  zeroFraction: number;
} {
  let [min, max, sum, zeros] = [Infinity, -Infinity, 0, 0];
  for (const v of data) {
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
    if (v === 0) zeros++;
  }
  const mean = sum / data.length;
  let square = 0;
  for (const v of data) square += (v - mean) ** 2;
  return { min, max, mean, deviation: Math.sqrt(square / data.length), zeroFraction: zeros / data.length };
}

class Builder {
  readonly layers: FakeLayer[] = [];
  readonly #counts = new Map<string, number>();
  constructor(readonly inputShape: number[]) {}

  shape(index: number): number[] {
    return index < 0 ? this.inputShape : this.layers[index].outputShape;
  }

  add(kind: string, settings: Record<string, unknown> = {}, inputs: number[] = [this.layers.length - 1]): number {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const from = this.shape(inputs[0]);
    const [c, h = 1, w = 1] = from;
    let outputShape = from;
    let params = 0;
    let macs = 0;
    if (kind === 'conv') {
      const {
        filters,
        kernel,
        stride = 1,
        padding = 0,
      } = settings as { filters: number; kernel: number; stride?: number; padding?: number };
      const out = (n: number): number => Math.floor((n + 2 * padding - kernel) / stride) + 1;
      outputShape = [filters, out(h), out(w)];
      params = filters * (c * kernel * kernel + 1);
      macs = filters * c * kernel * kernel * out(h) * out(w);
    } else if (kind === 'maxpool') {
      const { size, stride = size } = settings as { size: number; stride?: number };
      outputShape = [c, Math.floor((h - size) / stride) + 1, Math.floor((w - size) / stride) + 1];
    } else if (kind === 'dense') {
      const { units } = settings as { units: number };
      outputShape = [units];
      params = units * (c * h * w + 1);
      macs = units * c * h * w;
    } else if (kind === 'flatten') outputShape = [c * h * w];
    else if (kind === 'globalavgpool') outputShape = [c];
    else if (kind === 'concat') outputShape = [inputs.reduce((sum, i) => sum + this.shape(i)[0], 0), h, w];
    this.layers.push({ name: `${kind}${number}`, kind, settings, inputs, outputShape, params, macs });
    return this.layers.length - 1;
  }
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function net(id: string, title: string, inputShape: number[], labels: string[], build: (b: Builder) => void): Net {
  const builder = new Builder(inputShape);
  build(builder);
  return { id, title, inputShape, labels, accuracy: id === 'lenet' ? 0.9912 : null, layers: builder.layers };
}

function ending(b: Builder, classes: number): void {
  b.add('dense', { units: classes });
  b.add('softmax');
}

export const fakeNetworks: Net[] = [
  net('lenet', 'LeNet-5', [1, 28, 28], digits, (b) => {
    b.add('conv', { filters: 6, kernel: 5, padding: 2 });
    b.add('relu');
    b.add('maxpool', { size: 2 });
    b.add('conv', { filters: 16, kernel: 5 });
    b.add('relu');
    b.add('maxpool', { size: 2 });
    b.add('flatten');
    b.add('dense', { units: 120 });
    b.add('relu');
    b.add('dense', { units: 84 });
    b.add('relu');
    ending(b, 10);
  }),
  net('mnist-cnn', 'MNIST CNN', [1, 28, 28], digits, (b) => {
    b.add('conv', { filters: 8, kernel: 5, padding: 2 });
    b.add('relu');
    b.add('maxpool', { size: 2 });
    b.add('conv', { filters: 16, kernel: 5, padding: 2 });
    b.add('relu');
    b.add('maxpool', { size: 3 });
    b.add('flatten');
    ending(b, 10);
  }),
  net('residual', 'Residual, branches', [1, 28, 28], digits, (b) => {
    const stem = b.add('conv', { filters: 8, kernel: 3, padding: 1 });
    const a = b.add('relu');
    b.add('conv', { filters: 8, kernel: 3, padding: 1 });
    b.add('relu');
    const c = b.add('conv', { filters: 8, kernel: 3, padding: 1 });
    const sum = b.add('add', {}, [c, a]);
    const r = b.add('relu');
    const left = b.add('conv', { filters: 8, kernel: 1 }, [r]);
    const right = b.add('conv', { filters: 16, kernel: 3, padding: 1 }, [r]);
    const both = b.add('relu', {}, [right]);
    b.add('concat', {}, [left, both, sum]);
    b.add('maxpool', { size: 2 });
    b.add('globalavgpool');
    ending(b, 10);
    void stem;
  }),
  net('chain-30', 'Chain of 30 layers', [1, 28, 28], digits, (b) => {
    for (let i = 0; i < 14; i++) {
      b.add('conv', { filters: 12, kernel: 3, padding: 1 });
      b.add('relu');
    }
    b.add('flatten');
    ending(b, 10);
  }),
  net('wide-512', '512 channels', [1, 28, 28], digits, (b) => {
    b.add('conv', { filters: 64, kernel: 3, padding: 1, stride: 2 });
    b.add('relu');
    b.add('conv', { filters: 512, kernel: 3, padding: 1 });
    b.add('relu');
    b.add('maxpool', { size: 2 });
    b.add('globalavgpool');
    ending(b, 10);
  }),
  net(
    'photo',
    'Photo, 1000 classes',
    [3, 224, 224],
    Array.from({ length: 1000 }, (_, i) => `class ${i}`),
    (b) => {
      b.add('conv', { filters: 64, kernel: 7, stride: 2, padding: 3 });
      b.add('relu');
      b.add('maxpool', { size: 2 });
      b.add('conv', { filters: 32, kernel: 3, padding: 1 });
      b.add('relu');
      b.add('maxpool', { size: 4 });
      b.add('globalavgpool');
      ending(b, 1000);
    },
  ),
];

interface Weights {
  /** `[O, I, KH, KW]`. */
  shape: number[];
  data: Float32Array;
  bias: Float32Array;
}

const weights = new Map<string, Weights>();

/** Seeded oriented kernels for conv; dense weights folded back to the maps that they look at. */
export function weightsOf(net: Net, index: number): Weights {
  const key = `${net.id}:${index}`;
  const known = weights.get(key);
  if (known) return known;
  const layer = net.layers[index];
  let source = layer.inputs[0];
  while (source >= 0 && layer.kind === 'dense' && net.layers[source].kind === 'flatten')
    source = net.layers[source].inputs[0];
  const [c, h = 1, w = 1] = source < 0 ? net.inputShape : net.layers[source].outputShape;
  const outputs = layer.outputShape[0];
  const k = layer.kind === 'conv' ? (layer.settings.kernel as number) : 0;
  const shape = layer.kind === 'conv' ? [outputs, c, k, k] : [outputs, c, h, w];
  const random = seeded(index * 7919 + 17);
  const data = new Float32Array(shape.reduce((a, b) => a * b));
  const gain = Math.sqrt(2 / (shape[1] * shape[2] * shape[3]));
  const cells = shape[2] * shape[3];
  for (let i = 0; i < data.length / cells; i++) {
    const [angle, phase, weight] = [random() * Math.PI, random() * 6, random() + 0.4];
    for (let j = 0; j < cells; j++) {
      const [y, x] = [Math.floor(j / shape[3]) - shape[2] / 2, (j % shape[3]) - shape[3] / 2];
      const wave = Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) * 1.3 + phase);
      data[i * cells + j] =
        gain * (k > 1 ? 1.4 * weight * wave : 2.5 * (random() - 0.5)) + gain * 0.3 * (random() - 0.5);
    }
  }
  const bias = Float32Array.from({ length: outputs }, () => 0.1 * (random() - 0.5));
  const made = { shape, data, bias };
  weights.set(key, made);
  return made;
}

/** Every layer's output by index, the input as −1. */
export function forward(net: Net, input: Tensor): Map<number, Tensor> {
  const outputs = new Map<number, Tensor>([[-1, input]]);
  for (const [index, layer] of net.layers.entries()) {
    const from = layer.inputs.map((i) => outputs.get(i)!);
    outputs.set(index, { shape: layer.outputShape, data: apply(net, index, layer, from) });
  }
  return outputs;
}

function apply(net: Net, index: number, layer: FakeLayer, [x, ...others]: Tensor[]): Float32Array {
  const [C, H = 1, W = 1] = x.shape;
  const [O, OH = 1, OW = 1] = layer.outputShape;
  const out = new Float32Array(O * OH * OW);
  switch (layer.kind) {
    case 'conv': {
      const { data: w, bias } = weightsOf(net, index);
      const {
        kernel: k,
        stride = 1,
        padding = 0,
      } = layer.settings as { kernel: number; stride?: number; padding?: number };
      for (let o = 0; o < O; o++) {
        const plane = out.subarray(o * OH * OW, (o + 1) * OH * OW).fill(bias[o]);
        for (let c = 0; c < C; c++)
          for (let a = 0; a < k; a++)
            for (let b = 0; b < k; b++) {
              const weight = w[((o * C + c) * k + a) * k + b];
              for (let y = 0; y < OH; y++) {
                const v = y * stride + a - padding;
                if (v < 0 || v >= H) continue;
                for (let xx = 0; xx < OW; xx++) {
                  const u = xx * stride + b - padding;
                  if (u >= 0 && u < W) plane[y * OW + xx] += weight * x.data[(c * H + v) * W + u];
                }
              }
            }
      }
      return out;
    }
    case 'dense': {
      const { data: w, bias } = weightsOf(net, index);
      const n = x.data.length;
      for (let o = 0; o < O; o++) {
        let sum = bias[o];
        for (let i = 0; i < n; i++) sum += w[o * n + i] * x.data[i];
        out[o] = sum * (index === net.layers.length - 2 ? 3 : 1);
      }
      return out;
    }
    case 'relu':
      return x.data.map((v) => Math.max(0, v));
    case 'maxpool': {
      const { size, stride = size } = layer.settings as { size: number; stride?: number };
      for (let c = 0; c < C; c++)
        for (let y = 0; y < OH; y++)
          for (let xx = 0; xx < OW; xx++) {
            let most = -Infinity;
            for (let a = 0; a < size; a++)
              for (let b = 0; b < size; b++)
                most = Math.max(most, x.data[(c * H + y * stride + a) * W + xx * stride + b]);
            out[(c * OH + y) * OW + xx] = most;
          }
      return out;
    }
    case 'globalavgpool':
      for (let c = 0; c < C; c++)
        out[c] = x.data.subarray(c * H * W, (c + 1) * H * W).reduce((a, b) => a + b, 0) / (H * W);
      return out;
    case 'add':
      return x.data.map((v, i) => v + others.reduce((sum, other) => sum + other.data[i], 0));
    case 'concat': {
      let at = 0;
      for (const part of [x, ...others]) {
        out.set(part.data, at);
        at += part.data.length;
      }
      return out;
    }
    case 'softmax': {
      const most = x.data.reduce((a, b) => Math.max(a, b), -Infinity);
      const e = x.data.map((v) => Math.exp(v - most));
      const sum = e.reduce((a, b) => a + b, 0);
      return e.map((v) => v / sum);
    }
    default:
      return x.data.slice();
  }
}

export function receptiveFields(net: Net): ReceptiveField[] {
  const fields: ReceptiveField[] = [];
  for (const layer of net.layers) {
    const from = fields[layer.inputs[0]] ?? { size: [1, 1], step: [1, 1] };
    const k = (layer.settings.kernel ?? layer.settings.size ?? 1) as number;
    const stride = (layer.settings.stride ?? layer.settings.size ?? 1) as number;
    fields.push({
      size: from.size.map((size, axis) => size + (k - 1) * from.step[axis]),
      step: from.step.map((step) => step * stride),
    });
  }
  return fields;
}
