// Matrix products with their tile loops inlined: a call for each tile costs 10–15 % of a small product.
// Rows are split into tiles of 6 and 4 only, since narrower tiles leave the FMA units waiting.
import { HEADER, each, inline, lines } from './text.mjs';
import { multiplyAdd, rowsTimesPanel, unrolled } from './tiles.mjs';

/** An even count ≥ 4 as 6 · sixes + 4 · fours. */
export const sixesAndFours = (count) =>
  `const over = ${count} % 6, fours = over == 0 ? 0 : over == 4 ? 1 : 2, sixes = (${count} - 4 * fours) / 6;`;

/** `body(rows)` for every tile. */
export const tileLoops = (body) =>
  [6, 4]
    .map(
      (rows) => `
      for (let tile = ${rows === 6 ? 'sixes' : 'fours'}; tile > 0; tile--) {
    ${body(rows)}
      }`,
    )
    .join('');

const both = (template) => `${template(0)} ${template(1)}`;
const zeros = (rows) => inline(rows, (r) => both((v) => `let c${r}_${v} = f32x4.splat(0);`));
const storeRows = (rows) =>
  `let q = c; ${inline(rows, (r) => `v128.store(q, c${r}_0); v128.store(q, c${r}_1, 16); q += cRow;`)}`;
const rowPointers = (rows) => inline(rows, (r) => `let p${r} = a + ${r} * aRow;`);

const denseForward = () => `
export function denseForward(x: usize, batch: i32, inputs: i32, weights: usize, bias: usize, outputs: i32, y: usize, yRow: i32, relu: i32): void {
  // Blocks of inputs keep a panel of weights and its rows of x in the first-level cache.
  const blocks = (inputs + 383) / 384, blockLength = ((inputs + blocks - 1) / blocks + 7) & ~7;
  const cRow = bytes(yRow), aRow = bytes(inputs), zero = f32x4.splat(0);
  const even = batch >= 4 ? batch & ~1 : 0;
  let sixes = 0, fours = 0;
  if (even) { const over = even % 6; fours = over == 0 ? 0 : over == 4 ? 1 : 2; sixes = (even - 4 * fours) / 6; }
  for (let from = 0; from < inputs; from += blockLength) {
    const length = min(blockLength, inputs - from), first = from == 0, last = from + blockLength >= inputs;
    for (let n = 0; n < outputs; n += 8) {
      const columns = min(8, outputs - n), panel = weights + bytes(n * inputs + from * 8), biasAt = bias + bytes(n);
      const z0 = bias ? v128.load(biasAt) : zero, z1 = bias ? v128.load(biasAt, 16) : zero;
      let a = x + bytes(from), c = y + bytes(n);
      ${tileLoops(
        (rows) => `
        let ${inline(rows, (r) => `c${r}_0: v128, c${r}_1: v128${r < rows - 1 ? ',' : ';'}`)}
        if (first) { ${inline(rows, (r) => `c${r}_0 = z0; c${r}_1 = z1;`)} }
        else { let q = c; ${inline(rows, (r) => `c${r}_0 = v128.load(q); c${r}_1 = v128.load(q, 16); q += cRow;`)} }
        ${rowPointers(rows)} let b = panel, k = length, t: v128, b0: v128, b1: v128;
        ${rowsTimesPanel(rows, 2, 4)}
        if (last && relu) { ${inline(rows, (r) => both((v) => `c${r}_${v} = f32x4.max(c${r}_${v}, zero);`))} }
        if (columns == 8) { ${storeRows(rows)} }
        else { let q = c; ${inline(rows, (r) => `storeTail8(q, c${r}_0, c${r}_1, columns); q += cRow;`)} }
        a += ${rows} * aRow; c += ${rows} * cRow;`,
      )}
      if (even < batch) {
        const start = first ? (bias ? 1 : 0) : 2;
        dotTile8(batch - even, 1, length, a, aRow, 0, panel, c, cRow, start, biasAt, last ? relu : 0, columns);
      }
    }
  }
}`;

/** Outer products of x strips (packed, R floats a sample) with one packed panel of dy. */
const denseOuter = (rows) => `
        ${zeros(rows)} let q = panel, k = batch, t: v128, b0: v128, b1: v128;
        ${unrolled(
          4,
          (u) =>
            multiplyAdd(
              rows,
              2,
              (r) => `v128.load_splat<f32>(p, ${(u * rows + r) * 4})`,
              (v) => `v128.load(q, ${u * 32 + v * 16})`,
            ),
          (n) => `p += ${n * rows * 4}; q += ${n * 32};`,
        )}
        if (assign) { ${inline(rows, (r) => both((v) => `v128.store(c, f32x4.mul(scales, c${r}_${v}), ${r * 32 + v * 16});`))} }
        else if (keep == 1) { ${inline(rows, (r) => both((v) => `v128.store(c, fma(scales, c${r}_${v}, v128.load(c, ${r * 32 + v * 16})), ${r * 32 + v * 16});`))} }
        else { ${inline(rows, (r) => both((v) => `v128.store(c, fma(scales, c${r}_${v}, f32x4.mul(keeps, v128.load(c, ${r * 32 + v * 16}))), ${r * 32 + v * 16});`))} }
        c += ${rows * 32};`;

const denseWeightGradient = () => `
export function denseWeightGradient(x: usize, batch: i32, inputs: i32, dy: usize, dyRow: i32, outputs: i32, dWeights: usize, work: usize, scale: f32, keep: f32): void {
  const scales = f32x4.splat(scale), keeps = f32x4.splat(keep), assign = keep == 0;
  const even = inputs >= 4 ? inputs & ~1 : 0;
  let sixes = 0, fours = 0;
  if (even) { const over = even % 6; fours = over == 0 ? 0 : over == 4 ? 1 : 2; sixes = (even - 4 * fours) / 6; }
  const panel = work, strips = work + bytes(batch * 8), xRow = bytes(inputs);
  // x once into strips of 6 or 4 inputs; then panel by panel, weights streamed in their order.
  let d = strips, i = 0;
  for (let strip = 0; strip < sixes; strip++) {
    let s = x + bytes(i);
    for (let n = 0; n < batch; n++) { v128.store(d, v128.load(s)); v128.store64_lane(d, v128.load64_zero(s, 16), 0, 16); d += 24; s += xRow; }
    i += 6;
  }
  for (let strip = 0; strip < fours; strip++) {
    let s = x + bytes(i);
    for (let n = 0; n < batch; n++) { v128.store(d, v128.load(s)); d += 16; s += xRow; }
    i += 4;
  }
  for (let n = 0; n < outputs; n += 8) {
    const columns = min(8, outputs - n), m0 = lanesBefore(columns, 0), m1 = lanesBefore(columns, 1);
    let s = dy + bytes(n), e = panel;
    for (let sample = 0; sample < batch; sample++) {
      v128.store(e, v128.and(m0, v128.load(s))); v128.store(e, v128.and(m1, v128.load(s, 16)), 16);
      s += bytes(dyRow); e += 32;
    }
    let p = strips, c = dWeights + bytes(n * inputs);
    ${tileLoops(denseOuter)}
    for (let r = even; r < inputs; r++) {
      let c0 = f32x4.splat(0), c1 = c0, q = panel, a = x + bytes(r);
      for (let sample = 0; sample < batch; sample++) {
        const t = v128.load_splat<f32>(a);
        c0 = fma(t, v128.load(q), c0); c1 = fma(t, v128.load(q, 16), c1);
        q += 32; a += xRow;
      }
      if (assign) { v128.store(c, f32x4.mul(scales, c0)); v128.store(c, f32x4.mul(scales, c1), 16); }
      else {
        v128.store(c, fma(scales, c0, f32x4.mul(keeps, v128.load(c))));
        v128.store(c, fma(scales, c1, f32x4.mul(keeps, v128.load(c, 16))), 16);
      }
      c += 32;
    }
  }
}`;

export const dense = () => `${HEADER}import { dotTile8 } from './tiles';
${denseForward()}
${denseWeightGradient()}
`;

const winogradGemm = () => `
export function winogradGemm(from: i32, to: i32, tiles: i32, depth: i32, outputs: i32, v: usize, vStride: usize, u: usize, uStride: usize, m: usize, mStride: usize): void {
  const aRow = bytes(depth), cRow = bytes(outputs), even = max(4, (tiles + 1) & ~1);
  ${sixesAndFours('even')}
  for (let xi = from; xi < to; xi++) {
    const vAt = v + <usize>xi * vStride, mAt = m + <usize>xi * mStride;
    let panel = u + <usize>xi * uStride;
    for (let n = 0; n < outputs; n += 8) {
      let a = vAt, c = mAt + bytes(n);
      ${tileLoops(
        (rows) => `
        ${zeros(rows)} ${rowPointers(rows)} let b = panel, k = depth, t: v128, b0: v128, b1: v128;
        do {
          ${each(8, (s) =>
            multiplyAdd(
              rows,
              2,
              (r) => `v128.load_splat<f32>(p${r}, ${s * 4})`,
              (w) => `v128.load(b, ${s * 32 + w * 16})`,
            ),
          ).join('\n          ')}
          b += 256; k -= 8; ${inline(rows, (r) => `p${r} += 32;`)}
        } while (k > 0);
        { ${storeRows(rows)} }
        a += ${rows} * aRow; c += ${rows} * cRow;`,
      )}
      panel += bytes(depth * 8);
    }
  }
}`;

const winogradGemmGradient = () => `
export function winogradGemmGradient(from: i32, to: i32, tiles: i32, channels: i32, filters: i32, v: usize, vStride: usize, y: usize, yStride: usize, du: usize, duStride: usize): void {
  const aStep = bytes(channels), bStep = bytes(filters);
  ${sixesAndFours('channels')}
  for (let xi = from; xi < to; xi++) {
    const vAt = v + <usize>xi * vStride, yAt = y + <usize>xi * yStride;
    let c = du + <usize>xi * duStride;
    for (let n = 0; n < filters; n += 8) {
      let a = vAt;
      const b = yAt + bytes(n);
      ${tileLoops(
        (rows) => `
        ${zeros(rows)} let p = a, q = b, k = tiles, t: v128, b0: v128, b1: v128;
        ${unrolled(
          4,
          () =>
            multiplyAdd(
              rows,
              2,
              (r) => `v128.load_splat<f32>(p, ${r * 4})`,
              (w) => `v128.load(q, ${w * 16})`,
            ) + ' p += aStep; q += bStep;',
          () => '',
        )}
        ${inline(rows, (r) => both((w) => `v128.store(c, f32x4.add(v128.load(c, ${r * 32 + w * 16}), c${r}_${w}), ${r * 32 + w * 16});`))}
        a += ${rows * 4}; c += ${rows * 32};`,
      )}
    }
  }
}`;

export const winogradProducts = () => `${HEADER}${winogradGemm()}
${winogradGemmGradient()}
`;

/** Convolution with the whole kernel row (KW·C floats) unrolled. */
const convForwardRow = (depth) => `
export function convForwardRow${depth}(x: usize, xRow: i32, channels: i32, kernelHeight: i32, outHeight: i32, outWidth: i32, weights: usize, bias: usize, filters: i32, y: usize, yRow: i32, relu: i32, zeroRows: i32): void {
  const window = kernelHeight * ${depth}, aRow = bytes(channels), xStep = bytes(xRow), cRow = bytes(filters), zero = f32x4.splat(0);
  ${sixesAndFours('outWidth')}
  for (let i = 0; i < outHeight; i++) {
    const first = max(0, zeroRows - i), last = min(kernelHeight, outHeight + kernelHeight - 1 - zeroRows - i);
    for (let n = 0; n < filters; n += 8) {
      const panel = weights + bytes(n * window) + bytes(first * ${depth * 8});
      const z0 = v128.load(bias + bytes(n)), z1 = v128.load(bias + bytes(n), 16);
      let a = x + <usize>(i + first) * xStep, c = y + bytes(i * yRow + n);
      ${tileLoops(
        (rows) => `
        ${inline(rows, (r) => `let c${r}_0 = z0, c${r}_1 = z1;`)} ${rowPointers(rows)}
        let b = panel, k = last - first, t: v128, b0: v128, b1: v128;
        for (; k > 0; k--) {
          ${each(depth, (s) =>
            multiplyAdd(
              rows,
              2,
              (r) => `v128.load_splat<f32>(p${r}, ${s * 4})`,
              (v) => `v128.load(b, ${s * 32 + v * 16})`,
            ),
          ).join('\n          ')}
          b += ${depth * 32}; ${inline(rows, (r) => `p${r} += xStep;`)}
        }
        if (relu) { ${inline(rows, (r) => both((v) => `c${r}_${v} = f32x4.max(c${r}_${v}, zero);`))} }
        { ${storeRows(rows)} }
        a += ${rows} * aRow; c += ${rows} * cRow;`,
      )}
    }
  }
}`;

export const convRows = () => `${HEADER}${convForwardRow(9)}
${convForwardRow(30)}
`;
