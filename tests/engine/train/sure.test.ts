/** A network so sure that its other probabilities are 0 in float32: the loss of what it gets wrong comes from the logits. */
import { describe, expect, it } from 'vitest';
import type { LoadedData } from '../../../src/engine/data/load';
import type { ModelSpec } from '../../../src/core/model/spec';
import { logProbabilities } from '../../../src/core/model/head';
import { createRunner, type RunnerEngine } from '../../../src/engine/train/runner';
import { evaluate, evaluateTogether } from '../../../src/engine/train/evaluate';
import { shapeLabels } from '../../../src/core/data/generated';
import type { Model } from '../../../src/core/model/model';
import { randomModel } from '../../core/onnx/models';
import { join } from 'node:path';
import { scratch } from './helpers';

process.env.CONVSCOPE_CACHE = join(scratch(), 'cache');

/** @param end the kind of the last layer. */
function sure(end: 'softmax' | 'logsoftmax' | null): Model {
  const spec: ModelSpec = {
    input: { height: 8, width: 8, channels: 1 },
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: 5 }, ...(end ? [{ kind: end }] : [])],
  };
  const model = randomModel(spec, 4);
  for (const values of model.params.values()) values.forEach((value, i) => (values[i] = value * 2000));
  return { ...model, metadata: { ...model.metadata, labels: [...shapeLabels] } };
}

const engines: RunnerEngine[] = ['core', 'onnxruntime'];

describe('a very sure network', () => {
  it.each(['softmax', 'logsoftmax', null] as const)('ending in %s: both engines give its logarithms', async (end) => {
    const input = Float32Array.from({ length: 128 }, (_, i) => ((i * 37) % 101) / 101);
    const logs: Float64Array[] = [];
    for (const engine of engines) {
      const runner = await createRunner(engine, sure(end), 2, 1);
      logs.push(logProbabilities({ kind: 'share' }, await runner.run(input, 2), 5)!);
      await runner.end();
    }
    expect(Math.min(...logs[0])).toBeLessThan(-200);
    logs[0].forEach((value, i) =>
      expect(Math.abs(value - logs[1][i])).toBeLessThan(1e-4 * Math.max(1, Math.abs(value))),
    );
  });

  it('has the same loss in both, alone and where several vote', async () => {
    const model = sure('softmax');
    const options = { split: 'test', threads: 1, loaded: new Map<string, LoadedData>() } as const;
    const [core, runtime] = [
      await evaluate(model, 'a', 'builtin:shapes', { ...options, engine: 'core' }),
      await evaluate(model, 'a', 'builtin:shapes', { ...options, engine: 'onnxruntime' }),
    ];
    expect(core.loss).toBeGreaterThan(88); // −log of the smallest normal float32
    expect(Math.abs(runtime.loss! / core.loss! - 1)).toBeLessThan(1e-5);
    const twice = [1, 2].map((id) => ({ model, id: String(id) }));
    const voted = await evaluateTogether(twice, 'builtin:shapes', { ...options, engine: 'core' });
    expect(Math.abs(voted.loss! / core.loss! - 1)).toBeLessThan(1e-12);
  });
});
