import type { Client, Failure } from '../../../../shared/protocol';
import { toFailure } from '../../../../shared/failures';
import type { DataInfo } from '../../../../shared/data-sets';
import type { Status } from '../../state/status.svelte';
import type { PickedFolder } from './entries';
import { Upload } from './upload.svelte';

/** Tells that data was brought and is to be looked at, or that it was removed from the list. */
interface Listener {
  brought(data: DataInfo): void;
  forgotten(data: DataInfo): void;
}

/** The data sets that the engine knows, and the ways in which others come: a dialog of the host, a dropped folder, an upload. */
export class DataList {
  /** Null before the engine has answered. */
  known = $state.raw<readonly DataInfo[] | null>(null);
  upload = $state.raw<Upload | null>(null);
  /** Why what was chosen or dropped could not be taken. */
  failure = $state.raw<Failure | null>(null);
  /** How many folders are on their way. */
  #taking = 0;

  constructor(
    readonly client: Client,
    readonly status: Status,
    readonly listener: Listener,
  ) {}

  get taking(): boolean {
    return this.#taking > 0;
  }

  async load(): Promise<void> {
    this.known = await this.client.call('dataSets', {});
  }

  /** Asks the host for a folder; false where this host has no dialog. */
  async chooseFolder(): Promise<boolean> {
    const { folders } = this.client;
    if (!folders) return false;
    // A dialog of the system waits for a person: that is no work.
    await this.#take(
      () => folders.choose(),
      () => undefined,
    );
    return true;
  }

  /** A folder or file that the host can name by itself (Electron). */
  async takeDropped(file: File): Promise<void> {
    const { folders } = this.client;
    if (folders) await this.#take(() => folders.dropped(file));
  }

  /** A folder that goes file by file into the engine's cache (the browser host). One at a time. */
  async takeUpload(folder: PickedFolder): Promise<void> {
    if (this.upload) return;
    const upload = new Upload(this.client, folder);
    this.upload = upload;
    await this.#take(() => upload.run());
    this.upload = null;
  }

  async #take(bring: () => Promise<DataInfo | null>, done = this.status.work()): Promise<void> {
    this.failure = null;
    this.#taking++;
    try {
      const data = await bring();
      if (!data) return;
      this.known = [data, ...(this.known ?? []).filter(({ id }) => id !== data.id)];
      this.listener.brought(data);
      await this.load();
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#taking--;
      done();
    }
  }

  /** Says in place why something cannot be taken as data. */
  #refuse(error: unknown): void {
    const failure = toFailure(error);
    if (failure.code !== 'cancelled') this.failure = failure;
  }

  async forget(data: DataInfo): Promise<void> {
    try {
      await this.client.call('forgetData', { data: data.id });
      this.known = (this.known ?? []).filter(({ id }) => id !== data.id);
      this.listener.forgotten(data);
    } catch (error) {
      this.#refuse(error);
    }
  }
}
