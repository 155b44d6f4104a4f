import { colorOf, type Rgb, type Theme } from '../../../../shared/colormap';
import type { Cell } from './matrix';
import type { MatrixView } from './view';

const grounds: Record<Theme, [none: Rgb, all: Rgb]> = {
  dark: [
    [30, 33, 36],
    [74, 81, 90],
  ],
  light: [
    [247, 247, 247],
    [198, 199, 196],
  ],
};

/** A cell's ground. Right answers are neutral: from them the errors stand out. */
export function cellColor(theme: Theme, { shares, end, difference }: MatrixView, { truth, predicted }: Cell): Rgb {
  const share = shares[truth][predicted];
  if (difference || truth !== predicted) return colorOf(theme, share, end);
  const [none, all] = grounds[theme];
  const mix = (i: 0 | 1 | 2): number => Math.round(none[i] + (all[i] - none[i]) * share);
  return [mix(0), mix(1), mix(2)];
}
