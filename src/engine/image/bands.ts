import { say, type Message } from '../../words';
import type { Pixels, Raw } from './pixels';
import type { ImageFormat } from './sniff';
import { tiffSamples } from './tiff';

/** The bands of a picture that are its colors and its transparency. */
export interface Bands {
  /** A note about bands that were left out. */
  remarks: Message[];
  /** RGB or RGBA of what libvips gives, whose first bands are red, green and blue. */
  pixelsOf(raw: Raw): Pixels;
}

/** More bits than libvips reads. */
const MOST_BITS = 32;
/** More bands than sharp reads. */
const MOST_BANDS = 5;

const usual: Bands = {
  remarks: [],
  pixelsOf: ({ width, height, bands, data }) => ({ width, height, channels: bands as 3 | 4, data }),
};

/**
 * Chooses a picture's bands. Only a TIFF can have bands other than colors and transparency: in an RGB picture the extra
 * ones are left out with a note; if nothing says which bands are colors, the picture is refused.
 */
export function bandsOf(format: ImageFormat, bytes: Uint8Array): Bands | { refused: Message } {
  const tiff = format === 'TIFF' ? tiffSamples(bytes) : null;
  if (!tiff) return usual;
  const { bands, bits, extra, rgb, float, negative } = tiff;
  if (bits > MOST_BITS) return { refused: say('image.refused.bits', { bits }) };
  // libvips takes gray 16-bit floats for whole numbers, and does not invert floats.
  if (float && bits < MOST_BITS && !rgb) return { refused: say('image.refused.half', { bits }) };
  if (float && negative) return { refused: say('image.refused.negative') };
  // libvips divides colors that are stored premultiplied by their transparency.
  const transparent = extra.length === 1 && (extra[0] === 1 || extra[0] === 2);
  if (extra.length === 0 || transparent) return usual;
  if (!rgb) return { refused: say('image.refused.bands', { bands }) };
  if (bands > MOST_BANDS) return { refused: say('image.refused.manyBands', { bands }) };
  return { remarks: [say('image.note.bands', { bands })], pixelsOf: firstThree };
}

function firstThree({ width, height, bands, data }: Raw): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += bands, to += 3)
    for (let c = 0; c < 3; c++) rgb[to + c] = data[from + c];
  return { width, height, channels: 3, data: rgb };
}
