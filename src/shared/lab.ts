/** What the scenes of Learn have the engine compute, because it takes the fast kernels or a picture's file. */
import { bytes, list, number, object, oneOf, refine, tagged, text, whole, type Infer } from '../core/schema';
import { say } from '../words';
import { method, result } from './method';

/** Longest side of a picture that a scene works on. */
export const LAB_SIDE = 512;
/** Side of the largest kernel. */
export const LAB_KERNEL = 11;

/** A bundled sample, or a file that was dropped. */
const labPicture = tagged('kind', {
  bytes: object({ name: text(), bytes }),
  sample: object({ id: text() }),
});
export type LabPicture = Infer<typeof labPicture>;

const channels = oneOf(1, 3);
const side = whole(1, LAB_SIDE);

/** Bytes of a picture as a network gets them: `[height, width, channels]`. */
const planes = refine(
  object({ width: side, height: side, channels, pixels: bytes }),
  ({ width, height, channels: count, pixels }) => pixels.length === width * height * count,
  say('schema.pixels'),
);
export interface Planes {
  width: number;
  height: number;
  channels: 1 | 3;
  pixels: Uint8Array;
}

/** Milliseconds of one convolution by each way, and the largest difference between their answers. */
export interface RaceResult {
  loops: number;
  im2col: number;
  kernels: number;
  apart: number;
}

/** What is raced, at most: about 10⁹ multiply-adds. */
export const RACE = { channels: 64, filters: 128, side: 128, kernel: 7, products: 1e9 };

/** A value of a small network: `[C, height, width]`. */
export interface LabMaps {
  width: number;
  height: number;
  data: Float32Array;
}

export const labMethods = {
  /** A picture at most `side` pixels a side, gray or in color. */
  planes: method({ image: labPicture, side, channels }, result<Planes>),
  /** One convolution by loops, by im2col and by our kernels, timed on this machine; a job. Stride 1, no padding. */
  race: method(
    {
      channels: whole(1, RACE.channels),
      filters: whole(1, RACE.filters),
      side: whole(RACE.kernel, RACE.side),
      kernel: whole(1, RACE.kernel),
      job: text(),
    },
    result<RaceResult>,
  ),
  /**
   * conv → relu → max pool 2 × 2 of pixel ÷ 255: a kernel over each channel by itself, as large as the picture (zeros around it).
   * `weights` is `[channels or 1, size, size]`: one kernel for all channels, or one for each.
   */
  filter: method(
    { picture: planes, size: whole(1, LAB_KERNEL), weights: list(number, 1, 3 * LAB_KERNEL ** 2) },
    result<{ conv: LabMaps; relu: LabMaps; pool: LabMaps }>,
  ),
};
