import { describe, expect, it } from 'vitest';
import { ReferenceExecutor } from '../../../src/core/backends/reference/executor';
import type { Graph } from '../../../src/core/model/graph';
import type { Model } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/onnx/write';
import { fillUp, randomImage, verify } from '../../../src/engine/models/verify';
import { plainSpec, randomModel } from './models';

const executor = (graph: Graph, maxBatch: number): ReferenceExecutor => new ReferenceExecutor(graph, maxBatch);

describe('verify', () => {
  const model = randomModel(plainSpec);
  const file = { id: 'plain.onnx', model, bytes: writeModel(model) };
  const images = fillUp(model, [], 23);

  it('finds every layer of core and onnxruntime within 1e-5, and the same classes', async () => {
    const steps: number[] = [];
    const report = await verify(file, images, { executor, onProgress: (done) => steps.push(done) });
    expect(report.layers.map(({ name }) => name)).toEqual(model.graph.layers.map(({ name }) => name));
    for (const layer of report.layers) expect(layer.maxRel, layer.name).toBeLessThan(1e-5);
    expect(report).toMatchObject({ ok: true, images: 23, top1Agreement: 1, onnxruntime: '1.30.0' });
    expect(steps).toEqual([10, 20, 23]);
  });

  it('names the layer that differs', async () => {
    // The core runs other weights than the file holds.
    class Bent extends ReferenceExecutor {
      override setParams(params: Model['params']): void {
        const bent = new Map(params);
        const bias = bent.get('conv2.bias')!.slice();
        bias[1] += 0.01;
        bent.set('conv2.bias', bias);
        super.setParams(bent);
      }
    }
    const report = await verify(file, images, { executor: (graph, batch) => new Bent(graph, batch) });
    expect(report.ok).toBe(false);
    const differing = report.layers.filter(({ maxRel }) => maxRel > 1e-4).map(({ name }) => name);
    expect(differing[0]).toBe('conv2');
    const conv2 = report.layers.find(({ name }) => name === 'conv2')!;
    expect(conv2.maxAbs).toBeCloseTo(0.01, 4);
  });

  it('counts a value that is finite on one side only as a difference, in JSON too', async () => {
    class Broken extends ReferenceExecutor {
      override activation(index: number): Float32Array {
        const values = super.activation(index);
        if (index === 2) values[3] = NaN;
        return values;
      }
    }
    const report = await verify(file, images, { executor: (graph, batch) => new Broken(graph, batch) });
    expect(report.ok).toBe(false);
    expect(JSON.parse(JSON.stringify(report)).layers[2]).toMatchObject({ name: 'relu1', maxAbs: Number.MAX_VALUE });
  });

  it('stops between two batches when aborted, and frees what it holds', async () => {
    const controller = new AbortController();
    let disposed = false;
    class Watched extends ReferenceExecutor {
      override dispose(): void {
        disposed = true;
      }
    }
    const steps: number[] = [];
    const run = verify(file, images, {
      executor: (graph, batch) => new Watched(graph, batch),
      signal: controller.signal,
      onProgress: (done) => {
        steps.push(done);
        controller.abort(new Error('cancelled'));
      },
    });
    await expect(run).rejects.toThrow('cancelled');
    expect([steps, disposed]).toEqual([[10], true]);
  });

  it('random images are seeded, within the pixels of the preprocessing, and not all alike', () => {
    const { preprocessing } = model.metadata;
    const shape = model.graph.inputShape;
    const image = randomImage(shape, preprocessing, 1, 7);
    expect(image).toEqual(randomImage(shape, preprocessing, 1, 7));
    expect(image).not.toEqual(randomImage(shape, preprocessing, 2, 7));
    expect(image).not.toEqual(randomImage(shape, preprocessing, 1, 8));
    expect(Math.min(...image)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...image)).toBeLessThanOrEqual(1);
    expect(new Set(image).size).toBeGreaterThan(10);
  });

  it('images given come first', () => {
    const given = new Float32Array(12 * 10 * 3).fill(0.5);
    const filled = fillUp(model, [given], 3);
    expect(filled).toHaveLength(3);
    expect(filled[0]).toBe(given);
  });
});
