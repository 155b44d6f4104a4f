import type { Client, Failure } from '../../../../shared/protocol';
import { toFailure } from '../../../../shared/failures';
import type { LabPicture, Planes } from '../../../../shared/lab';
import { OWN } from '../model/samples';

/** Pictures that scenes work on, by what was asked for; the newest few. */
const KEPT = 12;

/** The pictures of the course: samples by id, and the one that was dropped. What is asked for comes later; views and formulas follow. */
class Pictures {
  /** What was dropped or opened last: a link says `own`, and means it. */
  own = $state.raw<{ name: string; bytes: Uint8Array } | null>(null);
  failure = $state.raw<Failure | null>(null);
  #planes = $state.raw<ReadonlyMap<string, Planes>>(new Map());
  readonly #asked = new Set<string>();
  #turn = 0;

  /** Takes a file as the picture of every scene that shows `own`. */
  take(name: string, bytes: Uint8Array): void {
    this.own = { name, bytes };
    this.#turn++;
  }

  /** Null as long as it has not come. Reactive. */
  of(picture: string, side: number, color: boolean): Planes | null {
    return this.#planes.get(this.#key(picture, side, color)) ?? null;
  }

  /** Asks for it, once. */
  ask(client: Client, picture: string, side: number, color: boolean): void {
    const key = this.#key(picture, side, color);
    const image: LabPicture | null =
      picture !== OWN ? { kind: 'sample', id: picture } : this.own && { kind: 'bytes', ...this.own };
    if (!image || this.#asked.has(key)) return;
    this.#asked.add(key);
    client.call('planes', { image, side, channels: color ? 3 : 1 }).then(
      (planes) => {
        this.failure = null;
        const kept = [...this.#planes].slice(-(KEPT - 1));
        for (const [dropped] of [...this.#planes].slice(0, -(KEPT - 1))) this.#asked.delete(dropped);
        this.#planes = new Map([...kept, [key, planes]]);
      },
      (error: unknown) => {
        this.#asked.delete(key);
        this.failure = toFailure(error);
      },
    );
  }

  #key(picture: string, side: number, color: boolean): string {
    return [picture === OWN ? `${OWN} ${this.#turn}` : picture, side, color].join();
  }
}

export const pictures = new Pictures();
