import { createContext } from 'svelte';
import { LINK_START, readFragment, readLink, writeFragment, type FileRef, type Link } from '../../../shared/link/link';
import { toFailure } from '../../../shared/failures';
import { digestOf, MissingFiles, type KnownFile, type OpenedFile } from './files';
import { recallHere, rememberHere } from './memory';
import { route } from './route.svelte';
import type { AppState, Screens } from './screens';

export const [usePlaces, providePlaces] = createContext<Places>();

/** Milliseconds that the address may lag behind: Chromium slows pages down that write it too often. */
const LAG = 250;

/** Entries whose addresses are remembered, the newest. */
const REMEMBERED = 200;

/** What a link to what is on screen is, and whether something of it no link can name and was left out. */
export interface LinkText {
  link: string;
  without: boolean;
}

/**
 * Where one is in the app, as a link, and where one was: the one history that Back and Forward go through. It is the browser's own,
 * in Electron too: an entry for each screen, depth, network and run; within an entry only the address follows.
 */
export class Places {
  /** A link whose files are not open yet: it is followed once they are. */
  #waiting: Link | null = null;
  /** What was shown at each entry; files and drawings that an address cannot name are here. */
  readonly #entries = new Map<string, Link>();
  /** The fragment of each entry's address, also where the entry was left before it was written. A reloaded page reads them. */
  readonly #addresses = new Map(Object.entries(recallHere<Record<string, string>>('places') ?? {}));
  /** Tells this page's entries from those that an earlier page left in the same history. */
  readonly #page = Math.random().toString(36).slice(2);
  #count = 0;
  #entry = '';
  #key = '';
  /** Links that are being opened; until then what is on screen is not recorded. */
  #opening = 0;
  #turn = 0;
  /** What is still to be written of the entry that is shown. */
  #late: { entry: string; now: Link; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(
    readonly app: AppState,
    readonly screens: Screens,
  ) {}

  /** What is on screen. Reactive. */
  now(): Link {
    const screen = route.current;
    return { screen, state: this.screens[screen].link.now(this.app) } as Link;
  }

  /** The link to what is on screen. */
  async link(): Promise<LinkText> {
    const now = this.now();
    const { link, without } = await named(now);
    const isPartial = this.screens[now.screen].link.isPartial?.() ?? false;
    return { link: LINK_START + writeFragment(link), without: without || isPartial };
  }

  /** Begins to follow what is shown, from what the address says. Call what it returns to end. */
  follow(): () => void {
    const { session } = this.app;
    const { hash } = location;
    this.#entry = this.#next();
    history.replaceState({ entry: this.#entry }, '', hash || `#${route.current}`);
    const came = (event: PopStateEvent): void => void this.#came(event.state);
    addEventListener('popstate', came);
    // The address of a page that takes the place of one that died says no more than what is open again.
    if (/[/?]/.test(hash) && !session.info?.reopened) {
      session.asked = null; // it was followed before this page was loaded anew
      void this.#follow(() => readFragment(hash.slice(1)));
    }
    return () => {
      removeEventListener('popstate', came);
      this.#writeLate();
    };
  }

  /**
   * To be called whenever `now` changes.
   * @param opened whether a link was opened, which is an entry of its own.
   */
  record(now: Link = this.now(), opened = false): void {
    const key = this.#keyOf(now);
    if (this.#opening > 0 || key === null) return;
    const before = this.#entries.get(this.#entry);
    const elsewhere = key !== this.#key || (opened && before && writeFragment(before) !== writeFragment(now));
    if (this.#key !== '' && elsewhere) {
      this.#writeLate();
      this.#entry = this.#next();
      history.pushState({ entry: this.#entry }, '', `#${now.screen}`);
    }
    this.#keep(now, key);
  }

  back(): void {
    history.back();
  }
  forward(): void {
    history.forward();
  }

  /** Opens a link: pasted, named on the command line, a bookmark's. What is wrong with it the status tells. */
  async open(text: string): Promise<boolean> {
    return this.#follow(() => readLink(text));
  }

  /** A file was opened. A link that waits for it, or for another file of its name, goes on. */
  async opened(source: OpenedFile): Promise<void> {
    const digest = await this.app.files.keep(source);
    const waiting = this.#waiting;
    const names = Object.values(waiting?.state ?? {}) as (Partial<FileRef> | undefined)[];
    const isNamed = names.some((ref) => ref?.digest === digest || (ref?.kind === 'file' && ref.name === source.name));
    if (waiting && isNamed) await this.#follow(() => waiting);
  }

  /** Opens a link; what is wrong with it the status tells. */
  async #follow(read: () => Link, opened = true): Promise<boolean> {
    try {
      return await this.#show(read(), opened);
    } catch (error) {
      this.app.session.status.fail(toFailure(error));
      return false;
    }
  }

  /** Back or Forward, or a fragment that was typed or followed. */
  async #came(state: unknown): Promise<void> {
    this.#writeLate();
    const entry = (state as { entry?: unknown } | null)?.entry;
    const kept = typeof entry === 'string' ? this.#entries.get(entry) : undefined;
    this.#entry = typeof entry === 'string' ? entry : this.#next();
    if (typeof entry !== 'string') history.replaceState({ entry: this.#entry }, '', location.hash);
    // The entry is this one, whatever it turns out to show.
    this.#key = '';
    const address = this.#addresses.get(this.#entry) ?? location.hash.slice(1);
    await this.#follow(() => kept ?? readFragment(address), false);
  }

  /** Shows what a link says. @throws MessageError for what does not hold here. */
  async #show(link: Link, opened: boolean): Promise<boolean> {
    const turn = ++this.#turn;
    this.#waiting = null;
    this.#opening++;
    const before = route.current;
    route.go(link.screen);
    try {
      return await this.screens[link.screen].link.open(this.app, link.state);
    } catch (error) {
      if (turn === this.#turn) route.go(before);
      if (error instanceof MissingFiles) this.#waiting = link;
      throw error;
    } finally {
      this.#opening--;
      if (turn === this.#turn) this.record(this.now(), opened);
    }
  }

  #keep(now: Link, key: string): void {
    this.#key = key;
    this.#entries.set(this.#entry, now);
    if (this.#late) clearTimeout(this.#late.timer);
    this.#late = { entry: this.#entry, now, timer: setTimeout(() => this.#writeLate(), LAG) };
  }

  /** Writes at once what waits to be written: time is up, or the entry is being left. */
  #writeLate(): void {
    if (!this.#late) return;
    const { entry, now, timer } = this.#late;
    clearTimeout(timer);
    this.#late = null;
    void this.#write(entry, now);
  }

  async #write(entry: string, now: Link): Promise<void> {
    const { link } = await named(now);
    const fragment = writeFragment(link);
    if (this.#entries.get(entry) !== now) return;
    this.#addresses.delete(entry);
    this.#addresses.set(entry, fragment);
    rememberHere('places', Object.fromEntries([...this.#addresses].slice(-REMEMBERED)));
    if (this.#entry === entry && location.hash !== `#${fragment}`) history.replaceState({ entry }, '', `#${fragment}`);
  }

  #next(): string {
    return `${this.#page}-${++this.#count}`;
  }

  #keyOf({ screen, state }: Link): string | null {
    const entry = this.screens[screen].link.entry(state);
    return entry === null ? null : `${screen} ${entry}`;
  }
}

/** A link with the digests of its files; what is in no file is left out. */
async function named({ screen, state }: Link): Promise<{ link: Link; without: boolean }> {
  let without = false;
  const entries = await Promise.all(
    Object.entries(state).map(async ([name, value]): Promise<[string, unknown]> => {
      const file = value as Partial<KnownFile> | undefined;
      if (file?.kind !== 'file' || !file.source) return [name, value];
      if (file.source.kind === 'bytes') return [name, { ...file, digest: await digestOf(file.source.bytes) }];
      without = true;
      return [name, undefined];
    }),
  );
  return { link: { screen, state: Object.fromEntries(entries) } as Link, without };
}
