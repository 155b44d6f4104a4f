import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** A case of ONNX's backend test suite: a model, inputs, and expected outputs, as files. */
export interface TestCase {
  /** `node/test_relu`. */
  name: string;
  /** Null where the file is missing. */
  model: Uint8Array | null;
  dataSets: DataSet[];
}

export interface DataSet {
  /** `test_data_set_0`. */
  name: string;
  inputs: Uint8Array[];
  outputs: Uint8Array[];
}

/** The cases of a `.tar.gz`, by name. Throws where it cannot be read, or holds no case. */
export async function readCases(file: string): Promise<TestCase[]> {
  const files = await readFiles(file);
  const cases: TestCase[] = [];
  // A data set without a model is a case too: one that fails.
  const sets = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const [, folder, set] = /^(?:(.*)\/)?(?:model\.onnx|(test_data_set_\d+)\/[^/]+)$/.exec(path) ?? [];
    if (!set && posix.basename(path) !== 'model.onnx') continue;
    const known = sets.get(folder ?? '.') ?? new Set();
    sets.set(folder ?? '.', set ? known.add(set) : known);
  }
  for (const [folder, names] of sets) {
    const dataSets = [...names].sort().map((name): DataSet => {
      const prefix = posix.join(folder, name);
      return { name, inputs: numbered(files, `${prefix}/input_`), outputs: numbered(files, `${prefix}/output_`) };
    });
    cases.push({ name: folder, model: files.get(posix.join(folder, 'model.onnx')) ?? null, dataSets });
  }
  if (cases.length === 0) throw new Error(`'${file}': found no model.onnx in it, expected test cases`);
  return cases.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function numbered(files: ReadonlyMap<string, Uint8Array>, prefix: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (;;) {
    const bytes = files.get(`${prefix}${found.length}.pb`);
    if (!bytes) return found;
    found.push(bytes);
  }
}

async function readFiles(file: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const archive = extract();
  archive.on('entry', (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk as Buffer));
    stream.on('error', next);
    stream.on('end', () => {
      if (header.type === 'file') files.set(posix.normalize(header.name), Buffer.concat(chunks));
      next();
    });
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), archive);
  } catch (error) {
    throw new Error(`'${file}': ${(error as Error).message}`, { cause: error });
  }
  return files;
}
