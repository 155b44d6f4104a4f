import { say, type Message } from '../../words';

/** The error texts of libvips, libjpeg, libpng, libheif and librsvg, without function names, and the message for each. */
const KNOWN: readonly (readonly [text: RegExp, meaning: (...groups: string[]) => Message])[] = [
  [/^premature end of JPEG image/i, () => say('image.damage.jpegEnd')],
  [/^Corrupt JPEG data: premature end of data segment/i, () => say('image.damage.jpegSegment')],
  [/^Corrupt JPEG data: bad Huffman code/i, () => say('image.damage.jpegHuffman')],
  [
    /^Corrupt JPEG data: (\d+) extraneous bytes before marker (0x\w+)/i,
    (count, marker) => say('image.damage.jpegExtra', { count: Number(count), marker }),
  ],
  [
    /^Corrupt JPEG data: found marker (0x\w+) instead of (RST\d)/i,
    (found, expected) => say('image.damage.jpegMarker', { found, expected }),
  ],
  [/^Bogus Huffman table definition|^Huffman table 0x\w+ was not defined/i, () => say('image.damage.jpegHuffmanTable')],
  [/^Quantization table 0x\w+ was not defined/i, () => say('image.damage.jpegQuantization')],
  [/^Bogus marker length|^Invalid (SOS|JPEG file structure)/i, () => say('image.damage.jpegMarkers')],
  [/^Unsupported marker type (0x\w+)/i, (marker) => say('image.damage.jpegUnknown', { marker })],
  [/^Corrupt JPEG data: (.*)/i, (detail) => say('image.damage.jpeg', { detail })],
  [
    /^(premature end of|out of order read|source: bad read|Unexpected end of|Not enough)/i,
    () => say('image.damage.end'),
  ],
  [/^source: bad seek to (\d+)/i, (place) => say('image.damage.endBefore', { place })],
  [/^Invalid frame data/i, () => say('image.damage.frame')],
  [/^no frames in GIF/i, () => say('image.damage.gif')],
  [/^unable to read pixels/i, () => say('image.damage.pixels')],
  [/^Using code not yet in table|^Corrupted LZW table/i, () => say('image.damage.lzw')],
  [/^Unknown error/i, () => say('image.damage.unknown')],
  [/^XML does not have <svg> root/i, () => say('image.damage.svgRoot')],
  [/^XML parse error: .* on line (\d+) column (\d+)/i, (line, column) => say('image.damage.xmlAt', { line, column })],
  [/unable to parse image/i, () => say('image.damage.webp')],
  [/contains unsupported image format|bad labq format/i, () => say('image.damage.kind')],
  [/^libpng read error/i, () => say('image.damage.png')],
  [/^bad IDAT/i, () => say('image.damage.pngPixels')],
  [/^(\w{4}): CRC error/i, (chunk) => say('image.damage.pngChunk', { chunk })],
  [/^Read error (?:on|at) (.*)/i, (place) => say('image.damage.readAt', { place })],
  [/^Invalid input: (.*)/i, (detail) => say('image.damage.heif', { detail })],
  [/^Invalid (.*)/i, (what) => say('image.damage.invalid', { what })],
  [/^XML parse error: (.*)/i, (detail) => say('image.damage.xml', { detail })],
  [/^svgload_buffer: (.*)/i, (detail) => say('image.damage.svg', { detail })],
];

/** What librsvg and libxml refuse in an SVG that is sound. */
const TOO_MUCH: readonly (readonly [text: RegExp, meaning: (limit: string) => Message])[] = [
  [/maximum depth of (\d+) (?:nested )?layers/i, (limit) => say('image.refused.svgReferences', { limit })],
  [/exceeded more than (\d+) referenced elements/i, (limit) => say('image.refused.svgReferenced', { limit })],
  [/cannot load more than (\d+) XML (?:elements|attributes)/i, (limit) => say('image.refused.svgElements', { limit })],
  [/Excessive depth in document: (\d+)/i, (limit) => say('image.refused.svgDepth', { limit })],
  [/entity (?:amplification|reference loop)/i, () => say('image.refused.svgEntities')],
];

/** Why an SVG that is not damaged cannot be drawn; null where that is not the reason. */
export function tooMuchOf(error: unknown): Message | null {
  const text = error instanceof Error ? error.message : String(error);
  for (const [known, meaning] of TOO_MUCH) {
    const found = known.exec(text);
    if (found) return meaning(found[1]);
  }
  return null;
}

/** Why a picture cannot be decoded: libvips's first error line, as a message. */
export function damageOf(error: unknown): Message {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').map((line) =>
    line
      .replace(/^Input buffer has corrupt header:?/, '')
      .replace(/^\s*((Vips\w+|vips\w+|\w+(load|2vips)\w*|glib): *)+/i, '')
      .replace(/\.$/, '')
      .trim(),
  );
  const text = lines.find((line) => line && !line.startsWith('Warning treated as error'));
  if (text === undefined) return say('image.damage.header');
  for (const [known, meaning] of KNOWN) {
    const found = known.exec(text);
    if (found) return meaning(...found.slice(1));
  }
  return say('system.quoted', { text });
}
