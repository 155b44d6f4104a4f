/** The strip of the course's kernels: against a plain loop, and against onnxruntime on the same three layers. */
import { expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { plainMetadata } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/onnx/write';
import { Generator } from '../../../src/core/random';
import { Filter } from '../../../src/engine/lab/filter';
import { OnnxSession } from '../../../src/engine/runtime/onnxruntime';

/** conv `[C, H, W]` by plain loops, the kernel's middle (or the cell before it) on the pixel. */
function naive(pixels: Uint8Array, h: number, w: number, c: number, k: number, weights: readonly number[]): number[] {
  const before = Math.floor((k - 1) / 2);
  const out: number[] = [];
  for (let channel = 0; channel < c; channel++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        let sum = 0;
        for (let i = 0; i < k; i++)
          for (let j = 0; j < k; j++) {
            const [row, column] = [y + i - before, x + j - before];
            if (row < 0 || column < 0 || row >= h || column >= w) continue;
            const weight = weights[((channel * k + i) * k + j) % weights.length];
            sum += (pixels[(row * w + column) * c + channel] / 255) * weight;
          }
        out.push(sum);
      }
  return out;
}

it('agrees with plain loops and onnxruntime for random pictures and kernels', async () => {
  const random = new Generator(7);
  const filter = new Filter();
  for (let turn = 0; turn < 12; turn++) {
    const [height, width, size] = [8 + random.integer(24), 8 + random.integer(24), 1 + random.integer(11)];
    const channels = ([1, 3] as const)[turn % 2];
    const each = turn % 3 === 0 ? channels : 1;
    const pixels = Uint8Array.from({ length: height * width * channels }, () => random.integer(256));
    const weights = Array.from({ length: each * size * size }, () => random.normal());
    const { conv, relu, pool } = await filter.run({ width, height, channels, pixels }, size, weights);
    naive(pixels, height, width, channels, size, weights).forEach((value, i) => {
      expect(conv.data[i]).toBeCloseTo(value, 3);
    });

    const graph = buildGraph({
      input: { height, width, channels },
      layers: [
        { kind: 'conv', filters: channels, groups: channels, kernel: size, padding: 'same', bias: false },
        { kind: 'relu', name: 'after' },
        { kind: 'maxpool', size: 2, ceil: true },
      ],
    });
    const whole = Float32Array.from({ length: channels * size * size }, (_, i) => weights[i % weights.length]);
    const model = { graph, params: new Map([['conv1.weight', whole]]), metadata: plainMetadata(graph) };
    const session = await OnnxSession.open(writeModel(model));
    const input = Float32Array.from(pixels, (_, i) => {
      const [channel, place] = [Math.floor(i / (height * width)), i % (height * width)];
      return pixels[place * channels + channel] / 255;
    });
    const [name] = session.inputNames;
    const output = await session.run({ [name]: { shape: [1, channels, height, width], data: input } });
    const [pooled] = output.values();
    expect(pooled.shape).toEqual([1, channels, pool.height, pool.width]);
    pooled.data.forEach((value, i) => expect(pool.data[i]).toBeCloseTo(value, 3));
    relu.data.forEach((value, i) => expect(value).toBe(Math.max(0, conv.data[i])));
  }
  filter.close();
});

it('refuses a number of weights that fits no kernel', async () => {
  const picture = { width: 4, height: 4, channels: 3, pixels: new Uint8Array(48) } as const;
  const filter = new Filter();
  await expect(filter.run(picture, 3, [1, 2])).rejects.toMatchObject({ values: { reason: { code: 'lab.weights' } } });
  filter.close();
});
