import { SIZES } from '../../../../shared/frame';
import { recall, remember } from '../../state/memory';

/** The steps of larger and smaller, as browsers have them. */
const steps = [SIZES.least, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, SIZES.most];
/** How much larger everything is while one presents. */
export const PRESENTED = 1.5;

/** How large everything is drawn, and whether one presents: to a class, on a wall. */
class Size {
  /** 1: as it is. Electron's alone: no page may set a browser's. */
  factor = $state(kept());
  presenting = $state(false);
  readonly shown = $derived(this.factor * (this.presenting ? PRESENTED : 1));

  /** Larger (1), smaller (−1), as it is (0). */
  step(by: 1 | -1 | 0): void {
    const at = steps.indexOf(this.factor) + by;
    this.factor = by === 0 ? 1 : steps[Math.max(0, Math.min(steps.length - 1, at))];
    remember('size', String(this.factor));
  }
}

/** What was chosen last; 1 where that is none of the steps. */
function kept(): number {
  const remembered = Number(recall('size') ?? 1);
  return steps.includes(remembered) ? remembered : 1;
}

export const size = new Size();
