import type { Model } from '../../core/model/model';
import { paramKey } from '../../core/model/graph';
import { floatTensor } from '../../core/onnx/encode';
import { onnxGraph } from '../../core/onnx/write';
import { crc32 } from '../data/crc32';
import { npyPreamble } from '../npy/header';

/** A weight in PyTorch's and ONNX's layout: kernels `[O, I / groups, KH, KW]`, dense `[O, I]`, vectors `[C]`. */
export interface Weight {
  /** `layer.param` */
  name: string;
  shape: number[];
  /** float32, little-endian. */
  bytes: Uint8Array;
}

/** Every parameter of a model in the order of its layers. */
export function weightsOf({ graph, params }: Model): Weight[] {
  const tensors = new Map(onnxGraph(graph, params).initializers.map((tensor) => [tensor.name, tensor]));
  return graph.layers.flatMap(({ name, params: own }) =>
    own.map((param) => {
      const key = paramKey(name, param.name);
      // A vector is the same in both, but for one that the file repeats for each cell of a window.
      if (param.shape.length === 1)
        return { name: key, shape: [...param.shape], bytes: floatTensor(key, param.shape, params.get(key)!).raw! };
      const { dims, raw } = tensors.get(key)!;
      return { name: key, shape: dims, bytes: raw! };
    }),
  );
}

/**
 * The weights as a safetensors file: 8 bytes with the header's length, a JSON header, the data in order, each tensor aligned to 8 bytes by
 * the padded header. Labels, preprocessing and spec are in its metadata. Source: huggingface/safetensors, format description.
 */
export function encodeSafetensors(model: Model): Uint8Array {
  const weights = weightsOf(model);
  const { labels, preprocessing } = model.metadata;
  const header: Record<string, unknown> = {
    __metadata__: {
      format: 'pt',
      layout: 'kernels [O, I/groups, ...], dense [O, I], NCHW',
      labels: JSON.stringify(labels),
      preprocessing: JSON.stringify(preprocessing),
      spec: JSON.stringify(model.graph.spec),
    },
  };
  let at = 0;
  for (const { name, shape, bytes } of weights) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return new Uint8Array(Buffer.concat([length, padded, ...weights.map(({ bytes }) => bytes)]));
}

/** The weights as NumPy's `.npz`: a ZIP archive of uncompressed `.npy` files, `layer.param.npy`. Source: NEP 1; APPNOTE.TXT 4.3. */
export function encodeNpz(model: Model): Uint8Array {
  const [files, directory]: Buffer[][] = [[], []];
  let at = 0;
  for (const { name, shape, bytes } of weightsOf(model)) {
    const content = Buffer.concat([npyPreamble('<f4', shape), bytes]);
    const file = Buffer.from(`${name}.npy`, 'utf8');
    // Version 2.0, names in UTF-8, stored, 1 January 1980: the same weights give the same bytes.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(0x0021, 8);
    common.writeUInt32LE(crc32(content, 0), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(file.length, 22);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), common, file, content);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, file);
    at += 30 + file.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const count = files.length / 4;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...files, entries, end]));
}
