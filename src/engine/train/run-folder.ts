import { randomBytes } from 'node:crypto';
import { access, open, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../core/json';
import type { ModelSpec } from '../../core/model/spec';
import type { Preprocessing } from '../../core/model/model';
import { keptOptions, type TrainOptions } from '../../core/train/options';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError, type Failure } from '../../shared/failures';
import type { GradientCheck, MetricsLine, TrainingExecutorName } from '../../shared/training';
import { MessageError, reasonOf, say, type Message } from '../../words';
import type { Range } from '../data/scale';
import { makeFolder, writeFileAtomically } from '../system/files';
import { holder, lock } from './lock';
import type { Asked } from './request';
import type { Pace } from './stopwatch';

/** What a run came to: the last line of `train --json`. Null for a part that does not exist. */
export interface TrainResult {
  accuracy: Record<'train' | 'validation' | 'test', number | null>;
  loss: Record<'train' | 'validation' | 'test', number | null>;
  /** Trained, and the one whose weights are kept (1-based). */
  epochs: number;
  bestEpoch: number;
  seconds: number;
  imagesPerSecond: number;
  parameters: number;
}

/** `run.json`: what a run was asked to do, and how it stands. Clock times, paths and versions are here and nowhere else. */
export interface RunRecord {
  format: 1;
  state: 'running' | 'stopped' | 'diverged' | 'finished';
  model: string;
  /** ID of the recipe that it follows. */
  recipe: string | null;
  title: string | null;
  spec: ModelSpec;
  labels: string[];
  preprocessing: Preprocessing;
  /** As given and with every default filled in. */
  options: TrainOptions;
  settings: TrainSettings;
  /** The file whose weights the run started from, and its SHA-256. */
  init: { file: string; digest: string } | null;
  data: {
    path: string;
    name: string;
    format: string;
    /** Which values are black and white, where somebody said it; absent elsewhere. */
    range?: Range;
    fingerprint: string;
    samples: { train: number; validation: number; test: number };
    /** A text in records of before. */
    leftOut: { file: string; reason: Message | string }[];
  };
  threads: number;
  /** What trains; left out, as in records of before, it is `wasm`. */
  executor?: TrainingExecutorName;
  /** That both executors agree in its gradients, when it was last taken up; null where there was nothing to compare. */
  check?: GradientCheck | 'too large' | null;
  versions: Record<string, string>;
  /** ISO 8601. */
  started: string;
  updated: string;
  result: TrainResult | null;
  /** That it does not learn, once it was found out; left out in records of before. */
  stuck?: Message | null;
  /** Why it diverged; a text in records of before. */
  failure: Failure | string | null;
}

const FILES = ['run.json', 'metrics.jsonl', 'checkpoint.safetensors', 'model.onnx'] as const;
const TEMPORARY =
  /^\.(request\.json|asked\.json|run\.json|metrics\.jsonl|checkpoint\.safetensors|model\.onnx|lock)\.[0-9a-f]+\.tmp$/;
/** What a run was asked to be while its data is read; gone when `run.json` is there. */
const ASKED = 'asked.json';
/** Of the app: what it was asked (../runs/store). The trainer leaves it alone. */
const REQUEST = 'request.json';
/** Says which process trains in the folder. */
const LOCK = '.lock';

/** The folder of a run. Every file but the metrics is written to a temporary name, synced and renamed. */
export class RunFolder {
  constructor(readonly path: string) {}

  file(name: (typeof FILES)[number]): string {
    return join(this.path, name);
  }

  /** What lies there: a run, or nothing that would be in its way. @throws FailureError where the folder has other things in it. */
  async look(): Promise<RunRecord | null> {
    const names: string[] = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [] as string[];
      if (error.code === 'ENOTDIR')
        throw new FailureError('run.invalid', { run: this.path, reason: say('run.isFile') });
      throw new FailureError('file.unreadable', { file: this.path, reason: reasonOf(error) });
    });
    if (names.includes('run.json')) return this.read();
    const own = (name: string): boolean =>
      name === LOCK ||
      name === REQUEST ||
      name === ASKED ||
      TEMPORARY.test(name) ||
      (FILES as readonly string[]).includes(name);
    const foreign = names.filter((name) => !own(name));
    if (foreign.length > 0) {
      throw new FailureError('run.invalid', {
        run: this.path,
        reason: say('run.foreign', { names: foreign.slice(0, 3) }),
      });
    }
    return null;
  }

  /** `run.json`. @throws FailureError where it is absent or no record of a run. */
  async read(): Promise<RunRecord> {
    const file = this.file('run.json');
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
        throw new FailureError('run.invalid', { run: this.path, reason: say('run.noRecord') });
      throw new FailureError('file.unreadable', { file, reason: reasonOf(error) });
    });
    try {
      const record = parseJson(text) as RunRecord;
      if (record.format !== 1 || !record.settings || !record.spec || !record.data)
        throw new MessageError(say('run.badRecord'));
      return { ...record, options: keptOptions.read(record.options, 'options') };
    } catch (error) {
      throw new FailureError('run.invalid', { run: file, reason: reasonOf(error) });
    }
  }

  /** Makes the folder. @throws FailureError where it cannot be written: better now than after an hour of decoding. */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.path);
      const probe = join(this.path, `.run.json.${randomBytes(6).toString('hex')}.tmp`);
      await (await open(probe, 'wx')).close();
      await rm(probe, { force: true });
    } catch (error) {
      throw new FailureError('file.unwritable', { file: this.path, reason: reasonOf(error) });
    }
  }

  /** The living process that trains in it; null where nobody does. */
  trainedBy(): Promise<number | null> {
    return holder(join(this.path, LOCK));
  }

  /** Keeps other processes out until the result is called. See ./lock. */
  lock(): Promise<() => Promise<void>> {
    return lock(this.path, join(this.path, LOCK));
  }

  /** What a run was asked to be that was left while its data was read; null where there is none, or `run.json` says more. */
  async asked(): Promise<Asked | null> {
    if (await this.has('run.json')) return null;
    const text = await readFile(join(this.path, ASKED), 'utf8').catch(() => null);
    const asked = text === null ? null : (jsonOrNull(text) as Asked | null);
    return asked?.options ? { ...asked, options: keptOptions.read(asked.options) } : null;
  }

  async writeAsked(asked: Asked): Promise<void> {
    await writeFileAtomically(join(this.path, ASKED), `${JSON.stringify(asked, null, 2)}\n`);
  }

  async clearAsked(): Promise<void> {
    await rm(join(this.path, ASKED), { force: true });
  }

  /** Takes back what `prepare` made, where nothing came of it. */
  async forget(): Promise<void> {
    await rmdir(this.path).catch(() => undefined);
  }

  /** Clears an earlier run away. */
  async begin(): Promise<void> {
    try {
      // The record last: as long as it is there, the folder is known as a run's.
      for (const name of [...FILES].reverse()) await rm(this.file(name), { force: true });
      await this.clean();
    } catch (error) {
      throw new FailureError('file.unwritable', { file: this.path, reason: reasonOf(error) });
    }
  }

  /** Removes what a killed process left half written. */
  async clean(): Promise<void> {
    for (const name of await readdir(this.path))
      if (TEMPORARY.test(name)) await rm(join(this.path, name), { force: true });
  }

  async write(record: RunRecord): Promise<void> {
    const updated = { ...record, updated: new Date().toISOString() };
    await writeFileAtomically(this.file('run.json'), `${JSON.stringify(updated, null, 2)}\n`);
  }

  async has(name: (typeof FILES)[number]): Promise<boolean> {
    return access(this.file(name)).then(
      () => true,
      () => false,
    );
  }
}

/** Appends to `metrics.jsonl`, a line at a time. */
export class MetricsFile {
  constructor(private readonly path: string) {}

  async append(line: MetricsLine): Promise<void> {
    await this.guarded(async () => {
      const file = await open(this.path, 'a');
      try {
        await file.writeFile(`${JSON.stringify(line)}\n`);
      } finally {
        await file.close();
      }
    });
  }

  /** Makes everything appended last; before a checkpoint that counts on it. */
  async sync(): Promise<void> {
    await this.guarded(async () => {
      const file = await open(this.path, 'a');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Cuts what a checkpoint knows nothing of: lines of later updates and epochs, and a last line that was half written.
   * @param epochs that are through. @param update number of updates done.
   * @returns what the run had taken by the last line that stays, and how fast it went.
   */
  async cut(epochs: number, update: number): Promise<Pace> {
    const bytes = await readFile(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw new FailureError('file.unreadable', { file: this.path, reason: reasonOf(error) });
    });
    let end = 0;
    let pace: Pace = { seconds: 0, imagesPerSecond: 0 };
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, end)) {
      const line = parseLine(bytes.toString('utf8', end, newline));
      if (!line || (line.type === 'epoch' ? line.epoch > epochs : line.step > update)) break;
      pace = { seconds: line.seconds, imagesPerSecond: line.imagesPerSecond };
      end = newline + 1;
    }
    if (end < bytes.length) {
      await this.guarded(async () => {
        const file = await open(this.path, 'r+');
        try {
          await file.truncate(end);
          await file.sync();
        } finally {
          await file.close();
        }
      });
    }
    return pace;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new FailureError('file.unwritable', { file: this.path, reason: reasonOf(error) });
    }
  }
}

/** Null for what is no line of metrics. */
export const parseLine = (text: string): MetricsLine | null => jsonOrNull(text) as MetricsLine | null;

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
