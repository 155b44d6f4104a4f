import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeSafeTensors, encodeSafeTensors } from '../../../src/engine/train/safetensors';
import type { RunRecord } from '../../../src/engine/train/run-record';
import { quietTrain } from './helpers';
import { bytes, options, recordOf, spotRuns } from './spot-runs';

const { root, data, spec, fresh, begin } = spotRuns();

describe('folders', () => {
  it('writes over a run only when asked to, and not before its data is read', async () => {
    const run = await begin({ options: { ...options, epochs: 1 } });
    const before = bytes(run, 'model.onnx');
    await expect(quietTrain({ out: run, data, model: spec, options })).rejects.toThrow('already holds a run');
    await expect(quietTrain({ out: run, data: join(root, 'absent'), model: spec, overwrite: true })).rejects.toThrow(
      'no such file',
    );
    await expect(quietTrain({ out: run, data, model: 'absent.json', overwrite: true })).rejects.toThrow('no such file');
    expect(bytes(run, 'model.onnx').equals(before)).toBe(true);
    await quietTrain({ out: run, data, model: spec, options: { ...options, epochs: 2 }, overwrite: true });
    expect(recordOf(run).result!.epochs).toBe(2);
  });

  it('refuses a file in place of a folder, and a folder of other things', async () => {
    const file = join(root, 'in-the-way');
    writeFileSync(file, 'x');
    await expect(quietTrain({ out: file, data, model: spec, options })).rejects.toThrow('is a file, expected a folder');
    await expect(quietTrain({ out: join(file, 'run'), data, model: spec, options })).rejects.toThrow(/in-the-way/);
    await expect(quietTrain({ out: data, data, model: spec, options })).rejects.toThrow('holds other things');
    expect(existsSync(join(data, 'run.json'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('refuses a folder that nobody can make, at once', async () => {
    const out = '/proc/convscope/run';
    await expect(quietTrain({ out, data, model: spec, options })).rejects.toThrow(out);
  });

  it('refuses a record, request or checkpoint with a wrong field, and names file and field', async () => {
    const run = await begin({ options: { ...options, epochs: 1 } });
    const record = recordOf(run);
    const resumed = (): Promise<unknown> => quietTrain({ out: run, resume: true, options: { epochs: 2 } });
    const wrong: [Partial<Record<keyof RunRecord, unknown>>, string][] = [
      [{ state: 'asleep' }, 'state: found "asleep"'],
      [{ labels: 'a, b' }, 'labels: found "a, b"'],
      [{ data: { ...record.data, samples: { train: -1, validation: 0, test: 0 } } }, 'data.samples.train: found -1'],
      [{ settings: { ...record.settings, epochs: 'many' } }, 'settings.epochs: found "many"'],
      [{ preprocessing: { ...record.preprocessing, mean: [0, 0, 0, 0] } }, 'preprocessing.mean'],
      [{ spec: { ...record.spec, layers: {} } }, 'spec.layers: found {}'],
    ];
    for (const [fields, told] of wrong) {
      writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, ...fields }));
      const refusal = await resumed().catch((error: Error) => error.message);
      expect(refusal).toContain(join(run, 'run.json'));
      expect(refusal).toContain(told);
    }
    writeFileSync(join(run, 'run.json'), JSON.stringify(record));

    const checkpoint = decodeSafeTensors(bytes(run, 'checkpoint.safetensors'));
    const state = { ...JSON.parse(checkpoint.metadata.state), epoch: 'first' };
    const metadata = { ...checkpoint.metadata, state: JSON.stringify(state) };
    writeFileSync(join(run, 'checkpoint.safetensors'), Buffer.concat(encodeSafeTensors({ ...checkpoint, metadata })));
    await expect(resumed()).rejects.toThrow(/checkpoint\.safetensors.*state\.epoch: found "first"/);

    const asked = fresh();
    mkdirSync(asked);
    writeFileSync(join(asked, 'asked.json'), JSON.stringify({ data, model: 7, options }));
    await expect(quietTrain({ out: asked, resume: true })).rejects.toThrow(/asked\.json.*model: found 7/);
  });

  it('refuses a run.json that is none', async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'run.json'), '{"format": 7}');
    await expect(quietTrain({ out, resume: true })).rejects.toThrow(/run\.json.*format: found 7, expected/);
  });
});
