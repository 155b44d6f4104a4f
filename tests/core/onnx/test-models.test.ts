import { describe, expect, it } from 'vitest';
import { registry } from '../../../src/core/layers/registry';
import { readModel } from '../../../src/core/onnx/read';
import { writeModel } from '../../../src/core/onnx/write';
import { makeExecutor } from '../../../src/engine/runtime/executor';
import { fillUp, verify } from '../../../src/engine/models/verify';
import { testModels } from '../../../scripts/test-models';

describe('networks that the app was not drawn for', () => {
  const models = testModels();

  it.each([...models.keys()])(
    '%s: onnxruntime computes the same, the file reads back to the same bytes',
    async (name) => {
      const model = models.get(name)!;
      const bytes = writeModel(model);
      const read = readModel(bytes);
      expect(Buffer.compare(writeModel(read), bytes)).toBe(0);
      const report = await verify({ id: name, model: read, bytes }, fillUp(read, [], 12), { executor: makeExecutor });
      for (const layer of report.layers) expect(layer.maxRel, layer.name).toBeLessThan(1e-4);
      expect(report).toMatchObject({ ok: true, images: 12, top1Agreement: 1 });
    },
  );

  it('are what they are for', () => {
    expect(models.get('chain-30')!.graph.layers).toHaveLength(30);
    const kinds = new Set(models.get('every-kind')!.graph.layers.map(({ kind }) => kind));
    const others = ['residual', 'more-kinds', 'early-kinds'].flatMap((name) =>
      models.get(name)!.graph.layers.map(({ kind }) => kind),
    );
    for (const kind of registry.keys()) {
      if (kind !== 'logsoftmax') expect(kinds.has(kind) || others.includes(kind), kind).toBe(true);
    }
    expect(models.get('large-224')!.graph.layers[0].outputShape).toEqual([112, 112, 64]);
  });
});
