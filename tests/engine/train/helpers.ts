import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { TrainOutcome } from '../../../src/engine/train/outcome';
import type { TrainHost, TrainRequest } from '../../../src/engine/train/request';
import { train } from '../../../src/engine/train/trainer';

/** A folder that is gone after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'convscope-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A run that says nothing. `lines` takes what it would say. */
export function quietTrain(
  request: Partial<TrainRequest> & { out: string },
  host: Partial<TrainHost> = {},
): Promise<TrainOutcome> {
  return train(
    { resume: false, overwrite: false, options: {}, threads: 1, ...request },
    { say: () => undefined, progress: () => undefined, signal: new AbortController().signal, ...host },
  );
}
