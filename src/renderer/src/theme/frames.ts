/** Milliseconds of a frame that drawing may take before the rest waits for the next one. */
const BUDGET = 8;

/** True where there is more of it to draw. */
type Draw = () => boolean | void;

/**
 * Drawing that may wait a frame: it is shared out, so that a click never waits for all of it. What is asked for anew before its
 * turn came replaces what was asked for first, and keeps its place.
 */
export class Frames {
  readonly #waiting = new Map<object, Draw>();
  #asked = false;

  constructor(
    // Behind the frame: what a click or a key has changed already is painted first.
    private readonly next: (run: () => Promise<void>) => void = (run) =>
      void requestAnimationFrame(() => setTimeout(() => void run())),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * @param owner whose drawing it is: a canvas, a chart, a part of a screen.
   * @returns what takes it back; without it `draw` must bear that its owner is gone by then.
   */
  ask(owner: object, draw: Draw): () => void {
    this.#waiting.set(owner, draw);
    this.#book();
    return () => void this.#waiting.delete(owner);
  }

  #book(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.next(() => this.#draw());
  }

  async #draw(): Promise<void> {
    const start = this.now();
    try {
      for (let turn = [...this.#waiting.keys()]; turn.length > 0;) {
        const unfinished: object[] = [];
        for (const owner of turn) {
          const draw = this.#waiting.get(owner);
          this.#waiting.delete(owner);
          const more = draw?.() === true;
          // What Svelte and uPlot do when the turn ends counts too.
          await Promise.resolve();
          if (draw && more && !this.#waiting.has(owner)) {
            this.#waiting.set(owner, draw);
            unfinished.push(owner);
          }
          if (this.now() - start >= BUDGET) return;
        }
        turn = unfinished;
      }
    } finally {
      this.#asked = false;
      this.#book();
    }
  }
}

/** The window's. */
export const frames = new Frames();
