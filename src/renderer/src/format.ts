/** Numbers as people read them: U+2212 for minus, an en dash for what was not computed. Rounded for display only. */
const minus = '−';

/** About three significant digits, or `digits` behind the point; of four digits or more none are all noughts. Zero is `0`. */
export function num(value: number, digits?: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const places = digits ?? (size >= 100 ? 1 : size >= 0.995 ? 2 : 3);
  if (digits === undefined && (size < 0.0005 || size >= 1e6)) return sci(value);
  const text = size.toFixed(places);
  if (places >= 4 && Number(text) === 0) return sci(value);
  // What rounds to nought has no sign.
  return (value < 0 && Number(text) !== 0 ? minus : '') + text;
}

/** Six places; where that would read as nought or nearly so, with a power of ten. */
export function exact(value: number): string {
  return num(value, Math.abs(value) < 1e-4 ? undefined : 6);
}

/** For the numerals inside cells: two places, one from 10 on. */
export function cell(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return (
    (value <= -0.005 ? minus : '') +
    (size >= 999.5 ? size.toExponential(0) : size >= 9.995 ? size.toFixed(1) : size.toFixed(2))
  );
}

/** For small cells: two places without the leading nought (`.25`, `−.07`). */
export function cellShort(value: number): string {
  const size = Math.abs(value) >= 9.995 ? Math.abs(value).toFixed(0) : Math.abs(value).toFixed(2);
  return (value < 0 && size !== '0.00' ? minus : '') + (size.startsWith('0.') ? size.slice(1) : size);
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A whole number, 0 or more, raised: `12` as `¹²`. */
export function superscript(value: number): string {
  return [...String(value)].map((digit) => raised[Number(digit)]).join('');
}

/** `1.3 × 10⁻⁵`. */
export function sci(value: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(1).split('e');
  const power = [...String(Number(exponent))].map((c) => (c === '-' ? '⁻' : raised[Number(c)])).join('');
  return `${mantissa.replace('-', minus)} × 10${power}`;
}

/** A loss, a norm: four places; what has grown beyond people's reading, or is nearly nothing, with a power of ten. */
export function measured(value: number): string {
  const size = Math.abs(value);
  return Number.isFinite(value) && size >= 1e5 ? sci(value) : num(value, size < 1e-4 ? undefined : 4);
}

export function int(value: number): string {
  return value.toLocaleString('en-US');
}

/** A fraction 0 … 1 as `87.2 %`, never broken between the two; what is not all never reads as all. */
export function pct(fraction: number, places = 1): string {
  const nearly = 1 - 0.5 * 10 ** -(places + 2);
  if (fraction < 1 && fraction >= nearly) return `>${(100 - 10 ** -places).toFixed(places)}\u00a0%`;
  return `${(fraction * 100).toFixed(places)}\u00a0%`;
}

/** How likely a class is: its probability, or where there is none the value that stands for it. */
export function likelihood({ probability, logit }: { probability: number | null; logit: number }, places = 1): string {
  return probability === null ? num(logit, places + 1) : pct(probability, places);
}

/** `8 × 28 × 28`; `tight` leaves the spaces out, for tables. A size that is not known yet is a question mark, a single number 1. */
export function shape(dimensions: readonly number[], tight = false): string {
  return dimensions.map((size) => size || '?').join(tight ? '×' : ' × ') || '1';
}

/** `12.4 kB`, in units of 1000. */
export function bytes(count: number): string {
  return count < 1000
    ? `${count} B`
    : count < 1e6
      ? `${(count / 1e3).toFixed(1)} kB`
      : `${(count / 1e6).toFixed(1)} MB`;
}

/** A path's last part. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}

export function duration(milliseconds: number): string {
  return milliseconds < 10
    ? `${milliseconds.toFixed(2)} ms`
    : milliseconds < 1000
      ? `${milliseconds.toFixed(0)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A time of whole seconds as people say it: `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function seconds(count: number): string {
  const whole = Math.round(count);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
