import { createContext } from 'svelte';
import { csvOf } from '../../../shared/csv';
import { FailureError, toFailure } from '../../../shared/failures';
import type { Failure, Glance, ImageSource, Picture } from '../../../shared/protocol';
import type { ScreenName } from './route.svelte';
import { chosen, type Session } from './session.svelte';

export const [useTray, provideTray] = createContext<Tray>();

/** A picture that is to lie in the tray. */
export interface TrayPicture {
  name: string;
  /** Reads it; it is asked for again whenever it is shown, so that a large folder is never held. */
  read(): Promise<ImageSource>;
  /** Its actual class, where that is known. */
  truth?: string | null;
  /** Whether it is taken as an evaluation takes it, whatever options were chosen by hand. */
  asEvaluated?: boolean;
}

/** Where a tray came from, and how one returns there. */
export interface TrayOrigin {
  /** Null of files that came together by being dropped. */
  name: string | null;
  back?: ScreenName;
}

/** A picture of the tray, and what the network that is open answers to it: asked for when it is seen. */
export class TrayItem {
  glance = $state.raw<Glance | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The network, by its handle, that `glance` is of. */
  model = -1;

  constructor(readonly picture: TrayPicture) {}

  get thumb(): Picture | null {
    return this.glance?.picture ?? null;
  }
}

/** Pictures brought together: dropped files, a folder's, those of a cell. One walks them, and each is answered when it is seen. */
export class Tray {
  items = $state.raw<readonly TrayItem[]>([]);
  origin = $state.raw<TrayOrigin | null>(null);
  /** The picture shown last, and what it was read as: while that is on screen, the item is current. */
  #shown = $state.raw<{ item: TrayItem; image: ImageSource } | null>(null);
  /** Answers that somebody waits for, the newest first; one is asked at a time. */
  #wanted: TrayItem[] = [];
  #asking = false;

  constructor(readonly session: Session) {}

  readonly current = $derived.by(() => {
    const shown = this.#shown;
    return shown && this.session.image === shown.image ? shown.item : null;
  });
  readonly at = $derived(this.current ? this.items.indexOf(this.current) : -1);

  /** Puts other pictures in the place of those that lie there. */
  fill(pictures: readonly TrayPicture[], origin: TrayOrigin): void {
    this.#wanted = [];
    this.items = pictures.map((picture) => new TrayItem(picture));
    this.origin = origin;
  }

  clear(): void {
    this.#wanted = [];
    this.items = [];
    this.origin = null;
  }

  /** Tells that an item is on screen already. */
  shows(item: TrayItem, image: ImageSource): void {
    this.#shown = { item, image };
  }

  /** Shows one on the stage. What cannot be opened stays in the tray with its reason. */
  async show(item: TrayItem): Promise<boolean> {
    const { session } = this;
    let image: ImageSource;
    try {
      image = await item.picture.read();
    } catch (error) {
      item.failure = toFailure(error);
      session.status.fail(item.failure);
      return false;
    }
    const before = this.#shown;
    this.#shown = { item, image };
    if (await session.inspect(image, undefined, { asEvaluated: item.picture.asEvaluated })) return true;
    if (session.image !== image && this.#shown?.item === item) this.#shown = before;
    return false;
  }

  /** The next (1) or previous (−1) one that can be opened. */
  async step(by: 1 | -1): Promise<void> {
    const { items } = this;
    const from = this.at < 0 ? (by > 0 ? -1 : 0) : this.at;
    for (let tried = 1; tried <= items.length; tried++) {
      const item = items[(((from + by * tried) % items.length) + items.length) % items.length];
      if (!item.failure) return void (await this.show(item));
    }
  }

  /** Asks for an item's answer by the network that is open. What is no longer seen by its turn is left out: see `leave`. */
  want(item: TrayItem): void {
    const { model } = this.session;
    if (!model || item.model === model.model) return;
    this.#wanted = [item, ...this.#wanted.filter((other) => other !== item)];
    void this.#answer();
  }

  /** It is no longer seen. */
  leave(item: TrayItem): void {
    this.#wanted = this.#wanted.filter((other) => other !== item);
  }

  async #answer(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let item = this.#wanted.shift(); item; item = this.#wanted.shift()) await this.#ask(item);
    this.#asking = false;
  }

  async #ask(item: TrayItem): Promise<void> {
    const { model, client } = this.session;
    if (!model || item.model === model.model) return;
    try {
      const image = await item.picture.read();
      const options = chosen(this.session.optionsForNext(item.picture.asEvaluated));
      item.glance = await client.call('glance', { model: model.model, image, options });
      item.failure = null;
    } catch (error) {
      item.failure = toFailure(error);
    }
    item.model = model.model;
  }

  /** Answers everything that is not answered yet, then a line for each picture, as comma-separated values. @throws Failure `cancelled`. */
  async csv(signal: AbortSignal): Promise<string> {
    const rows = [['file', 'actual', 'predicted', 'probability', 'error']];
    for (const item of this.items) {
      if (signal.aborted) throw new FailureError('cancelled');
      await this.#ask(item);
      const [best] = item.glance && !item.failure ? item.glance.predictions : [];
      rows.push([
        item.picture.name,
        item.picture.truth ?? '',
        best?.label ?? '',
        best?.probability?.toString() ?? '',
        item.failure?.message ?? '',
      ]);
    }
    return csvOf(rows);
  }
}
