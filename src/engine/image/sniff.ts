import { say, type Message } from '../../words';

export type ImageFormat = 'PNG' | 'JPEG' | 'WebP' | 'AVIF' | 'GIF' | 'TIFF' | 'SVG';

/** The ISO media brands that mean AV1 pictures. */
const AVIF_BRANDS = ['avif', 'avis'];

/**
 * Detects a picture's format from its first bytes; the file extension is ignored. For anything that cannot be opened
 * `format` is null and `found` says in a few words what it seems to be.
 */
export function sniff(bytes: Uint8Array): { format: ImageFormat } | { format: null; found: Message } {
  const format = pictureFormat(bytes);
  return format ? { format } : { format: null, found: otherFormat(bytes) };
}

function pictureFormat(bytes: Uint8Array): ImageFormat | null {
  const head = latin1(bytes, 0, 16);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (head.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'WebP';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'GIF';
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return 'TIFF';
  if (brands(bytes).some((brand) => AVIF_BRANDS.includes(brand))) return 'AVIF';
  return isSvg(bytes) ? 'SVG' : null;
}

/** The first bytes of other files. */
const OTHERS: readonly (readonly [start: string, found: Message])[] = [
  ['\0\0\0\x0cjP  ', picture('JPEG 2000')],
  ['\xff\x4f\xff\x51', picture('JPEG 2000')],
  ['\0\0\0\x0cJXL ', picture('JPEG XL')],
  ['\xff\x0a', picture('JPEG XL')],
  ['%PDF', say('image.found.pdf')],
  ['BM', picture('BMP')],
  ['8BPS', say('image.found.photoshop')],
  ['\0\0\x01\0', say('image.found.icon')],
  ['\x08\xf2\xa6\xb6', say('image.found.vips')],
  ['\xb6\xa6\xf2\x08', say('image.found.vips')],
  ['\x1f\x8b', say('image.found.gzip')],
  ['PK\x03\x04', say('image.found.zip')],
];

function picture(name: string): Message {
  return say('image.found.picture', { name });
}

function otherFormat(bytes: Uint8Array): Message {
  const head = latin1(bytes, 0, 40);
  const isoBrands = brands(bytes);
  if (isoBrands.some((brand) => /^(hei[cx]|hev[cx]|heim|mif1|msf1)$/.test(brand))) return picture('HEIC');
  if (isoBrands.length > 0) return say('image.found.media', { kind: isoBrands[0].trim() });
  const known = OTHERS.find(([start]) => head.startsWith(start));
  if (known) return known[1];
  if (head.slice(36, 40) === 'acsp') return say('image.found.icc');
  if (/^\s*<(!doctype\s+html|html)/i.test(head)) return say('image.found.html');
  if (/^[\t\n\r\x20-\x7e]*$/.test(latin1(bytes, 0, 512))) return say('image.found.text');
  const shown = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return say('image.found.bytes', { bytes: shown });
}

/** The brands of an ISO media file's `ftyp` box, the major one first. */
function brands(bytes: Uint8Array): string[] {
  if (latin1(bytes, 4, 8) !== 'ftyp') return [];
  const end = Math.min(bytes.length, 256, new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0));
  const found = [latin1(bytes, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(latin1(bytes, at, at + 4));
  return found;
}

/** An `<svg` element comes first, after nothing but an XML declaration, comments, processing instructions and a DOCTYPE. */
function isSvg(bytes: Uint8Array): boolean {
  const text = latin1(bytes, 0, 65536).replace(/^\xef\xbb\xbf/, '');
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    const rest = text.slice(at, at + 9);
    if (/^<(\w+:)?svg[\s>/]/.test(text.slice(at, at + 40))) return true;
    let end = -1;
    if (rest.startsWith('<?')) end = after(text, '?>', at);
    else if (rest.startsWith('<!--')) end = after(text, '-->', at);
    else if (/^<!doctype/i.test(rest) && !/^<!doctype\s+html/i.test(text.slice(at, at + 40)))
      end = afterDoctype(text, at);
    if (end < 0) return false;
    at = end;
  }
}

/** A DOCTYPE ends at `>`, behind the brackets of its own declarations where it has any. */
function afterDoctype(text: string, at: number): number {
  const close = text.indexOf('>', at);
  const bracket = text.indexOf('[', at);
  return bracket >= 0 && bracket < close ? after(text, '>', text.indexOf(']', bracket)) : after(text, '>', at);
}

function after(text: string, mark: string, from: number): number {
  const found = from < 0 ? -1 : text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    'latin1',
    from,
    Math.min(to, bytes.length),
  );
}
