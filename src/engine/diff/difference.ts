import type { FloatArray } from '../../core/tensor';

/** A signal-to-noise ratio of less, or of no signal at all, is told as this, in dB. */
const LEAST = -300;

/** What two values differ by, over all pictures. */
export class Difference {
  private largest = 0;
  private sum = 0;
  private count = 0;
  private signal = 0;
  private noise = 0;

  /** @param a of the first network, to which the difference is compared. @param b as many numbers. */
  add(a: FloatArray, b: FloatArray): void {
    for (let i = 0; i < a.length; i++) {
      const apart = Object.is(a[i], b[i]) || a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]);
      // What is not a number, or infinite, on one side alone.
      const difference = Number.isNaN(apart) ? Infinity : apart;
      this.largest = Math.max(this.largest, difference);
      this.sum += difference;
      this.noise += difference * difference;
      if (Number.isFinite(a[i])) this.signal += a[i] * a[i];
    }
    this.count += a.length;
  }

  get max(): number {
    return this.largest;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  /** 10 · log₁₀(Σ a² ÷ Σ (a − b)²), in dB; null where there is no difference. */
  get ratio(): number | null {
    if (this.noise === 0) return null;
    return Math.max(LEAST, 10 * Math.log10(this.signal / this.noise));
  }
}
