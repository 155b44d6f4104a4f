// Register tiles: R rows × 4 or 8 columns of C, held in 2·R vector registers while k runs. AssemblyScript has no arrays
// of locals, hence this generator. 6 × 8 is the largest that fits the 15 vector registers that V8 leaves (12
// accumulators, 2 vectors of B, 1 splat of A); BLIS calls this shape a micro-kernel (Van Zee & van de Geijn 2015).
import { HEADER, each, inline, lines } from './text.mjs';

export const UNROLL = 4;
/** Rows of the largest tile. */
export const ROWS = 6;

/** c[r][v] += a[r] · b[v], for all r and v. `a(r)` loads a splat, `b(v)` loads four columns. */
export function multiplyAdd(rows, vectors, a, b) {
  return [
    inline(vectors, (v) => `b${v} = ${b(v)};`),
    ...each(rows, (r) => `t = ${a(r)}; ${inline(vectors, (v) => `c${r}_${v} = fma(t, b${v}, c${r}_${v});`)}`),
  ].join('\n      ');
}

/** `for (k …) step`, unrolled. `step(u)` is the text of step u of a round; `advance(n)` moves the pointers n steps on. */
export function unrolled(unroll, step, advance) {
  return `while (k >= ${unroll}) {
      ${inline(unroll, step)}
      ${advance(unroll)} k -= ${unroll};
    }
    while (k > 0) {
      ${step(0)}
      ${advance(1)} k--;
    }`;
}

/** Splats of A walk along k in R rows `p0 … p5`; B is a panel with 8 columns a step. */
export function rowsTimesPanel(rows, vectors, unroll) {
  return unrolled(
    unroll,
    (u) =>
      multiplyAdd(
        rows,
        vectors,
        (r) => `v128.load_splat<f32>(p${r}, ${u * 4})`,
        (v) => `v128.load(b, ${u * 32 + v * 16})`,
      ),
    (n) => `b += ${n * 32}; ${inline(rows, (r) => `p${r} += ${n * 4};`)}`,
  );
}

/**
 * C = A·B, A's rows by pointer, contiguous along k in `segments` pieces (the rows of a convolution's window).
 * start: 0 from zero, 1 from the bias, 2 from C itself. The first `columns` columns are stored.
 */
function dotTile(rows, vectors) {
  const width = vectors * 4;
  return `
function dotTile${rows}x${width}(segments: i32, segmentLength: i32, a: usize, aRow: usize, aSegment: usize, b: usize, c: usize, cRow: usize, start: i32, bias: usize, relu: i32, columns: i32): void {
  ${each(rows, (r) => inline(vectors, (v) => `let c${r}_${v}: v128;`)).join(' ')}
  if (start == 2) {
    ${lines(rows, (r) => inline(vectors, (v) => `c${r}_${v} = v128.load(c + ${r} * cRow, ${v * 16});`))}
  } else {
    ${inline(vectors, (v) => `let z${v} = start == 1 ? v128.load(bias, ${v * 16}) : f32x4.splat(0);`)}
    ${lines(rows, (r) => inline(vectors, (v) => `c${r}_${v} = z${v};`))}
  }
  let t: v128; ${inline(vectors, (v) => `let b${v}: v128;`)}
  for (; segments > 0; segments--) {
    ${inline(rows, (r) => `let p${r} = a + ${r} * aRow;`)} let k = segmentLength;
    ${rowsTimesPanel(rows, vectors, UNROLL)}
    a += aSegment;
  }
  if (relu) {
    const zero = f32x4.splat(0);
    ${lines(rows, (r) => inline(vectors, (v) => `c${r}_${v} = f32x4.max(c${r}_${v}, zero);`))}
  }
  if (columns >= ${width}) {
    ${lines(rows, (r) => `{ const q = c + ${r} * cRow; ${inline(vectors, (v) => `v128.store(q, c${r}_${v}, ${v * 16});`)} }`)}
  } else {
    ${lines(rows, (r) => (vectors === 2 ? `storeTail8(c + ${r} * cRow, c${r}_0, c${r}_1, columns);` : `storeTail(c + ${r} * cRow, c${r}_0, columns);`))}
  }
}`;
}

/**
 * C += AᵀB with k along pixels: A(k, r) at a + k·aStep + 4r, B(k, ·) at b + k·bStep, in `segments` pieces (image rows).
 * Columns from `columns` on get nothing added.
 */
function outerTile(rows, vectors) {
  const width = vectors * 4;
  return `
function outerTile${rows}x${width}(segments: i32, segmentLength: i32, a: usize, aStep: usize, aSegment: usize, b: usize, bStep: usize, bSegment: usize, c: usize, cRow: usize, columns: i32): void {
  ${each(rows, (r) => inline(vectors, (v) => `let c${r}_${v} = f32x4.splat(0);`)).join(' ')}
  let t: v128; ${inline(vectors, (v) => `let b${v}: v128;`)}
  for (; segments > 0; segments--) {
    let p = a, q = b, k = segmentLength;
    ${unrolled(
      UNROLL,
      () =>
        multiplyAdd(
          rows,
          vectors,
          (r) => `v128.load_splat<f32>(p, ${r * 4})`,
          (v) => `v128.load(q, ${v * 16})`,
        ) + ' p += aStep; q += bStep;',
      () => '',
    )}
    a += aSegment; b += bSegment;
  }
  if (columns < ${width}) {
    ${inline(vectors, (v) => `const m${v} = lanesBefore(columns, ${v});`)}
    ${lines(rows, (r) => inline(vectors, (v) => `c${r}_${v} = v128.and(c${r}_${v}, m${v});`))}
  }
  ${lines(rows, (r) => `{ const q = c + ${r} * cRow; ${inline(vectors, (v) => `v128.store(q, f32x4.add(v128.load(q, ${v * 16}), c${r}_${v}), ${v * 16});`)} }`)}
}`;
}

/** One function that calls the tile of the given height. */
function dispatcher(name, width, parameters) {
  const passed = parameters.map((p) => p.split(':')[0]).join(', ');
  return `
@inline
export function ${name}${width}(rows: i32, ${parameters.join(', ')}): void {
  switch (rows) {
    ${lines(ROWS, (i) => `case ${i + 1}: ${name}${i + 1}x${width}(${passed}); break;`)}
  }
}`;
}

const DOT =
  'segments: i32,segmentLength: i32,a: usize,aRow: usize,aSegment: usize,b: usize,c: usize,cRow: usize,start: i32,bias: usize,relu: i32,columns: i32';
const OUTER =
  'segments: i32,segmentLength: i32,a: usize,aStep: usize,aSegment: usize,b: usize,bStep: usize,bSegment: usize,c: usize,cRow: usize,columns: i32';

export function tiles() {
  const parts = [HEADER];
  for (const vectors of [1, 2]) {
    for (let rows = 1; rows <= ROWS; rows++) parts.push(dotTile(rows, vectors), outerTile(rows, vectors));
    parts.push(
      dispatcher('dotTile', vectors * 4, DOT.split(',')),
      dispatcher('outerTile', vectors * 4, OUTER.split(',')),
    );
  }
  return parts.join('\n');
}
