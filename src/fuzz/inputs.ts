import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { Generator, stream } from '../core/random';
import { ownIds, openModel } from '../engine/models/models';
import sharp from '../engine/image/sharp';
import { KEYS } from '../core/onnx/metadata';
import { mutated } from './mutate';
import { mutatedFields, withoutEntry } from './mutate-fields';
import { external, file as onnxFile, floats, graph, integers, message, typed, type MadeNode } from './make-onnx';

export const KINDS = ['onnx', 'foreign', 'pictures', 'arrays', 'archives'] as const;
export type Kind = (typeof KINDS)[number];

/** A file as it would be on disk, with the files beside it. */
export interface Input {
  name: string;
  bytes: Uint8Array;
  beside: { name: string; bytes: Uint8Array }[];
}

const SIDE = 8;
const COUNT = 6;

/** Intact files of each kind, from which the broken ones are made. The same every time. */
export async function makeInputs(): Promise<(kind: Kind, seed: number, index: number) => Input> {
  const models: Uint8Array[] = [];
  for (const id of await ownIds()) {
    const bytes = (await openModel({ kind: 'bundled', id })).bytes();
    models.push(bytes, withoutEntry(bytes, KEYS.digests));
  }
  const pictures = await wholePictures();
  const others = [...foreignFiles(), ...models];
  return (kind, seed, index) => {
    const draws = new Generator(seed, stream.fuzz, KINDS.indexOf(kind), index);
    const one = <T>(list: readonly T[]): T => list[draws.integer(list.length)];
    const broken = (bytes: Uint8Array): Uint8Array => mutated(bytes, draws);
    // By its bytes, of which a reader seldom gets past the first, or by its fields.
    const brokenMessage = (bytes: Uint8Array): Uint8Array =>
      draws.integer(3) === 0 ? broken(bytes) : mutatedFields(bytes, draws);
    switch (kind) {
      case 'onnx':
        return { name: 'model.onnx', bytes: brokenMessage(one(models)), beside: [] };
      case 'foreign':
        return { name: 'foreign.onnx', bytes: brokenMessage(one(others)), beside: [] };
      case 'pictures':
        return { name: 'picture', bytes: broken(one(pictures)), beside: [] };
      case 'arrays': {
        const whole = one([idxFiles, cifarFile, arrayFile, tableFile]);
        return whole(broken);
      }
      case 'archives': {
        // Broken outside, or inside an intact archive, where checksums do not catch it.
        const inside = draws.integer(2) === 0;
        const same = (bytes: Uint8Array): Uint8Array => bytes;
        const file = one([idxFiles, cifarFile, arrayFile, tableFile])(inside ? broken : same);
        const packed = file.name.endsWith('.npz') ? file.bytes : gzipSync(file.bytes);
        const name = file.name.endsWith('.npz') ? file.name : `${file.name}.gz`;
        return { ...file, name, bytes: inside ? packed : broken(packed) };
      }
    }
  };
}

type Change = (bytes: Uint8Array) => Uint8Array;

const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 3) * 7) & 255);

function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  return Buffer.concat([header, data]);
}

const classes = Uint8Array.from({ length: COUNT }, (_, i) => i % 2);

const idxFiles = (change: Change): Input => ({
  name: 'train-images-idx3-ubyte',
  bytes: change(idx([COUNT, SIDE, SIDE], noise(COUNT * SIDE * SIDE))),
  beside: [{ name: 'train-labels-idx1-ubyte', bytes: idx([COUNT], classes) }],
});

function cifarFile(change: Change): Input {
  const records = Array.from(classes, (label) => Buffer.concat([Uint8Array.of(label), noise(3072)]));
  return { name: 'data_batch_1.bin', bytes: change(Buffer.concat(records)), beside: [] };
}

function tableFile(change: Change): Input {
  const pixels = noise(SIDE * SIDE).join(',');
  const rows = Array.from(classes, (label) => `${label},${pixels}\n`);
  return { name: 'train.csv', bytes: change(Buffer.from(rows.join(''))), beside: [] };
}

function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const head = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1'), data]);
}

/** An archive with valid checksums, one of whose members is broken. */
function arrayFile(change: Change): Input {
  const floats = Float32Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => (i % 97) / 96);
  const images = npy('<f4', [COUNT, SIDE, SIDE], new Uint8Array(floats.buffer));
  const names = npy('<U2', [2], new Uint8Array(Uint32Array.of(97, 98, 99, 0).buffer));
  const labels = npy('|u1', [COUNT], classes);
  const arrays = { 'images.npy': change(images), 'labels.npy': change(labels), 'classes.npy': names };
  return { name: 'set.npz', bytes: zipSync(arrays, { mtime: new Date(2000, 0, 1) }), beside: [] };
}

/** Foreign networks: bodies, every way that weights are kept, a function. */
function foreignFiles(): Uint8Array[] {
  const body = graph({
    nodes: [
      { op: 'Identity', in: ['cond'], out: ['cond2'] },
      { op: 'Add', in: ['a', 'w'], out: ['a2'], name: 'block/add' },
    ],
    inputs: [typed('i', 7, []), typed('cond', 9, []), typed('a', 1, [2, 3])],
    outputs: [typed('cond2', 9, []), typed('a2', 1, [2, 3])],
  });
  const x = typed('x', 1, ['N', 3]);
  const packed = message([1, 2], [2, 1], [4, new Uint8Array(8)], [8, 'packed']);
  const small = message([1, 5], [2, 22], [5, 1], [5, 2], [5, 3], [8, 'small']);
  const texts = message([1, 2], [2, 8], [6, 'cat'], [6, 'dog'], [8, 'texts']);
  const sparse = message([1, floats('thin', [2], [1, 2])], [2, integers('', [2], [0n, 5n])], [3, 6]);
  const weights = [floats('w', [2, 3], [1, 2, 3, 4, 5, 6]), packed, small, texts, external('e', { location: 'e.bin' })];
  const called = message([1, 'f'], [4, 'a'], [5, 'b'], [10, 'mine']);
  const nodes: MadeNode[] = [
    { op: 'Conv', in: ['x', 'w', 'packed'], out: ['c'], ints: { group: 1 } },
    { op: 'BatchNormalization', in: ['c', 'w', 'e'], out: ['n'] },
    { op: 'Relu', in: ['n'], out: ['r'] },
    { op: 'Loop', in: ['', '', 'r'], out: ['l'], name: 'block/loop', graphs: { body } },
    { op: 'Cast', in: ['l'], out: ['t'], ints: { to: 16 } },
    { op: 'f', domain: 'mine', in: ['t'], out: ['y'] },
  ];
  const made = { nodes, inputs: [x], outputs: [typed('y', 1, ['N', 3])], weights };
  return [
    onnxFile(made, {
      more: [
        [25, called],
        [14, message([1, 'key'], [2, 'value'])],
      ],
    }),
    onnxFile(made),
    message([1, 8], [7, message([15, sparse])]),
  ];
}

async function wholePictures(): Promise<Uint8Array[]> {
  const [width, height] = [24, 16];
  const raw = { raw: { width, height, channels: 3 as const } };
  const picture = (): ReturnType<typeof sharp> => sharp(noise(width * height * 3), raw);
  const made = await Promise.all([
    picture().png().toBuffer(),
    picture().png({ palette: true }).toBuffer(),
    picture().toColourspace('grey16').png().toBuffer(),
    picture().jpeg().toBuffer(),
    picture().jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer(),
    picture().webp().toBuffer(),
    picture().webp({ lossless: true }).toBuffer(),
    picture().gif().toBuffer(),
    picture().tiff({ compression: 'none' }).toBuffer(),
    picture().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer(),
    picture().avif({ effort: 0 }).toBuffer(),
  ]);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="16"><rect width="9" height="9" fill="#a40"/></svg>';
  return [...made, Buffer.from(svg)];
}
