/** Milliseconds of a frame that drawing may take before the rest waits for the next one. */
const BUDGET = 8;

/**
 * Drawing that may wait a frame: it is shared out, so that a click never waits for all of it. What is asked for anew before its
 * turn came replaces what was asked for first, and keeps its place.
 */
export class Frames {
  readonly #waiting = new Map<object, () => void>();
  #asked = false;

  constructor(
    private readonly next: (run: () => Promise<void>) => void = (run) => void requestAnimationFrame(() => void run()),
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param owner whose drawing it is: a canvas, a chart; `draw` must bear that it is gone by then. */
  ask(owner: object, draw: () => void): void {
    this.#waiting.set(owner, draw);
    this.#book();
  }

  #book(): void {
    if (this.#asked || this.#waiting.size === 0) return;
    this.#asked = true;
    this.next(() => this.#draw());
  }

  async #draw(): Promise<void> {
    const start = this.now();
    try {
      for (const owner of [...this.#waiting.keys()]) {
        const draw = this.#waiting.get(owner);
        this.#waiting.delete(owner);
        draw?.();
        // uPlot draws when its turn ends: that counts too.
        await Promise.resolve();
        if (this.now() - start >= BUDGET) break;
      }
    } finally {
      this.#asked = false;
      this.#book();
    }
  }
}

/** The window's. */
export const frames = new Frames();
