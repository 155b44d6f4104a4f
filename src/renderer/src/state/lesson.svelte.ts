import { createContext } from 'svelte';
import { readLesson, writeLesson, type Bookmark } from '../../../shared/lesson';
import { recall, remember } from './memory';
import type { Places } from './places.svelte';

export const [useLesson, provideLesson] = createContext<Lesson>();

/** Bookmarks that one steps through. They are there again when the app is started again. */
export class Lesson {
  bookmarks = $state.raw<readonly Bookmark[]>(kept());
  /** The one that was opened last; −1 where none was. */
  at = $state(-1);

  constructor(readonly places: Places) {}

  /** What is on screen, behind the one that was opened last. */
  async add(name: string): Promise<{ without: boolean }> {
    const { link, without } = await this.places.link();
    const at = this.at < 0 ? this.bookmarks.length : this.at + 1;
    this.#set(this.bookmarks.toSpliced(at, 0, { name, link }), at);
    return { without };
  }

  /** A name of spaces alone is none: the bookmark keeps its own. */
  rename(at: number, name: string): void {
    const { [at]: bookmark } = this.bookmarks;
    if (bookmark && name.trim() !== '') this.#set(this.bookmarks.with(at, { ...bookmark, name: name.trim() }), this.at);
  }

  /** One place up (−1) or down (1). False at the end. */
  move(at: number, by: 1 | -1): boolean {
    const to = at + by;
    if (to < 0 || to >= this.bookmarks.length) return false;
    const [moved, other] = [this.bookmarks[at], this.bookmarks[to]];
    const current = this.at === at ? to : this.at === to ? at : this.at;
    this.#set(this.bookmarks.with(to, moved).with(at, other), current);
    return true;
  }

  /** Returns what takes it back. */
  remove(at: number): () => void {
    const { bookmarks, at: current } = this;
    this.#set(bookmarks.toSpliced(at, 1), current > at ? current - 1 : current === at ? -1 : current);
    return () => this.#set(bookmarks, current);
  }

  /** Opens one. What is wrong with its link the status tells. */
  async go(at: number): Promise<boolean> {
    const { [at]: bookmark } = this.bookmarks;
    if (!bookmark) return false;
    this.at = at;
    return this.places.open(bookmark.link);
  }

  /** The next (1) or the previous (−1); null at the end, or where there is none. */
  beside(by: 1 | -1): number | null {
    const to = this.at < 0 ? (by > 0 ? 0 : this.bookmarks.length - 1) : this.at + by;
    return to < 0 || to >= this.bookmarks.length ? null : to;
  }

  get file(): string {
    return writeLesson(this.bookmarks);
  }

  /** The list in whose place another was taken; null where there was none. */
  before = $state.raw<readonly Bookmark[] | null>(null);

  /** Takes another list in place of this one, which can be had back. @throws MessageError that names the field. */
  take(content: string): void {
    const read = readLesson(content);
    if (this.bookmarks.length > 0) this.before = this.bookmarks;
    this.#set(read, -1);
  }

  /** Back to the list of before; the one that is here takes its place. */
  swap(): void {
    const { before, bookmarks } = this;
    if (!before) return;
    this.before = bookmarks;
    this.#set(before, -1);
  }

  #set(bookmarks: readonly Bookmark[], at: number): void {
    this.bookmarks = bookmarks;
    this.at = at;
    remember('lesson', writeLesson(bookmarks));
  }
}

/** Those of the last time; none where what was kept does not hold any more. */
function kept(): readonly Bookmark[] {
  try {
    return readLesson(recall('lesson') ?? '');
  } catch {
    return [];
  }
}
