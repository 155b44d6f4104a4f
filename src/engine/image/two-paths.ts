import type { Preprocessing } from '../../core/model/model';
import { decode } from './decode';
import { fitContent, frame } from './fit';
import { MEMORY_LIMIT } from './guard';
import { flatten, parseColor, type Pixels } from './pixels';
import { prepare } from './prepare';

/** A picture at the stages that another program's preprocessing can be compared at. Nothing is inverted. */
export interface TwoPaths {
  /** Upright RGB, transparency on white, in the file's size. */
  decoded: Pixels;
  /** The same in the network's size. */
  fitted: Pixels;
  /** What the network gets of it, `[H, W, C]`. */
  input: Float32Array;
}

/** @throws FailureError as `prepare`. */
export async function twoPaths(bytes: Uint8Array, name: string, preprocessing: Preprocessing): Promise<TwoPaths> {
  const { pixels } = await decode(bytes, name, MEMORY_LIMIT, preprocessing.scales);
  const decoded = flatten(pixels, parseColor('#ffffff'));
  const fitted = frame(await fitContent(decoded, preprocessing), preprocessing, parseColor('#000000'));
  const { input } = await prepare({ bytes }, name, preprocessing, { invert: 'off' });
  return { decoded, fitted, input };
}
