/**
 * The diverging color maps: blue for negative, orange for positive, the theme's ground at zero. 513 entries, linear in
 * the value, interpolated in OKLab between OKLCH stops, so that +v and −v have the same lightness and size reads before
 * sign. No DOM: the window, the command line's pictures and the tests draw with the same table.
 */
import { clampChroma, converter, interpolate, modeLrgb, modeOklab, modeOklch, modeRgb, useMode } from 'culori/fn';

export type Theme = 'dark' | 'light';
export type Rgb = readonly [red: number, green: number, blue: number];

export const ENTRIES = 513;
/** The entry of zero. */
export const ZERO = 256;

useMode(modeRgb);
useMode(modeLrgb);
useMode(modeOklab);
useMode(modeOklch);

const toRgb = converter('rgb');

/** One stop: |value| ÷ scale, then lightness, chroma and hue of OKLCH. */
type Stop = readonly [at: number, l: number, c: number, h: number];

const stops: Record<Theme, { positive: Stop[]; negative: Stop[] }> = {
  dark: {
    positive: [
      [0, 0.245, 0.008, 255],
      [0.1, 0.31, 0.045, 40],
      [0.45, 0.56, 0.15, 44],
      [0.75, 0.76, 0.15, 66],
      [1, 0.94, 0.075, 92],
    ],
    negative: [
      [0, 0.245, 0.008, 255],
      [0.1, 0.31, 0.06, 258],
      [0.45, 0.56, 0.15, 255],
      [0.75, 0.76, 0.12, 232],
      [1, 0.94, 0.055, 212],
    ],
  },
  light: {
    positive: [
      [0, 0.975, 0, 60],
      [0.12, 0.93, 0.04, 62],
      [0.45, 0.74, 0.14, 52],
      [0.75, 0.54, 0.165, 36],
      [1, 0.34, 0.115, 26],
    ],
    negative: [
      [0, 0.975, 0, 240],
      [0.12, 0.93, 0.03, 235],
      [0.45, 0.74, 0.115, 242],
      [0.75, 0.54, 0.15, 254],
      [1, 0.34, 0.135, 266],
    ],
  },
};

function ramp(half: Stop[]): (u: number) => Rgb {
  const between = interpolate(
    half.map(
      ([at, l, c, h]) =>
        [{ mode: 'oklch' as const, l, c, h }, at] as [{ mode: 'oklch'; l: number; c: number; h: number }, number],
    ),
    'oklab',
  );
  return (u) => {
    const { r, g, b } = toRgb(clampChroma(between(u), 'oklch', 'rgb'));
    const byte = (v: number): number => Math.round(255 * Math.min(1, Math.max(0, v)));
    return [byte(r), byte(g), byte(b)];
  };
}

const tables = new Map<Theme, Uint8Array>();

/** The map of a theme: 513 × 3 bytes; entry 256 is zero, entry 0 is −scale, entry 512 +scale. */
export function colormap(theme: Theme): Uint8Array {
  let table = tables.get(theme);
  if (table) return table;
  table = new Uint8Array(ENTRIES * 3);
  const negative = ramp(stops[theme].negative);
  const positive = ramp(stops[theme].positive);
  for (let i = 0; i < ENTRIES; i++) {
    const u = (i - ZERO) / ZERO;
    table.set(u < 0 ? negative(-u) : positive(u), i * 3);
  }
  tables.set(theme, table);
  return table;
}

const words = new Map<Theme, Uint32Array>();

/** The same as opaque RGBA words in the machine's byte order, to write into an ImageData's buffer at once. */
export function colorWords(theme: Theme): Uint32Array {
  let table = words.get(theme);
  if (table) return table;
  const map = colormap(theme);
  const bytes = new Uint8Array(ENTRIES * 4);
  for (let i = 0; i < ENTRIES; i++) bytes.set([map[i * 3], map[i * 3 + 1], map[i * 3 + 2], 255], i * 4);
  table = new Uint32Array(bytes.buffer);
  words.set(theme, table);
  return table;
}

/** The entry that shows `value` where ±`scale` are the ends; values beyond take the ends, a scale of 0 and NaN show zero. */
export function entryOf(value: number, scale: number): number {
  const at = Math.round(ZERO + (ZERO * value) / scale);
  return at >= 0 ? Math.min(ENTRIES - 1, at) : at < 0 ? 0 : ZERO;
}

export function colorOf(theme: Theme, value: number, scale: number): Rgb {
  const map = colormap(theme);
  const i = (scale > 0 ? entryOf(value, scale) : ZERO) * 3;
  return [map[i], map[i + 1], map[i + 2]];
}

export function cssColor(theme: Theme, value: number, scale: number): string {
  return `rgb(${colorOf(theme, value, scale).join(' ')})`;
}

/** Relative luminance (WCAG 2.2), 0 … 1. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colors (WCAG 2.2), 1 … 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever contrasts more with the cell that it is written on. */
export function inkOn(color: Rgb): '#000' | '#fff' {
  return contrast(color, [0, 0, 0]) >= contrast(color, [255, 255, 255]) ? '#000' : '#fff';
}
