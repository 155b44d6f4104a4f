/** What goes into a network, as the window asks for it: pictures, how they are fitted, models. */
import {
  bytes,
  check,
  list,
  number,
  object,
  oneOf,
  optional,
  refine,
  tagged,
  text,
  whole,
  type Infer,
} from '../core/schema';
import { INVERT } from '../core/data/invert';
import { say } from '../words';

export const FITS = ['stretch', 'crop', 'letterbox'] as const;
export const fit = oneOf(...FITS);
export type Fit = Infer<typeof fit>;
export { INVERT as INVERTS };
export const invert = oneOf(...INVERT);
export type Invert = Infer<typeof invert>;

/** Pads and pictures of data sets are small; anything larger is a mistake. */
const side = whole(1, 4096);
const positive = refine(number, (value) => value > 0, say('schema.number'));

/** Bytes come from a drop, a paste, a file dialog or the drawing pad; samples are bundled. */
export const imageSource = tagged('kind', {
  bytes: object({ name: text(), bytes }),
  sample: object({ id: text() }),
  /** 8-bit pixels, row by row, gray (`channels` 1) or RGB (3): from the pad, or picture `name` of the data set `of`. */
  pixels: refine(
    object({
      name: text(),
      width: side,
      height: side,
      channels: oneOf(1, 3),
      pixels: bytes,
      of: optional(object({ id: text(), name: text() })),
    }),
    ({ width, height, channels, pixels }) => pixels.length === width * height * channels,
    say('schema.pixels'),
  ),
});
export type ImageSource = Infer<typeof imageSource>;

/**
 * How a picture becomes the input of a network that others made: input = (pixel × scale − mean[c]) ÷ deviation[c], of sRGB values
 * 0 … 255. Moments are those of red, green and blue, for any order of the channels in the input.
 */
export const pictureInput = refine(
  object({
    height: side,
    width: side,
    layout: oneOf('NCHW', 'NHWC'),
    color: oneOf('gray', 'rgb', 'bgr'),
    scale: number,
    mean: list(number, 1, 3),
    deviation: list(positive, 1, 3),
  }),
  ({ color, mean, deviation }) => mean.length === deviation.length && mean.length === (color === 'gray' ? 1 : 3),
  say('schema.moments'),
);
export type PictureInput = Infer<typeof pictureInput>;

export const inputOptions = object({
  fit,
  invert,
  /** For a foreign network: in place of what was guessed. */
  picture: optional(pictureInput),
  /** What shows through transparency, `#rrggbb`. */
  background: check<string>(
    (value) => typeof value === 'string' && /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(value),
    say('schema.color'),
  ),
});
export type InputOptions = Infer<typeof inputOptions>;

export const modelSource = tagged('kind', {
  bundled: object({ id: text() }),
  /** `beside`: files that came together with it, in which its external data may lie. */
  bytes: object({ name: text(), bytes, beside: optional(list(object({ name: text(), bytes }), 0, 64)) }),
  /** The weights that a run keeps. */
  run: object({ id: text() }),
});
export type ModelSource = Infer<typeof modelSource>;
