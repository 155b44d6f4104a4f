// Winograd's transforms as straight-line code on vectors of 4 channels. Lavin & Gray, "Fast Algorithms for Convolutional
// Neural Networks" (2016), with the interpolation points 0, ±a, ±b, ∞ for F(4×4, 3×3): a = √½, b = √2 instead of 1, 2
// keeps the entries of the matrices near 1, and so the round-off 2–6 times smaller (Barabasz et al. 2020 on the choice
// of points). Each function computes one side of Bᵀ x B (and so on) for a vector of rows, then the other from scratch.
import { each, inline, lines } from './text.mjs';

/** x ↦ a function of the names of inputs and outputs, in AssemblyScript statements. */
const F2 = {
  tile: 2,
  constants: {},
  /** Bᵀ */
  input: (i, o) => [
    `const ${o[0]} = f32x4.sub(${i[2]}, ${i[0]});`,
    `const ${o[1]} = f32x4.add(${i[2]}, ${i[1]});`,
    `const ${o[2]} = f32x4.sub(${i[2]}, ${i[1]});`,
    `const ${o[3]} = f32x4.sub(${i[3]}, ${i[1]});`,
  ],
  /** Aᵀ */
  output: (i, o) => [
    `const ${o[0]} = f32x4.add(f32x4.add(${i[0]}, ${i[1]}), ${i[2]});`,
    `const ${o[1]} = f32x4.add(f32x4.sub(${i[1]}, ${i[2]}), ${i[3]});`,
  ],
  /** A, the adjoint of `output` */
  outputAdjoint: (i, o) => [
    `const ${o[0]} = ${i[0]};`,
    `const ${o[1]} = f32x4.add(${i[0]}, ${i[1]});`,
    `const ${o[2]} = f32x4.sub(${i[0]}, ${i[1]});`,
    `const ${o[3]} = ${i[1]};`,
  ],
  /** B, the adjoint of `input` */
  inputAdjoint: (i, o) => [
    `const ${o[0]} = f32x4.neg(${i[0]});`,
    `const ${o[1]} = f32x4.sub(f32x4.sub(${i[1]}, ${i[2]}), ${i[3]});`,
    `const ${o[2]} = f32x4.add(f32x4.add(${i[0]}, ${i[1]}), ${i[2]});`,
    `const ${o[3]} = ${i[3]};`,
  ],
  G: [
    [-1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
};

const [a, b] = [Math.SQRT1_2, Math.SQRT2];
const [a2, b2] = [0.5, 2];
/** Rows of G at the points ±p: 1/N, ±p/N, p²/N with N = p² · 2 (p² − q²), q the other point. */
const nA = 2 * a2 * (a2 - b2);
const nB = 2 * b2 * (b2 - a2);

/** a²b² = 1 is used throughout: three products fewer. */
const F4 = {
  tile: 4,
  constants: {
    kA: a,
    kAn: -a,
    kB: b,
    kBn: -b,
    kA2: a2,
    kA2n: -a2,
    kB2: b2,
    kB2n: -b2,
    kSn: -(a2 + b2),
    kA3: a * a2,
    kB3: b * b2,
  },
  input: (i, o) => [
    `const ${o[0]} = f32x4.add(${i[0]}, fma(kSn, ${i[2]}, ${i[4]}));`,
    `const odd = fma(kB2n, ${i[1]}, ${i[3]}), even = fma(kB2n, ${i[2]}, ${i[4]});`,
    `const ${o[1]} = fma(kA, odd, even), ${o[2]} = fma(kAn, odd, even);`,
    `const odd2 = fma(kA2n, ${i[1]}, ${i[3]}), even2 = fma(kA2n, ${i[2]}, ${i[4]});`,
    `const ${o[3]} = fma(kB, odd2, even2), ${o[4]} = fma(kBn, odd2, even2);`,
    `const ${o[5]} = f32x4.add(${i[1]}, fma(kSn, ${i[3]}, ${i[5]}));`,
  ],
  output: (i, o) => [
    `const sA = f32x4.add(${i[1]}, ${i[2]}), dA = f32x4.sub(${i[1]}, ${i[2]}), sB = f32x4.add(${i[3]}, ${i[4]}), dB = f32x4.sub(${i[3]}, ${i[4]});`,
    `const ${o[0]} = f32x4.add(f32x4.add(${i[0]}, sA), sB);`,
    `const ${o[1]} = fma(kB, dB, f32x4.mul(kA, dA));`,
    `const ${o[2]} = fma(kB2, sB, f32x4.mul(kA2, sA));`,
    `const ${o[3]} = fma(kB3, dB, fma(kA3, dA, ${i[5]}));`,
  ],
  outputAdjoint: (i, o) => [
    `const ${o[0]} = ${i[0]};`,
    `const even = fma(kA2, ${i[2]}, ${i[0]}), odd = fma(kA2, ${i[3]}, ${i[1]});`,
    `const ${o[1]} = fma(kA, odd, even), ${o[2]} = fma(kAn, odd, even);`,
    `const even2 = fma(kB2, ${i[2]}, ${i[0]}), odd2 = fma(kB2, ${i[3]}, ${i[1]});`,
    `const ${o[3]} = fma(kB, odd2, even2), ${o[4]} = fma(kBn, odd2, even2);`,
    `const ${o[5]} = ${i[3]};`,
  ],
  inputAdjoint: (i, o) => [
    `const sA = f32x4.add(${i[1]}, ${i[2]}), sB = f32x4.add(${i[3]}, ${i[4]});`,
    `const dA = f32x4.mul(kA, f32x4.sub(${i[1]}, ${i[2]})), dB = f32x4.mul(kB, f32x4.sub(${i[3]}, ${i[4]}));`,
    `const ${o[0]} = ${i[0]};`,
    `const ${o[1]} = fma(kB2n, dA, fma(kA2n, dB, ${i[5]}));`,
    `const ${o[2]} = fma(kSn, ${i[0]}, fma(kB2n, sA, f32x4.mul(kA2n, sB)));`,
    `const ${o[3]} = fma(kSn, ${i[5]}, f32x4.add(dA, dB));`,
    `const ${o[4]} = f32x4.add(f32x4.add(${i[0]}, sA), sB);`,
    `const ${o[5]} = ${i[5]};`,
  ],
  G: [
    [1, 0, 0],
    [1 / nA, a / nA, a2 / nA],
    [1 / nA, -a / nA, a2 / nA],
    [1 / nB, b / nB, b2 / nB],
    [1 / nB, -b / nB, b2 / nB],
    [0, 0, 1],
  ],
};

const names = (prefix, n) => each(n, (i) => `${prefix}${i}`);
const transpose = (matrix) => matrix[0].map((_, j) => matrix.map((row) => row[j]));

/** A row of G times vectors of these names. */
function linear(row, sources) {
  const [first, ...rest] = row.map((g, i) => [g, sources[i]]).filter(([g]) => g !== 0);
  const start = first[0] === 1 ? first[1] : `f32x4.mul(f32x4.splat(${first[0]}), ${first[1]})`;
  return rest.reduce((sum, [g, v]) => `fma(f32x4.splat(${g}), ${v}, ${sum})`, start);
}

/** Loads the constants that `text` mentions. From memory: as immediates V8 would rebuild them in every iteration. */
function constants({ tile, constants: table }, text) {
  return Object.keys(table)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
    .map((name) => `const ${name} = v128.load32_splat(CONSTANTS${tile} + ${Object.keys(table).indexOf(name) * 4});`)
    .join('\n  ');
}

/** Bᵀ x B for every tile of a strip. Along the width once for every image row, then along the height for each tile. */
function input(spec) {
  const { tile: m } = spec;
  const n = m + 2;
  const body = `
  for (let tj = 0; tj < tilesWide; tj++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      let s = x + <usize>(tj * ${m}) * pixel + c, t = scratch;
      for (let r = 0; r < rows; r++) {
        ${inline(n, (j) => `const d${j} = v128.load(s${j ? ` + ${j} * pixel` : ''});`)}
        ${spec.input(names('d', n), names('r', n)).join('\n        ')}
        ${inline(n, (j) => `v128.store(t, r${j}, ${j * 16});`)}
        s += xStep; t += ${n * 16};
      }
      t = scratch;
      let q = v + <usize>tj * pixel + c;
      for (let ti = 0; ti < tilesHigh; ti++) {
        let p = q;
        for (let j = 0; j < ${n}; j++) {
          ${inline(n, (i) => `const d${i} = v128.load(t, ${i * n * 16});`)}
          ${spec.input(names('d', n), names('r', n)).join('\n          ')}
          ${inline(n, (i) => `v128.store(p, r${i}); p += vStride;`)}
          t += 16;
        }
        t += ${(m - 1) * n * 16};
        q += <usize>tilesWide * pixel;
      }
    }
  }`;
  return `
export function winogradInput${m}(x: usize, xRow: i32, channels: i32, tilesHigh: i32, tilesWide: i32, v: usize, vStride: usize): void {
  const scratch = SCRATCH, xStep = bytes(xRow), pixel = bytes(channels), rows = tilesHigh * ${m} + 2;
  ${constants(spec, body)}${body}
}`;
}

/** A dy Aᵀ. */
function outputGradient(spec) {
  const { tile: m } = spec;
  const n = m + 2;
  const body = `
  for (let ti = 0; ti < tilesHigh; ti++) for (let tj = 0; tj < tilesWide; tj++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      let s = x + <usize>(ti * ${m}) * xStep + <usize>(tj * ${m}) * pixel + c, t = scratch;
      for (let r = 0; r < ${m}; r++) {
        ${inline(m, (j) => `const d${j} = v128.load(s${j ? ` + ${j} * pixel` : ''});`)}
        ${spec.outputAdjoint(names('d', m), names('r', n)).join('\n        ')}
        ${inline(n, (j) => `v128.store(t, r${j}, ${j * 16});`)}
        s += xStep; t += ${n * 16};
      }
      t = scratch;
      let p = v + c;
      for (let j = 0; j < ${n}; j++) {
        ${inline(m, (i) => `const d${i} = v128.load(t, ${i * n * 16});`)}
        ${spec.outputAdjoint(names('d', m), names('r', n)).join('\n        ')}
        ${inline(n, (i) => `v128.store(p, r${i}); p += vStride;`)}
        t += 16;
      }
    }
    v += pixel;
  }`;
  return `
export function winogradOutputGradient${m}(x: usize, xRow: i32, channels: i32, tilesHigh: i32, tilesWide: i32, v: usize, vStride: usize): void {
  const scratch = SCRATCH, xStep = bytes(xRow), pixel = bytes(channels);
  ${constants(spec, body)}${body}
}`;
}

/** Aᵀ M A + bias. Tiles at the right and bottom edges are partial. */
function output(spec) {
  const { tile: m } = spec;
  const n = m + 2;
  const body = `
  for (let ti = 0; ti < tilesHigh; ti++) for (let tj = 0; tj < tilesWide; tj++) {
    const high = min(${m}, outHeight - ti * ${m}), wide = min(${m}, outWidth - tj * ${m});
    for (let c: usize = 0; c < pixel; c += 16) {
      let t = scratch, p = m + c;
      for (let j = 0; j < ${n}; j++) {
        ${inline(n, (i) => `const d${i} = v128.load(p); p += mStride;`)}
        ${spec.output(names('d', n), names('r', m)).join('\n        ')}
        ${inline(m, (i) => `v128.store(t, r${i}, ${i * n * 16});`)}
        t += 16;
      }
      const shift = bias ? v128.load(bias + c) : zero;
      let q = y + <usize>(ti * ${m}) * yStep + <usize>(tj * ${m}) * pixel + c;
      t = scratch;
      for (let r = 0; r < high; r++) {
        ${inline(n, (j) => `const d${j} = v128.load(t, ${j * 16});`)}
        ${spec.output(names('d', n), names('r', m)).join('\n        ')}
        ${each(m, (j) => `${j ? `if (wide > ${j}) ` : ''}v128.store(q${j ? ` + ${j} * pixel` : ''}, f32x4.max(f32x4.add(r${j}, shift), floor));`).join('\n        ')}
        q += yStep; t += ${n * 16};
      }
    }
    m += pixel;
  }`;
  return `
export function winogradOutput${m}(m: usize, mStride: usize, filters: i32, tilesHigh: i32, tilesWide: i32, outHeight: i32, outWidth: i32, bias: usize, y: usize, yRow: i32, relu: i32): void {
  const scratch = SCRATCH, yStep = bytes(yRow), pixel = bytes(filters), zero = f32x4.splat(0), floor = relu ? zero : f32x4.splat(-Infinity);
  ${constants(spec, body)}${body}
}`;
}

/** dx += B M Bᵀ, tiles overlap by two pixels. */
function inputGradient(spec) {
  const { tile: m } = spec;
  const n = m + 2;
  const at = (j) => `q${j ? ` + ${j} * pixel` : ''}`;
  const body = `
  for (let ti = 0; ti < tilesHigh; ti++) for (let tj = 0; tj < tilesWide; tj++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      let t = scratch, p = m + c;
      for (let j = 0; j < ${n}; j++) {
        ${inline(n, (i) => `const d${i} = v128.load(p); p += mStride;`)}
        ${spec.inputAdjoint(names('d', n), names('r', n)).join('\n        ')}
        ${inline(n, (i) => `v128.store(t, r${i}, ${i * n * 16});`)}
        t += 16;
      }
      let q = dx + <usize>(ti * ${m}) * xStep + <usize>(tj * ${m}) * pixel + c;
      t = scratch;
      for (let r = 0; r < ${n}; r++) {
        ${inline(n, (j) => `const d${j} = v128.load(t, ${j * 16});`)}
        ${spec.inputAdjoint(names('d', n), names('r', n)).join('\n        ')}
        ${lines(n, (j) => `v128.store(${at(j)}, f32x4.add(v128.load(${at(j)}), r${j}));`)}
        q += xStep; t += ${n * 16};
      }
    }
    m += pixel;
  }`;
  return `
export function winogradInputGradient${m}(m: usize, mStride: usize, channels: i32, tilesHigh: i32, tilesWide: i32, dx: usize, dxRow: i32): void {
  const scratch = SCRATCH, xStep = bytes(dxRow), pixel = bytes(channels);
  ${constants(spec, body)}${body}
}`;
}

/** U = G w Gᵀ: panels `[O/8][9·C][8]` → `[ξ][O/8][C][8]`, ξ = column · n + row. */
function weights({ tile: m, G }) {
  const n = m + 2;
  return `
export function winogradWeights${m}(weights: usize, channels: i32, filters: i32, u: usize, uStride: usize): void {
  const scratch = SCRATCH, panel = bytes(channels * 8);
  for (let n = 0; n < filters; n += 8) {
    for (let e: usize = 0; e < panel; e += 16) {
      let s = weights + e, t = scratch;
      for (let r = 0; r < 3; r++) {
        const d0 = v128.load(s), d1 = v128.load(s + panel), d2 = v128.load(s + 2 * panel);
        ${G.map((row, j) => `v128.store(t, ${linear(row, ['d0', 'd1', 'd2'])}, ${j * 16});`).join('\n        ')}
        s += 3 * panel; t += ${n * 16};
      }
      t = scratch;
      let p = u + e;
      for (let j = 0; j < ${n}; j++) {
        const d0 = v128.load(t), d1 = v128.load(t, ${n * 16}), d2 = v128.load(t, ${n * 32});
        ${G.map((row) => `v128.store(p, ${linear(row, ['d0', 'd1', 'd2'])}); p += uStride;`).join('\n        ')}
        t += 16;
      }
    }
    weights += 9 * panel; u += panel;
  }
}`;
}

/** dw += Gᵀ dU G, and dU = 0. */
function weightGradient({ tile: m, G }) {
  const n = m + 2;
  const Gt = transpose(G);
  const at = (j) => `s${j ? ` + ${j} * panel` : ''}`;
  return `
export function winogradWeightGradient${m}(du: usize, duStride: usize, channels: i32, filters: i32, dWeights: usize): void {
  const scratch = SCRATCH, panel = bytes(channels * 8), zero = f32x4.splat(0);
  for (let n = 0; n < filters; n += 8) {
    for (let e: usize = 0; e < panel; e += 16) {
      let t = scratch, p = du + e;
      for (let j = 0; j < ${n}; j++) {
        ${inline(n, (i) => `const d${i} = v128.load(p); v128.store(p, zero); p += duStride;`)}
        ${Gt.map((row, i) => `v128.store(t, ${linear(row, names('d', n))}, ${i * n * 16});`).join('\n        ')}
        t += 16;
      }
      let s = dWeights + e;
      t = scratch;
      for (let r = 0; r < 3; r++) {
        ${inline(n, (j) => `const d${j} = v128.load(t, ${j * 16});`)}
        ${Gt.map((row, j) => `v128.store(${at(j)}, f32x4.add(v128.load(${at(j)}), ${linear(row, names('d', n))}));`).join('\n        ')}
        s += 3 * panel; t += ${n * 16};
      }
    }
    dWeights += 9 * panel; du += panel;
  }
}`;
}

export function winogradTransforms() {
  const table = Object.values(F4.constants).join(', ');
  return `// Generated by src/core/kernels/assembly/generator: change it there.
import { fma, bytes } from '../simd';

// Each instance (thread) has a scratch region of its own: a mutable global is per instance, whereas static data lies in
// the shared memory and would be a data race.
let SCRATCH: usize = 0;
export function setScratch(pointer: usize): void {
  SCRATCH = pointer;
}

const CONSTANTS4: usize = memory.data<f32>([${table}], 16);
${[F2, F4].flatMap((spec) => [input, outputGradient, output, inputGradient, weights, weightGradient].map((part) => part(spec))).join('\n')}
`;
}
