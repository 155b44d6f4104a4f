import { superscript } from '../format';

/** What the numbers of a table are multiplied by before they are written, so that small ones keep their digits. */
export interface TableFactor {
  multiplier: number;
  /** Said in the heading: `× 10⁻³`; empty for 1. */
  text: string;
}

/**
 * Two places behind the point show nothing of numbers below 0.1: a table whose largest is smaller is written in a power
 * of ten, stated in its heading, so that the largest lies in 0.1 … 1 (`short`) or 1 … 10.
 */
export function tableFactor(largest: number, short = false): TableFactor {
  if (!(largest > 0) || largest >= 0.1 || !Number.isFinite(largest)) return { multiplier: 1, text: '' };
  const power = -Math.floor(Math.log10(largest)) - (short ? 1 : 0);
  return { multiplier: 10 ** power, text: `× 10⁻${superscript(power)}` };
}
