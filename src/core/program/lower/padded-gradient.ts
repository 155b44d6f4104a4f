import type { ConvPlan } from '../conv-plan';
import { makeLayout } from '../layout';
import { GROUP } from '../shards';
import { eachBlock, errors, gradientOf, pixels, type Gradient, type Value } from '../values';
import type { Lowering } from './lowering';

/**
 * Where a kernel adds up dX together with its padding. That is the gradient's own memory where its layout has the room and
 * nothing reads the padding, which then holds garbage; else a staging area, from which the pixels are copied (through the
 * ReLU's mask, if it falls to the reader), or added where branches join.
 */
export class PaddedGradient {
  readonly row: number;
  private readonly gradient: Gradient;
  private readonly staged: boolean;
  private readonly image: number;
  private readonly stage: number;
  /** Floats from the first float of the padded image to the first pixel. */
  private readonly offset: number;

  constructor(
    private readonly x: Value,
    plan: ConvPlan,
    private readonly context: Lowering,
  ) {
    this.gradient = gradientOf(x);
    const { lanes, channels } = x.layout;
    const padded = makeLayout([plan.height, plan.width, channels], lanes, plan.inputHalo);
    const own = this.gradient.layout;
    this.staged =
      this.gradient.joined || own.row !== padded.row || own.image !== padded.image || own.offset !== padded.offset;
    this.row = padded.row;
    this.image = padded.image;
    this.offset = padded.offset;
    const images = Math.min(GROUP, context.maxBatch);
    this.stage = this.staged ? context.own.floats(images * padded.image + 16) : 0;
  }

  /** Distance between images, in floats. */
  get distance(): number {
    return this.image;
  }

  /** Address of the first float of the padded image i. */
  at(i: number, first: number): number {
    if (this.staged) return this.stage + (i - first) * this.image * 4;
    return errors(this.gradient, i, first) - this.offset * 4;
  }

  /** Zeroes the images of a group. */
  begin(first: number, count: number): void {
    this.context.k.fillZero(this.at(first, first), count * this.image * 4);
  }

  /** Brings staged pixels home. */
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
        k.reluBackward(pixels(x, i), x.layout.row, from, row, to, layout.row, x.layout.height, length, 0);
      else if (joined) k.addRows(from, row, to, layout.row, x.layout.height, length);
      else k.copyRows(from, row, to, layout.row, x.layout.height, length);
    }
  }
}

/** Zeroes the pixels of a gradient, for images [first, first + count). */
export function zeroGradient(gradient: Gradient, context: Lowering, first: number, count: number): void {
  const start = errors(gradient, first, first) - gradient.layout.offset * 4;
  context.k.fillZero(start, count * gradient.layout.image * 4);
}

export { eachBlock };
