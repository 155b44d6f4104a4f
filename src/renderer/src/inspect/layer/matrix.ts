/** All kernels of a layer as one picture: a row an output channel, a column an input channel. Lengths are device pixels. */
export interface MatrixLayout {
  outputs: number;
  inputs: number;
  kernelHeight: number;
  kernelWidth: number;
  /** Device pixels a weight. */
  cell: number;
  /** Between kernels. */
  gap: number;
  pitchX: number;
  pitchY: number;
  width: number;
  height: number;
}

/** One weight of the matrix. */
export interface MatrixPlace {
  output: number;
  input: number;
  row: number;
  column: number;
}

/** Kernels about 28 px a side, larger (to 56) where the room, in CSS pixels, holds all input channels. */
export function matrixLayout(
  [outputs, inputs, kernelHeight, kernelWidth]: readonly [number, number, number, number],
  room: number,
  ratio: number,
): MatrixLayout {
  const side = Math.max(kernelHeight, kernelWidth);
  const gap = side === 1 ? (inputs > 64 ? 0 : 1) : Math.max(2, Math.round(3 * ratio));
  const least = Math.max(1, Math.round(((side === 1 ? 8 : 28) * ratio) / side));
  const most = Math.max(1, Math.floor(((side === 1 ? 20 : 56) * ratio) / side));
  const fitting = Math.floor(((room * ratio + gap) / inputs - gap) / kernelWidth);
  const cell = Math.min(most, Math.max(least, fitting));
  const pitchX = kernelWidth * cell + gap;
  const pitchY = kernelHeight * cell + gap;
  return {
    outputs,
    inputs,
    kernelHeight,
    kernelWidth,
    cell,
    gap,
    pitchX,
    pitchY,
    width: inputs * pitchX - gap,
    height: outputs * pitchY - gap,
  };
}

/** Rows (or columns) of which a part lies in `[from, from + length)`: `[first, last)`. */
export function span(from: number, length: number, pitch: number, count: number): [number, number] {
  const first = Math.min(count, Math.max(0, Math.floor(from / pitch)));
  return [first, Math.max(first, Math.min(count, Math.ceil((from + length) / pitch)))];
}

/** The weight at a place of the whole picture, or null between kernels and outside. */
export function placeAt(layout: MatrixLayout, x: number, y: number): MatrixPlace | null {
  const output = Math.floor(y / layout.pitchY);
  const input = Math.floor(x / layout.pitchX);
  const row = Math.floor((y - output * layout.pitchY) / layout.cell);
  const column = Math.floor((x - input * layout.pitchX) / layout.cell);
  const inside =
    output >= 0 &&
    input >= 0 &&
    output < layout.outputs &&
    input < layout.inputs &&
    row < layout.kernelHeight &&
    column < layout.kernelWidth;
  return inside ? { output, input, row, column } : null;
}

/**
 * Writes the part of the picture that begins at (left, top) into `out`, `width × height` words: `colors(o)` gives the
 * words of output channel o's weights, row by row, or null where they are not there yet; the rest stays as it is.
 */
export function drawMatrix(
  out: Uint32Array,
  width: number,
  height: number,
  layout: MatrixLayout,
  left: number,
  top: number,
  colors: (output: number) => Uint32Array | null,
): void {
  const { cell, kernelHeight, kernelWidth, pitchX, pitchY } = layout;
  const [firstOutput, lastOutput] = span(top, height, pitchY, layout.outputs);
  const [firstInput, lastInput] = span(left, width, pitchX, layout.inputs);
  const cells = kernelHeight * kernelWidth;
  for (let o = firstOutput; o < lastOutput; o++) {
    const words = colors(o);
    if (!words) continue;
    for (let r = 0; r < kernelHeight; r++) {
      const y0 = Math.max(0, o * pitchY + r * cell - top);
      const y1 = Math.min(height, o * pitchY + (r + 1) * cell - top);
      if (y1 <= y0) continue;
      const line = y0 * width;
      for (let i = firstInput; i < lastInput; i++)
        for (let c = 0; c < kernelWidth; c++) {
          const x = i * pitchX + c * cell - left;
          if (x < width && x + cell > 0)
            out.fill(words[i * cells + r * kernelWidth + c], line + Math.max(0, x), line + Math.min(width, x + cell));
        }
      for (let y = y0 + 1; y < y1; y++) out.copyWithin(y * width, line, line + width);
    }
  }
}
