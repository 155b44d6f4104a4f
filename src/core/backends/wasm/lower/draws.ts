import { keyOf } from '../../../random';
import type { Node } from '../fuse';
import type { Layout } from '../layout';
import type { Lowering } from './lowering';

/** What a kernel that draws needs for one row: how many draws, from which on, and the key of the sample's stream. */
export interface RowDraws {
  count: number;
  from: number;
  key0: number;
  key1: number;
}

/**
 * The rows of each image with their draws, which are counted in the order of the dense output: row by row through the halo.
 * @param each gets the image and the row's offset in bytes.
 */
export function eachDrawnRow(
  { node, run, layout, stream }: { node: Node; run: Lowering['run']; layout: Layout; stream: number },
  first: number,
  count: number,
  each: (image: number, offset: number, draws: RowDraws) => void,
): void {
  const { draw } = run;
  if (!draw) throw new Error(`${node.spec.kind} in training needs seed, epoch and samples to draw from`);
  const length = layout.width * layout.channels;
  for (let i = first; i < first + count; i++) {
    const [key0, key1] = keyOf(draw.seed, stream, draw.epoch, draw.samples[i], node.layer);
    for (let row = 0; row < layout.height; row++) {
      each(i, row * layout.row * 4, { count: length, from: row * length, key0, key1 });
    }
  }
}
