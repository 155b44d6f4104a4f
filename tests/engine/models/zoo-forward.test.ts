import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../src/core/onnx/write';
import { channelsOf, spatialOf } from '../../../src/core/geometry';
import { sizeOf } from '../../../src/core/tensor';
import { Generator } from '../../../src/core/random';
import { verify } from '../../../src/engine/models/verify';
import { untrained, zooNetwork } from '../../../src/engine/models/zoo';
import { makeExecutor } from '../../../src/engine/runtime/executor';

/** Small ones of every family. Larger ones are of the same layers. */
const small = [
  'alexnet-32',
  'googlenet-32',
  'mobilenet-v2-32',
  'nin-32',
  'resnet20',
  'squeezenet-32',
  'xception-32',
  'zfnet-32',
];

describe('a classic network computes what onnxruntime computes of its file', () => {
  it.each(small)('%s', async (id) => {
    const model = untrained((await zooNetwork(id))!);
    const { inputShape } = model.graph;
    expect([...spatialOf(inputShape), channelsOf(inputShape)]).toEqual([32, 32, 3]);
    const generator = new Generator(7, 0, 0, 0);
    const image = Float32Array.from({ length: sizeOf(inputShape) }, () => generator.normal());
    const report = await verify({ id, model, bytes: writeModel(model) }, [image], { executor: makeExecutor });
    expect(report.ok, JSON.stringify(report.findings)).toBe(true);
  });
});
