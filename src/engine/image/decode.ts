import type { Metadata, SharpOptions } from 'sharp';
import { FailureError } from '../../shared/failures';
import { guard } from './guard';
import type { Pixels } from './pixels';
import sharp from './sharp';
import { sniff, type ImageFormat } from './sniff';

/** A picture decoded: upright, sRGB, 8 bits a sample, transparency still in it. */
export interface Decoded {
  format: ImageFormat;
  /** Size for people, after orientation; an SVG's own, though it may have been drawn larger. */
  width: number;
  height: number;
  /** EXIF orientation as stored, 1 … 8. */
  orientation: number;
  /** What was converted on the way, for the strip: `CMYK`, `16 bit`, `frame 1 of 30`. */
  notes: string[];
  pixels: Pixels;
}

/** An SVG whose longer side is shorter than this is drawn this large (it has no pixels of its own). */
const SVG_SIDE = 512;

/** libjpeg's warnings (its jerror.h) that mean lost pixels. */
const DAMAGED_JPEG = /premature end|Corrupt JPEG data: (bad|found marker)/i;

/**
 * Decodes a picture's bytes: PNG, JPEG, WebP, AVIF, GIF, TIFF, SVG, told by content. EXIF orientation is applied; CMYK,
 * Lab, grey, palette, 16-bit and float samples become 8-bit sRGB, by the embedded ICC profile where there is one; of an
 * animation or a multi-page TIFF the first frame is taken. A damaged or truncated picture is refused, never half shown.
 * Guards memory before decoding, not time: see `Decoder` for that.
 * @throws FailureError `file.empty`, `image.format`, `image.broken`, `image.too-large`.
 */
export async function decode(bytes: Uint8Array, name: string): Promise<Decoded> {
  if (bytes.length === 0) throw new FailureError('file.empty', { file: name });
  const { format, found } = sniff(bytes);
  if (!format) throw new FailureError('image.format', { file: name, found });
  try {
    return await decodeAs(format, bytes, name);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError('image.broken', { file: name, format, reason: plainReason(error) });
  }
}

async function decodeAs(format: ImageFormat, bytes: Uint8Array, name: string): Promise<Decoded> {
  // Our own guard stands in for sharp's limit, which counts pixels and not what they take.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: false };
  const metadata = await sharp(bytes, options).metadata();
  const { width, height } = metadata.autoOrient;
  guard(name, format, metadata);
  if (format === 'SVG') {
    const enlarge = SVG_SIDE / Math.max(width, height);
    if (enlarge > 1) options.density = 72 * enlarge;
    guard(name, format, await sharp(bytes, options).metadata());
  }
  const source = metadata.icc && metadata.space === 'rgb16' ? await inEightBits(bytes, options) : bytes;
  const draw = (failOn: SharpOptions['failOn']) =>
    sharp(source, { ...options, failOn })
      .autoOrient()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  // libjpeg only warns of missing data, and of much that is harmless too: the warnings are told apart here.
  const { data, info } = await (format === 'JPEG'
    ? draw('warning').catch((error: Error) => {
        if (DAMAGED_JPEG.test(error.message)) throw error;
        return draw('error');
      })
    : draw('error'));
  const pixels = { width: info.width, height: info.height, channels: info.channels as 3 | 4, data };
  return { format, width, height, orientation: metadata.orientation ?? 1, notes: notesOf(metadata), pixels };
}

/**
 * The same picture upright with 8 bits a sample, its profile still to be applied. sharp takes 16-bit colours with a profile to
 * Display P3 and then calls the result sRGB, which pales them.
 */
const inEightBits = (bytes: Uint8Array, options: SharpOptions): Promise<Buffer> =>
  sharp(bytes, options).autoOrient().keepIccProfile().toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer();

function notesOf(metadata: Metadata): string[] {
  const notes: string[] = [];
  const space = { cmyk: 'CMYK', lab: 'Lab', labs: 'Lab', 'b-w': 'grey', grey16: 'grey' }[metadata.space as string];
  if (space) notes.push(metadata.hasAlpha ? `${space} + alpha` : space);
  else if (metadata.isPalette) notes.push('palette');
  if (metadata.depth === 'ushort') notes.push('16 bit');
  else if (metadata.depth === 'float') notes.push('float');
  if (metadata.pages && metadata.pages > 1) notes.push(`1 of ${metadata.pages}`);
  return notes;
}

/** The first line that libvips says, without the names of its functions. */
function plainReason(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').map((line) =>
    line
      .replace(/^Input buffer has corrupt header:?/, '')
      .replace(/^\s*(Vips\w+|vips\w+|\w+(load|2vips)\w*): */i, '')
      .replace(/\.$/, '')
      .trim(),
  );
  return lines.find((line) => line && !line.startsWith('Warning treated as error')) ?? 'its header is damaged';
}
