import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** A case of ONNX's backend test suite: a model, inputs, and what has to come out, as files. */
export interface TestCase {
  /** `node/test_relu`. */
  name: string;
  model: Uint8Array;
  dataSets: DataSet[];
}

export interface DataSet {
  inputs: Uint8Array[];
  outputs: Uint8Array[];
}

/** The cases of a `.tar.gz`, by name. Throws where it cannot be read, or holds no case. */
export async function readCases(file: string): Promise<TestCase[]> {
  const files = await readFiles(file);
  const cases: TestCase[] = [];
  for (const [path, model] of files) {
    if (!/(^|\/)model\.onnx$/.test(path)) continue;
    const folder = posix.dirname(path);
    const dataSets: DataSet[] = [];
    for (let set = 0; ; set++) {
      const inputs = numbered(files, posix.join(folder, `test_data_set_${set}/input_`));
      const outputs = numbered(files, posix.join(folder, `test_data_set_${set}/output_`));
      if (inputs.length + outputs.length === 0) break;
      dataSets.push({ inputs, outputs });
    }
    cases.push({ name: folder, model, dataSets });
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
