import { randomBytes } from 'node:crypto';
import { access, open, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../shared/failures';
import type { MetricsLine } from '../../shared/runs';
import { reasonOf, say } from '../../words';
import { makeFolder, readIfThere, readTextIfThere, writeFileAtomically } from '../system/files';
import { holder, lock } from './lock';
import type { Asked } from './request';
import { readAsked, readRecord, type RunRecord } from './run-record';
import type { Pace } from './stopwatch';

const FILES = ['run.json', 'metrics.jsonl', 'checkpoint.safetensors', 'model.onnx'] as const;
const TEMPORARY =
  /^\.(request\.json|asked\.json|run\.json|metrics\.jsonl|checkpoint\.safetensors|model\.onnx|lock)\.[0-9a-f]+\.tmp$/;
/** The request of a run while its data is read; deleted once `run.json` exists. */
const ASKED = 'asked.json';
/** The app's own request file (../runs/store). The trainer does not touch it. */
const REQUEST = 'request.json';
/** Says which process trains in the folder. */
const LOCK = '.lock';

/** The folder of a run. Every file but the metrics is written to a temporary name, synced and renamed. */
export class RunFolder {
  constructor(readonly path: string) {}

  file(name: (typeof FILES)[number]): string {
    return join(this.path, name);
  }

  /** What is there: a run, or nothing that would be in the way. @throws FailureError where the folder has other things in it. */
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

  /** Reads `run.json`. @throws FailureError if it is missing or not the record of a run. */
  async read(): Promise<RunRecord> {
    const file = this.file('run.json');
    const text = await readTextIfThere(file);
    if (text === null) throw new FailureError('run.invalid', { run: this.path, reason: say('run.noRecord') });
    try {
      return readRecord(text);
    } catch (error) {
      throw new FailureError('run.invalid', { run: file, reason: reasonOf(error) });
    }
  }

  /** Makes the folder. @throws FailureError if it cannot be written, rather than after an hour of decoding. */
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

  /** The running process that trains in it; null if there is none. */
  trainedBy(): Promise<number | null> {
    return holder(join(this.path, LOCK));
  }

  /** Runs work that writes to the folder, with other processes kept out. See ./lock. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await lock(this.path, join(this.path, LOCK));
    try {
      return await work();
    } finally {
      await release();
    }
  }

  /** The request of a run that was interrupted while its data was read; null if there is none, or if `run.json` exists. @throws FailureError where it is damaged. */
  async asked(): Promise<Asked | null> {
    if (await this.has('run.json')) return null;
    const file = join(this.path, ASKED);
    const text = await readTextIfThere(file);
    if (text === null) return null;
    try {
      return readAsked(text);
    } catch (error) {
      throw new FailureError('run.invalid', { run: file, reason: reasonOf(error) });
    }
  }

  async writeAsked(asked: Asked): Promise<void> {
    await writeFileAtomically(join(this.path, ASKED), `${JSON.stringify(asked, null, 2)}\n`);
  }

  async clearAsked(): Promise<void> {
    await rm(join(this.path, ASKED), { force: true });
  }

  /** Undoes `prepare` if the run did not start. */
  async forget(): Promise<void> {
    await rmdir(this.path).catch(() => undefined);
  }

  /** Removes an earlier run. */
  async begin(): Promise<void> {
    try {
      // The record last: while it exists, the folder is recognized as a run's.
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

  /** Syncs everything appended to the disk; call it before a checkpoint that relies on it. */
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
   * Removes lines after a checkpoint: those of later updates and epochs, and a half-written last line.
   * @param epochs that are through. @param update number of updates done.
   * @returns the time that the run had taken by the last remaining line, and its speed.
   */
  async cut(epochs: number, update: number): Promise<Pace> {
    const bytes = Buffer.from((await readIfThere(this.path)) ?? []);
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

/** Null if it is not a line of metrics. */
export const parseLine = (text: string): MetricsLine | null => jsonOrNull(text) as MetricsLine | null;

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
