import type { Shown } from '../../core/data/likeness';
import { inversionOf, isInverted } from '../../core/data/inversion';
import type { Preprocessing } from '../../core/model/model';
import type { InputOptions, Inspection, Picture } from '../../shared/protocol';
import { say, type Message } from '../../words';
import { decode, type Decoded } from './decode';
import { fitContent, frame, resized } from './fit';
import { MEMORY_LIMIT } from './guard';
import { toChannels, toInput } from './input';
import { flatten, parseColor, unorient, type Pixels } from './pixels';
import { lookOf } from './training-picture';
import { isColored, warningsOf } from './warnings';

/** An input picture: a file's bytes, or gray pixels from the drawing pad. */
export type ImageInput = { bytes: Uint8Array } | { pixels: Pixels };

/** A picture ready for the network, and the steps that led to it. */
export interface Prepared {
  /** `[H, W, C]`. */
  input: Float32Array;
  file: Inspection['input'];
  strip: Pick<Inspection['strip'], 'original' | 'oriented' | 'fitted'>;
  /** As the network sees it: bytes in its channels, inverted where it is inverted. */
  seen: Pick<Shown, 'pixels' | 'channels' | 'colored' | 'size'>;
  options: InputOptions;
  inverted: boolean;
  invertSuggested: boolean;
  /** Warnings for the user: a blank picture, strokes that cannot be seen. */
  warnings: Message[];
}

/** Pictures for the strip and for pickers have at most this many pixels a side. */
const PICTURE_SIDE = 256;

const WHITE = '#ffffff';

/**
 * The only way from a picture to the network's input, always in this order: decode → upright → 8-bit sRGB →
 * transparency flattened → fitted → gray, as bytes → inverted → normalized. Training and evaluation take the same steps
 * (./training-picture); whether a picture is inverted is decided by the same function (`inversionOf`) for Inspect, evaluations and
 * verification. Training inverts nothing, and no picture of the data that a network learned from is inverted by itself.
 *
 * Transparency lets white through unless a background is chosen. A letterbox's bars have the chosen background too;
 * without one they are as in training, after inverting: black where it was trained on letterboxed pictures (training
 * draws black bars), otherwise its ground, black or (trained on light ground) white.
 * @param name how messages call the picture.
 * @throws FailureError for bytes that are no picture to be opened (see `decode`).
 */
export async function prepare(
  image: ImageInput,
  name: string,
  preprocessing: Preprocessing,
  options: Partial<InputOptions>,
): Promise<Prepared> {
  const decoded =
    'bytes' in image ? await decode(image.bytes, name, MEMORY_LIMIT, preprocessing.scales) : drawn(image.pixels);
  const fit = options.fit ?? preprocessing.fit;
  const backgroundColor = options.background ?? WHITE;
  const background = parseColor(backgroundColor);
  const flat = flatten(decoded.pixels, background);
  const fitted = await fitContent(flat, { ...preprocessing, fit });

  const inversion = inversionOf(lookOf(fitted.content), preprocessing, flat);
  const invert = options.invert ?? 'auto';
  const inverted = isInverted(invert, inversion);
  const known = preprocessing.fit !== 'letterbox' && preprocessing.ground === 'light';
  const light = known !== inverted;
  const bars = options.background ? background : parseColor(light ? WHITE : '#000000');
  const pixels = frame(fitted, preprocessing, bars);
  const channels = preprocessing.colour === 'grey' ? 1 : 3;
  const bytes = toChannels(pixels.data, 3, channels);

  const oriented = await shrunk(decoded.pixels, PICTURE_SIDE);
  return {
    input: toInput(bytes, preprocessing, inverted),
    file: { file: name, width: decoded.width, height: decoded.height, format: decoded.format, notes: notesOf(decoded) },
    strip: {
      original: picture(unorient(oriented, decoded.orientation)),
      oriented: picture(oriented),
      fitted: picture(await shrunk(pixels, PICTURE_SIDE)),
    },
    seen: {
      pixels: inverted ? bytes.map((value) => 255 - value) : bytes,
      channels,
      colored: isColored(fitted.content),
      size: { height: flat.height, width: flat.width },
    },
    options: { fit, invert, background: backgroundColor },
    inverted,
    invertSuggested: inversion.suggested,
    warnings: warningsOf(decoded.pixels, flat, backgroundColor),
  };
}

/** A picture's bytes as a small picture, at most `side` pixels a side. @throws FailureError as `decode`. */
export async function thumbnail(bytes: Uint8Array, name: string, side: number): Promise<Picture> {
  return picture(await shrunk((await decode(bytes, name)).pixels, side));
}

/** Pixels from the drawing pad. */
const drawn = (pixels: Pixels): Omit<Decoded, 'format' | 'remarks' | 'scale'> & { format: string } => ({
  format: 'pixels',
  width: pixels.width,
  height: pixels.height,
  orientation: 1,
  notes: [],
  pixels,
});

function notesOf({ notes, orientation }: Pick<Decoded, 'notes' | 'orientation'>): Message[] {
  return orientation > 1 ? [...notes, say('image.note.exif', { orientation })] : notes;
}

/** Shrunk to at most `side` pixels a side, proportions kept; smaller ones stay as they are. */
async function shrunk(pixels: Pixels, side: number): Promise<Pixels> {
  const scale = Math.min(1, side / Math.max(pixels.width, pixels.height));
  const length = (full: number): number => Math.max(1, Math.round(full * scale));
  return resized(pixels, length(pixels.height), length(pixels.width), 'lanczos3');
}

function picture({ width, height, channels, data }: Pixels): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[i * channels + (channels === 1 ? 0 : c)];
    rgba[4 * i + 3] = channels === 4 ? data[4 * i + 3] : 255;
  }
  return { width, height, rgba };
}
