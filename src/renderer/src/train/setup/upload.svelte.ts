import { FailureError } from '../../../../shared/failures';
import type { Client } from '../../../../shared/protocol';
import type { DataInfo } from '../../../../shared/data-sets';
import { reasonOf, say } from '../../../../words';
import { checkSize, invalid, type PickedFile, type PickedFolder } from './entries';

/** So many small files are under way at once: the answer of one is not waited for before the next is read. */
const LANES = 6;
/** Larger ones go one by one, for the sake of memory. */
const SMALL = 8 * 2 ** 20;
/** What a file costs besides its bytes, in bytes, so that many small files do not mislead about the time left. */
const COST_OF_A_FILE = 20_000;

/** One folder on its way into the engine's cache. */
export class Upload {
  /** Files found so far, while the folder is walked; then how many there are. */
  files = $state(0);
  bytes = $state(0);
  filesDone = $state(0);
  bytesDone = $state(0);
  phase = $state<'listing' | 'sending' | 'finishing'>('listing');
  secondsLeft = $state<number | null>(null);
  readonly #abort = new AbortController();

  constructor(
    readonly client: Client,
    readonly folder: PickedFolder,
  ) {}

  cancel(): void {
    this.#abort.abort(new FailureError('cancelled'));
  }

  /** @throws what the engine refused or could not be read, `cancelled` among it; nothing is left in the cache then. */
  async run(): Promise<DataInfo> {
    const { signal } = this.#abort;
    const list = await this.folder.list(signal, (count) => (this.files = count));
    signal.throwIfAborted();
    const { name } = this.folder;
    if (list.length === 0) throw invalid(name, say('upload.nothing'));
    this.files = list.length;
    this.bytes = checkSize(name, list);
    const { upload } = await this.client.call('beginUpload', { name, files: this.files, bytes: this.bytes });
    try {
      this.phase = 'sending';
      await this.#send(upload, list, signal);
      this.phase = 'finishing';
      return await this.client.call('endUpload', { upload });
    } catch (error) {
      await this.client.call('cancelUpload', { upload }).catch(() => undefined);
      throw error;
    }
  }

  async #send(upload: string, list: readonly PickedFile[], signal: AbortSignal): Promise<void> {
    const small = list.filter(({ file }) => file.size <= SMALL);
    const large = list.filter(({ file }) => file.size > SMALL);
    const since = performance.now();
    const all = this.bytes + list.length * COST_OF_A_FILE;
    let failed = false;
    const lane = async (queue: Iterator<PickedFile>): Promise<void> => {
      for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
        signal.throwIfAborted();
        const { path, file } = next.value;
        await this.client.call('upload', { upload, path, bytes: await read(file, path) });
        this.filesDone++;
        this.bytesDone += file.size;
        const done = this.bytesDone + this.filesDone * COST_OF_A_FILE;
        const seconds = (performance.now() - since) / 1000;
        // The first moments say little.
        if (seconds > 1) this.secondsLeft = (seconds * (all - done)) / done;
      }
    };
    const share = async (queue: Iterator<PickedFile>, lanes: number): Promise<void> => {
      const all = Array.from({ length: lanes }, () =>
        lane(queue).catch((error: unknown) => {
          failed = true;
          throw error;
        }),
      );
      // All have ended before the upload is closed or thrown away: none writes into what is gone.
      const ended = await Promise.allSettled(all);
      signal.throwIfAborted();
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    };
    await share(small.values(), LANES);
    await share(large.values(), 1);
  }
}

async function read(file: File, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new FailureError('file.unreadable', { file: path, reason: reasonOf(error) });
  }
}
