import { isSame, type Layout } from '../layout';
import { GROUP } from '../shards';
import { errors, pixels, type Activation, type Gradient } from '../values';
import type { Lowering } from './lowering';

/**
 * The destination of dX for kernels that can write only one layout: with padding, or without gaps. If the gradient has that layout,
 * it is written in place; otherwise into a staging area, from which the pixels are copied (through the ReLU's mask, if the reader
 * applies it), or added if branches join.
 */
export class GradientWriter {
  readonly row: number;
  private readonly staged: boolean;
  private readonly image: number;
  private readonly stage: number;
  /** Floats from the first float of the written image to the first pixel. */
  private readonly offset: number;

  /**
   * @param written the layout that the kernel writes. What it leaves in the halo is garbage.
   */
  constructor(
    private readonly x: Activation,
    private readonly gradient: Gradient,
    written: Layout,
    private readonly context: Lowering,
  ) {
    const { joined, maskedBy, border, layout } = gradient;
    const spoils = written.image > written.height * written.width * written.lanes;
    this.staged = joined || maskedBy === 'reader' || !isSame(layout, written) || (spoils && border !== 'spoiled');
    this.row = written.row;
    this.image = written.image;
    this.offset = written.offset;
    const images = Math.min(GROUP, context.maxBatch);
    this.stage = this.staged ? context.own.floats(images * written.image + 16) : 0;
  }

  /** Address of the first float of the written image i. */
  at(i: number, first: number): number {
    if (this.staged) return this.stage + (i - first) * this.image * 4;
    return errors(this.gradient, i, first) - this.offset * 4;
  }

  /** Zeroes the images of a group, for kernels that add. */
  begin(first: number, count: number): void {
    this.context.k.fillZero({ pointer: this.at(first, first), bytes: count * this.image * 4 });
  }

  /** Copies staged pixels to the gradient. */
  end(first: number, count: number): void {
    if (!this.staged) return;
    const { k } = this.context;
    const { x, gradient, row } = this;
    const { joined, maskedBy, layout } = gradient;
    const length = x.layout.width * x.layout.lanes;
    for (let i = first; i < first + count; i++) {
      const from = this.at(i, first) + this.offset * 4;
      const to = errors(gradient, i, first);
      if (maskedBy === 'reader')
        k.reluBackward({
          saved: pixels(x, i),
          savedRow: x.layout.row,
          dy: from,
          dyRow: row,
          dx: to,
          dxRow: layout.row,
          rows: x.layout.height,
          length,
          accumulate: 0,
        });
      else if (joined) k.addRows({ x: from, xRow: row, y: to, yRow: layout.row, rows: x.layout.height, length });
      else k.copyRows({ x: from, xRow: row, y: to, yRow: layout.row, rows: x.layout.height, length });
    }
  }
}

/** Zeroes the pixels of a gradient, for images [first, first + count). */
export function zeroGradient(gradient: Gradient, context: Lowering, first: number, count: number): void {
  const start = errors(gradient, first, first) - gradient.layout.offset * 4;
  context.k.fillZero({ pointer: start, bytes: count * gradient.layout.image * 4 });
}
