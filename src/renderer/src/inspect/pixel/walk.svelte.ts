/** How much of the sum one step of the walk takes: each product of a window, or a whole output, slowly or fast. */
export const paces = ['product', 'slow', 'fast'] as const;
export type Pace = (typeof paces)[number];

/** Milliseconds of a step. */
export const stepTime: Record<Pace, number> = { product: 250, slow: 600, fast: 90 };

interface Place {
  y: number;
  x: number;
}

/** The kernel's walk over the input, at pixel depth: which unit the views show, and how much of the output is there. */
class Walk {
  /** The pointer's unit on the output, shown at once instead of the chosen one. */
  hover = $state.raw<Place | null>(null);
  playing = $state(false);
  pace = $state<Pace>('slow');
  /** The output fills as the walk goes: what lies behind the unit is not there yet. */
  filling = $state(false);
  /** Products of the open window that have been added so far; null for all. */
  added = $state<number | null>(null);

  /** Shows everything, and stands still. */
  reset(): void {
    this.hover = null;
    this.playing = false;
    this.filling = false;
    this.added = null;
  }
}

export const walk = new Walk();

/** The unit after (or before) one, row by row; null past the end. */
export function along({ y, x }: Place, by: 1 | -1, rows: number, columns: number): Place | null {
  const at = y * columns + x + by;
  return at >= 0 && at < rows * columns ? { y: Math.floor(at / columns), x: at % columns } : null;
}

/** What one step changes: the number of products that are added, or the unit. `terms` is how many products the open window has. */
export function nextStep(pace: Pace, added: number | null, terms: number): { move: boolean; added: number | null } {
  if (pace !== 'product' || terms === 0) return { move: true, added: null };
  const have = added ?? terms;
  return have < terms ? { move: false, added: have + 1 } : { move: true, added: 1 };
}
