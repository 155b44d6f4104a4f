/** A run's folder comes from others too: a named pipe in it must not keep anything waiting, nor a device without end be read. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/core/model/build';
import { readMetrics } from '../../../src/engine/runs/metrics';
import { readCheckpoint } from '../../../src/engine/train/checkpoint';
import { holder, lock } from '../../../src/engine/train/lock';
import { MetricsFile, RunFolder } from '../../../src/engine/train/run-folder';
import { scratch } from './helpers';

const root = scratch();
const graph = buildGraph({ input: { height: 4, width: 4, channels: 1 }, layers: [{ kind: 'flatten' }] });
const reads: Record<string, (folder: string, file: string) => Promise<unknown>> = {
  'run.json': (folder) => new RunFolder(folder).look(),
  'asked.json': (folder) => new RunFolder(folder).asked(),
  'metrics.jsonl': (_, file) => readMetrics(file),
  'checkpoint.safetensors': (_, file) => readCheckpoint(file, graph),
  '.lock': (folder, file) => lock(folder, file),
};

describe.skipIf(process.platform === 'win32')('what is no file in the folder of a run', () => {
  it.each(Object.keys(reads))('is refused by name: %s', async (name) => {
    for (const [kind, what] of [
      ['pipe', 'a named pipe'],
      ['zero', 'a device'],
    ]) {
      const folder = join(root, `${kind} ${name}`);
      mkdirSync(folder);
      const file = join(folder, name);
      if (kind === 'pipe') execFileSync('mkfifo', [file]);
      else symlinkSync('/dev/zero', file);
      await expect(reads[name](folder, file)).rejects.toThrow(`${name}' cannot be read: it is ${what}`);
      if (name === '.lock') expect(await holder(file)).toBeNull();
      if (name === 'metrics.jsonl') await expect(new MetricsFile(file).cut(1, 1)).rejects.toThrow(what);
    }
  });
});
