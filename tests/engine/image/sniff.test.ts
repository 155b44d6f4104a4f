import { describe, expect, it } from 'vitest';
import sharp from '../../../src/engine/image/sharp';
import { sentence } from '../../../src/words';
import { sniff } from '../../../src/engine/image/sniff';

const pixel = sharp({ create: { width: 4, height: 3, channels: 3, background: '#c86432' } });
const text = (content: string): Uint8Array => Buffer.from(content);

describe('sniff', () => {
  it.each([
    ['PNG', () => pixel.png().toBuffer()],
    ['JPEG', () => pixel.jpeg().toBuffer()],
    ['WebP', () => pixel.webp().toBuffer()],
    ['AVIF', () => pixel.avif({ effort: 0 }).toBuffer()],
    ['GIF', () => pixel.gif().toBuffer()],
    ['TIFF', () => pixel.tiff().toBuffer()],
  ] as const)('tells %s by its content', async (format, encode) => {
    expect(sniff(await encode())).toEqual({ format });
  });

  it.each([
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff<?xml version="1.0"?>\n<!-- a > b --><svg width="3">',
    '<!DOCTYPE svg PUBLIC "a" "b" [ <!ENTITY x "y"> ]>\n<svg:svg xmlns:svg="http://www.w3.org/2000/svg">',
  ])('tells SVG behind what may come before it: %s', (content) => {
    expect(sniff(text(content)).format).toBe('SVG');
  });

  it.each([
    ['text', text('just <svg in a sentence')],
    ['HTML', text('<!doctype html><svg></svg>')],
    ['PDF', text('%PDF-1.7\n')],
    ['BMP', Buffer.from('BM\x46\0\0\0\0\0\0\0', 'latin1')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1')],
    ['a ZIP file', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1')],
    ['the bytes 00 01 02 03 fe ff', Uint8Array.of(0, 1, 2, 3, 254, 255)],
  ])('says %s for what is not opened', (found, bytes) => {
    const kind = sniff(bytes);
    expect(kind.format === null && sentence(kind.found)).toBe(found);
  });

  it('never throws, however short the file is', () => {
    const bytes = Buffer.from('\0\0\0\x18ftypavif', 'latin1');
    for (let length = 0; length <= bytes.length; length++) expect(() => sniff(bytes.subarray(0, length))).not.toThrow();
  });
});
