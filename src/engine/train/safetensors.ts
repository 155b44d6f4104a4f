import { MessageError, say } from '../../words';
import { parseJsonBytes } from '../system/json';

/** Tensors by name with a few strings beside them, in the safetensors format (huggingface.co/docs/safetensors): an 8-byte length, a JSON header, the bytes. */
export interface SafeTensors {
  tensors: Map<string, { shape: readonly number[]; data: Float32Array }>;
  metadata: Record<string, string>;
}

const MOST_HEADER = 100_000_000;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The file in pieces, to be written one after the other, which avoids a copy. */
export function encodeSafeTensors({ tensors, metadata }: SafeTensors): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces up to a multiple of eight, so that the tensors are aligned.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bytes = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...bytes];
}

/** @param leaveOut tensors that are not wanted, by their names. @throws MessageError for anything but a complete file of float32 tensors. */
export function decodeSafeTensors(bytes: Uint8Array, leaveOut: (name: string) => boolean = () => false): SafeTensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new MessageError(say('run.checkpoint.short'));
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > MOST_HEADER || 8 + headerLength > bytes.length)
    throw new MessageError(say('run.checkpoint.short'));
  const header = parseJsonBytes(bytes.subarray(8, 8 + headerLength)) as Record<string, Entry>;
  const { __metadata__, ...entries } = header;
  const start = 8 + headerLength;
  const tensors: SafeTensors['tensors'] = new Map();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    if (leaveOut(name)) continue;
    if (dtype !== 'F32') throw new MessageError(say('run.checkpoint.type', { name, found: dtype, expected: 'F32' }));
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const [from, to] = offsets;
    if (to - from !== size * 4 || from < 0 || start + to > bytes.length)
      throw new MessageError(say('run.checkpoint.bytes', { name, from, to, expected: size * 4 }));
    const data = new Float32Array(size);
    new Uint8Array(data.buffer).set(bytes.subarray(start + from, start + to));
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata: (__metadata__ ?? {}) as unknown as Record<string, string> };
}
