import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import type { Preprocessing } from '../../src/core/model/model';

/** What MNIST networks take. */
export const grayNetwork: Preprocessing = {
  colour: 'grey',
  height: 28,
  width: 28,
  fit: 'letterbox',
  resize: 'lanczos3',
  scale: 1 / 255,
  mean: [0],
  deviation: [1],
  ground: 'dark',
};

export const rgbNetwork: Preprocessing = {
  ...grayNetwork,
  colour: 'rgb',
  height: 32,
  width: 32,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  ground: 'mixed',
};

export interface PngHeader {
  width: number;
  height: number;
  depth?: 8 | 16;
  /** 0 gray, 2 RGB, 4 gray + alpha, 6 RGBA. */
  color?: 0 | 2 | 4 | 6;
  interlaced?: boolean;
}

/** A PNG made by hand, so that its header may say what no encoder would write. `data` is the unpacked scan lines. */
export function png(header: PngHeader, data: Uint8Array = new Uint8Array(64)): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(header.width, 0);
  head.writeUInt32BE(header.height, 4);
  head.set([header.depth ?? 8, header.color ?? 2, 0, 0, header.interlaced ? 1 : 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** CRC-32 as PNG has it (polynomial 0xedb88320); Node's own comes with 22. */
function crc32(data: Uint8Array): number {
  if (typeof zlibCrc32 === 'function') return zlibCrc32(data);
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ -1) >>> 0;
}

export interface TiffHeader {
  width: number;
  height: number;
  bands?: number;
  bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  format?: 1 | 2 | 3;
  /** 1 gray, 2 RGB. */
  photometric?: number;
  /** Of each band beyond the colors: 0 not said, 1 premultiplied transparency, 2 transparency. */
  extra?: number[];
}

/** A TIFF made by hand, one uncompressed strip, in the machine's order: kinds that sharp does not write. */
export function tiff(header: TiffHeader, samples: ArrayBufferView): Uint8Array {
  const { width, height, bands = 1, bits, format = 1, photometric = bands >= 3 ? 2 : 1, extra = [] } = header;
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const list = (values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
  const lists: Buffer[] = [];
  const tags: [tag: number, type: 3 | 4, values: number[]][] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, new Array<number>(bands).fill(bits)],
    [259, 3, [1]],
    [262, 3, [photometric]],
    [273, 4, [0]], // the strip's place, put in below
    [277, 3, [bands]],
    [278, 4, [height]],
    [279, 4, [data.length]],
    ...(extra.length > 0 ? [[338, 3, extra] as [number, 3, number[]]] : []),
    [339, 3, new Array<number>(bands).fill(format)],
  ];
  const end = 8 + 2 + 12 * tags.length + 4;
  let free = end;
  const directory = Buffer.alloc(end - 8);
  directory.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, type, values], i) => {
    const at = 2 + 12 * i;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    if (type === 4) directory.writeUInt32LE(values[0], at + 8);
    else if (values.length <= 2) list(values).copy(directory, at + 8);
    else {
      directory.writeUInt32LE(free, at + 8);
      lists.push(list(values));
      free += 2 * values.length;
    }
  });
  directory.writeUInt32LE(Math.ceil(free / 8) * 8, 2 + 12 * 5 + 8);
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const padding = Buffer.alloc(Math.ceil(free / 8) * 8 - free);
  return Buffer.concat([head, directory, ...lists, padding, data]);
}

/** A WebP animation of so many frames of one pixel. @param still a lossless WebP of that pixel. */
export function webpAnimation(still: Uint8Array, frames: number): Uint8Array {
  const riff = (name: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length & 1)]);
  };
  const animated = Buffer.alloc(10);
  animated[0] = 2;
  const frame = riff('ANMF', Buffer.concat([Buffer.alloc(16), still.subarray(12)]));
  const chunks = [riff('VP8X', animated), riff('ANIM', Buffer.alloc(6)), ...new Array<Buffer>(frames).fill(frame)];
  return riff('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

/** A few hundred bytes that would draw 10 to the power of `levels` rectangles. */
export function nestedUse(levels: number): Uint8Array {
  let defs = '<g id="a0"><rect width="9" height="9" fill="red" opacity="0.5"/></g>';
  for (let i = 1; i <= levels; i++) {
    defs += `<g id="a${i}">${`<use href="#a${i - 1}" x="1"/>`.repeat(10)}</g>`;
  }
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><defs>${defs}</defs><use href="#a${levels}"/></svg>`,
  );
}
