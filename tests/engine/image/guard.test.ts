import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/image/decode';

/** A WebP animation of so many frames of nothing. */
function animation(frames: number): Buffer {
  const chunk = Buffer.alloc(8 + 16);
  chunk.write('ANMF', 0, 'latin1');
  chunk.writeUInt32LE(16, 4);
  const header = Buffer.from('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\0\0\0\0\0\0', 'latin1');
  const bytes = Buffer.concat([header, ...Array.from({ length: frames }, () => chunk)]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

describe('a WebP animation', () => {
  it('of more frames than can be parsed in time is refused before it is parsed', async () => {
    await expect(decode(animation(10_001), 'many.webp')).rejects.toMatchObject({
      code: 'image.refused',
      values: { reason: { code: 'image.refused.frames', values: { frames: 10_001 } } },
    });
    await expect(decode(animation(20), 'few.webp')).rejects.toMatchObject({ code: 'image.broken' });
  });
});
