import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import type { Preprocessing } from '../../src/core/model/model';

/** What MNIST networks take. */
export const greyNetwork: Preprocessing = {
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
  ...greyNetwork,
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
  /** 0 grey, 2 RGB, 4 grey + alpha, 6 RGBA. */
  colour?: 0 | 2 | 4 | 6;
  interlaced?: boolean;
}

/** A PNG made by hand, so that its header may say what no encoder would write. `data` is the unpacked scan lines. */
export function png(header: PngHeader, data: Uint8Array = new Uint8Array(64)): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(header.width, 0);
  head.writeUInt32BE(header.height, 4);
  head.set([header.depth ?? 8, header.colour ?? 2, 0, 0, header.interlaced ? 1 : 0], 8);
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
