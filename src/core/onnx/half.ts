const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of the float16 nearest to a number, ties to even (IEEE 754 binary16). */
export function half(value: number): number {
  float[0] = value;
  const [all] = bits;
  const sign = (all >>> 16) & 0x8000;
  const size = Math.abs(float[0]);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | even(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  // A mantissa that is rounded up to 2 carries into the exponent by itself.
  return sign | (((exponent + 15) << 10) + even((size / 2 ** exponent - 1) * 1024));
}

/** Rounded, halves to the even neighbor. */
function even(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
