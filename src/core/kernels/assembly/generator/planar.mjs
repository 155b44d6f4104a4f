// A first layer of one input channel has too few products per pixel for the 6 × 8 tile. Here vectors run along the width
// and the output is planar, `[O][H][W]`; the 2×2 pooling that follows (planar-pool.ts) converts it back to NHWC.
import { HEADER, each, inline } from './text.mjs';

/** One tile: `filters` × 8 columns. Filters of a tile lie in one panel of 8. */
function tile(size, filters) {
  const tap = (kw) => `{
          const x0 = v128.load(p, ${kw * 4}), x1 = v128.load(p, ${kw * 4 + 16});
          ${each(filters, (o) => `t = v128.load_splat<f32>(w, ${kw * 32 + o * 4}); c${o}_0 = fma(t, x0, c${o}_0); c${o}_1 = fma(t, x1, c${o}_1);`).join('\n          ')}
          }`;
  return `
    for (let o = 0; o < filters; o += ${filters}) {
      const biasAt = bias + bytes(o), panel = weights + bytes((o & ~7) * ${size * size} + (o & 7));
      for (let j = 0; j < outWidth; j += 8) {
        ${each(filters, (f) => `let c${f}_0 = v128.load_splat<f32>(biasAt, ${f * 4}), c${f}_1 = c${f}_0;`).join('\n        ')}
        let p = x + <usize>i * xStep + bytes(j), w = panel, t: v128;
        for (let kh = 0; kh < ${size}; kh++) {
          ${inline(size, tap)}
          p += xStep; w += ${size * 32};
        }
        let q = y + <usize>o * planeStep + bytes(i * yRow + j);
        ${each(filters, (f) => `v128.store(q, f32x4.max(c${f}_0, floor)); v128.store(q, f32x4.max(c${f}_1, floor), 16); q += planeStep;`).join('\n        ')}
      }
    }`;
}

/** Six filters (LeNet-5) fit in one tile; more are taken in fours, so that a tile never crosses two panels. */
const forward = (size) => `
export function planarConvForward${size}(x: usize, xRow: i32, outHeight: i32, outWidth: i32, weights: usize, bias: usize, filters: i32, y: usize, yRow: i32, plane: i32, relu: i32): void {
  const xStep = bytes(xRow), planeStep = bytes(plane), floor = f32x4.splat(relu ? 0 : -Infinity);
  for (let i = 0; i < outHeight; i++) {
    if (filters == 5 || filters == 6) {${tile(size, 6)}
    } else {${tile(size, 4)}
    }
  }
}`;

/** Two filters × one kernel row, each tap a vector of four partial sums over columns. */
const weightGradient = (size) => `
export function planarConvWeightGradient${size}(x: usize, xRow: i32, outHeight: i32, outWidth: i32, dy: usize, dyRow: i32, plane: i32, filters: i32, partial: usize): void {
  const xStep = bytes(xRow), dyStep = bytes(dyRow), planeStep = bytes(plane);
  for (let kh = 0; kh < ${size}; kh++) {
    for (let o = 0; o < filters; o += 2) {
      const sums = partial + <usize>((o * ${size * size} + kh * ${size}) * 16);
      ${[0, 1].map((f) => inline(size, (k) => `let c${f}_${k} = v128.load(sums, ${(f * size * size + k) * 16});`)).join('\n      ')}
      let xAt = x + <usize>kh * xStep, dyAt = dy + <usize>o * planeStep;
      for (let i = 0; i < outHeight; i++) {
        let p = xAt, q = dyAt;
        for (let j = 0; j < outWidth; j += 4) {
          const d0 = v128.load(q), d1 = v128.load(q + planeStep);
          let t: v128;
          ${each(size, (k) => `t = v128.load(p, ${k * 4}); c0_${k} = fma(t, d0, c0_${k}); c1_${k} = fma(t, d1, c1_${k});`).join('\n          ')}
          p += 16; q += 16;
        }
        xAt += xStep; dyAt += dyStep;
      }
      ${[0, 1].map((f) => inline(size, (k) => `v128.store(sums, c${f}_${k}, ${(f * size * size + k) * 16});`)).join('\n      ')}
    }
  }
}`;

const finish = (size) => `
export function planarConvFinish${size}(partial: usize, filters: i32, dWeights: usize): void {
  for (let o = 0; o < filters; o++) {
    for (let k = 0; k < ${size * size}; k++) {
      const p = partial + <usize>((o * ${size * size} + k) * 16), d = dWeights + bytes((o & ~7) * ${size * size} + k * 8 + (o & 7));
      f32.store(d, f32.load(d) + sumLanes(v128.load(p)));
      v128.store(p, f32x4.splat(0));
    }
  }
  // The second half of the last pair, where filters is odd, is cleared too.
  if (filters & 1) memory.fill(partial + <usize>(filters * ${size * size * 16}), 0, ${size * size * 16});
}`;

export const planarConvolutions = () =>
  `${HEADER}import { sumLanes } from '../simd';
${[3, 5].map((size) => forward(size) + '\n' + weightGradient(size) + '\n' + finish(size)).join('\n')}
`;
