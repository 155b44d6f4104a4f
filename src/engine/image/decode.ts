import type { Metadata, SharpOptions } from 'sharp';
import type { Scales } from '../../core/model/model';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { bandsOf } from './bands';
import { damageOf, tooMuchOf } from './damage';
import { guard, guardFrames, MEMORY_LIMIT } from './guard';
import type { Pixels, Raw } from './pixels';
import { isDepth, rangeOf, samplesFrom, scaleOf, toByte, type Depth, type Samples } from './ranges';
import sharp from './sharp';
import { sniff, type ImageFormat } from './sniff';

/** A picture decoded: upright, sRGB, 8 bits a sample, transparency still in it. */
export interface Decoded {
  format: ImageFormat;
  /** The size to display, after orientation; an SVG's own size, though it may have been drawn larger. */
  width: number;
  height: number;
  /** EXIF orientation as stored, 1 … 8. */
  orientation: number;
  /** What was converted on the way: `CMYK`, `16 bit`, `first of 30`. */
  notes: Message[];
  /** The notes that say how an ambiguous picture was read: by which range, with which bands. */
  remarks: Message[];
  /** Of samples that are no bytes: their kind, the scale they would be read on by themselves, and the one they were read on. */
  scale: Scale | null;
  pixels: Pixels;
}

export interface Scale {
  depth: Depth;
  own: number;
  most: number;
}

/** An SVG whose longer side is shorter than this is drawn this large (it has no pixels of its own). */
const SVG_SIDE = 512;

/** libjpeg's warnings (its jerror.h) that mean lost pixels. */
const DAMAGED_JPEG = /premature end|Corrupt JPEG data: (bad|found marker)/i;

/**
 * Decodes a picture's bytes: PNG, JPEG, WebP, AVIF, GIF, TIFF, SVG, told by content. EXIF orientation is applied; CMYK,
 * Lab, gray, palette and 16-bit samples become 8-bit sRGB, by the embedded ICC profile where there is one. Floats, 32-bit and
 * signed samples, and 16-bit ones that fill 14 bits at most, are read by their range (`scaleOf`), linearly. Of a TIFF's bands the
 * colors are taken, and as transparency only what it says is that. Of an animation or a multi-page TIFF the first frame is taken.
 * A damaged or truncated picture is refused, never half shown. Guards memory before decoding, not time: see `Decoder` for that.
 * @param limit bytes that decoding may take. @param scales the least scale of each kind of samples, where a set or a network has one.
 * @throws FailureError `file.empty`, `image.format`, `image.broken`, `image.refused`, `image.too-large`.
 */
export async function decode(
  bytes: Uint8Array,
  name: string,
  limit = MEMORY_LIMIT,
  scales: Scales = {},
): Promise<Decoded> {
  if (bytes.length === 0) throw new FailureError('file.empty', { file: name });
  const kind = sniff(bytes);
  if (!kind.format) throw new FailureError('image.format', { file: name, found: kind.found });
  const { format } = kind;
  try {
    return await decodeAs(format, format === 'AVIF' ? asStill(bytes) : bytes, name, limit, scales);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const beyond = format === 'SVG' ? tooMuchOf(error) : null;
    if (beyond) throw new FailureError('image.refused', { file: name, format, reason: beyond });
    throw new FailureError('image.broken', { file: name, format, reason: damageOf(error) });
  }
}

async function decodeAs(
  format: ImageFormat,
  bytes: Uint8Array,
  name: string,
  limit: number,
  scales: Scales,
): Promise<Decoded> {
  const refuse = (reason: Message): never => {
    throw new FailureError('image.refused', { file: name, format, reason });
  };
  guardFrames(name, format, bytes);
  const bands = bandsOf(format, bytes);
  if ('refused' in bands) return refuse(bands.refused);
  // Our own guard replaces sharp's limit, which counts pixels instead of memory.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: false };
  const metadata = await sharp(bytes, options).metadata();
  const { width, height } = metadata.autoOrient;
  guard(name, format, metadata, limit);
  if (format === 'SVG') {
    const enlarge = SVG_SIDE / Math.max(width, height);
    if (enlarge > 1) options.density = 72 * enlarge;
    guard(name, format, await sharp(bytes, options).metadata(), limit);
  }
  const facts = { format, width, height, orientation: metadata.orientation ?? 1 };
  const ranged = await readByRange(bytes, metadata, options, scales);
  if (ranged && 'refused' in ranged) return refuse(ranged.refused);
  const pixels = bands.pixelsOf(ranged?.pixels ?? (await drawn(bytes, metadata, format, options)));
  const remarks = [...(ranged ? [ranged.remark] : []), ...bands.remarks];
  const notes = [...notesOf(metadata, ranged !== null), ...remarks];
  return { ...facts, notes, remarks, scale: ranged?.scale ?? null, pixels };
}

/** As libvips converts to 8-bit sRGB; extra bands stay. */
async function drawn(bytes: Uint8Array, metadata: Metadata, format: ImageFormat, options: SharpOptions): Promise<Raw> {
  const source = metadata.icc && metadata.space === 'rgb16' ? await inEightBits(bytes, options) : bytes;
  const draw = (failOn: SharpOptions['failOn']) =>
    sharp(source, { ...options, failOn })
      .autoOrient()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  // libjpeg only warns of missing data, as it does of harmless things: the warnings are distinguished here.
  const { data, info } = await (format === 'JPEG'
    ? draw('warning').catch((error: Error) => {
        if (DAMAGED_JPEG.test(error.message)) throw error;
        return draw('error');
      })
    : draw('error'));
  return { width: info.width, height: info.height, bands: info.channels, data };
}

/**
 * The same picture upright with 8 bits a sample, its profile still to be applied. sharp takes 16-bit colors with a profile to
 * Display P3 and then calls the result sRGB, which pales them.
 */
const inEightBits = (bytes: Uint8Array, options: SharpOptions): Promise<Buffer> =>
  sharp(bytes, options).autoOrient().keepIccProfile().toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer();

/** Color spaces whose samples can be shown as they are; the others (CMYK, Lab) are converted by libvips. */
const PLAIN_SPACES = ['b-w', 'grey16', 'srgb', 'rgb', 'rgb16', 'scrgb', 'multiband'];
/** 16-bit samples that fill no more than 12 or 14 bits would be shown dark. */
const SIXTEEN_BITS = 65535;

/**
 * Samples of more than bytes by their range, null for others. `pixels` is null where libvips's own conversion is right; it would cut others
 * off or show them black. An alpha band has a scale of its own.
 */
async function readByRange(
  bytes: Uint8Array,
  { space, depth, channels, hasAlpha }: Metadata,
  options: SharpOptions,
  scales: Scales,
): Promise<{ scale: Scale; remark: Message; pixels: Raw | null } | { refused: Message } | null> {
  if (!isDepth(depth) || !PLAIN_SPACES.includes(space)) return null;
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const samples = samplesFrom(data, depth);
  const bands: number = info.channels;
  const colors = hasAlpha && bands > 1 ? (channels > 4 ? 3 : bands - 1) : bands;
  const range = rangeOf(samples, bands, 0, colors);
  // sharp cuts 16-bit samples off at zero; its statistics are of the file's own.
  if (depth === 'short')
    range.least = Math.min(...(await sharp(bytes, options).stats()).channels.map(({ min }) => min));
  const own = scaleOf(depth, range);
  if ('refused' in own) return own;
  const most = Math.max(own.most, scales[depth] ?? 0);
  const scale = { depth, own: own.most, most };
  const remark = say('image.note.range', { samples: say(`image.samples.${depth}`), most });
  if (depth === 'ushort' && most === SIXTEEN_BITS) return { scale, remark, pixels: null };
  const alpha = colors < bands ? scaleOf(depth, rangeOf(samples, bands, colors, bands)) : scale;
  if ('refused' in alpha) return alpha;
  const read: Raw = {
    width: info.width,
    height: info.height,
    bands,
    data: asBytes(samples, bands, colors, scale, alpha),
  };
  return { scale, remark, pixels: asColor(read, colors) };
}

function asBytes(
  samples: Samples,
  bands: number,
  colors: number,
  scale: { most: number },
  alpha: { most: number },
): Uint8Array {
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) bytes[i] = toByte(samples[i], i % bands < colors ? scale.most : alpha.most);
  return bytes;
}

/** Gray, and gray with alpha, as RGB and RGBA: as libvips gives all others. */
function asColor(raw: Raw, colors: number): Raw {
  if (colors !== 1) return raw;
  const bands = raw.bands + 2;
  const data = new Uint8Array(raw.width * raw.height * bands);
  for (let from = 0, to = 0; to < data.length; from += raw.bands, to += bands) {
    data.fill(raw.data[from], to, to + 3);
    for (let k = 1; k < raw.bands; k++) data[to + 2 + k] = raw.data[from + k];
  }
  return { ...raw, bands, data };
}

/** libheif takes the first picture of a sequence where the file says it is a still picture too: its major brand decides. */
function asStill(bytes: Uint8Array): Uint8Array {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, 12).toString('latin1', 8, 12) !== 'avis') return bytes;
  const still = bytes.slice();
  still.set(Buffer.from('avif', 'latin1'), 8);
  return still;
}

function notesOf(metadata: Metadata, ranged: boolean): Message[] {
  const notes: Message[] = [];
  const space: Message | null =
    metadata.space === 'cmyk'
      ? say('image.note.cmyk')
      : ['lab', 'labs'].includes(metadata.space)
        ? say('image.note.lab')
        : ['b-w', 'grey16'].includes(metadata.space)
          ? say('image.note.grey')
          : metadata.isPalette
            ? say('image.note.palette')
            : null;
  if (space) notes.push(space);
  if (space && metadata.hasAlpha && !metadata.isPalette) notes.push(say('image.note.alpha'));
  if (!ranged && metadata.depth === 'ushort') notes.push(say('image.note.bits', { bits: 16 }));
  else if (!ranged && metadata.depth === 'float') notes.push(say('image.note.float'));
  if (metadata.pages && metadata.pages > 1) notes.push(say('image.note.first', { count: metadata.pages }));
  return notes;
}
