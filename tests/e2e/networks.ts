import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../src/core/model/model';
import { writeModel } from '../../src/core/onnx/write';
import { testModels } from '../../scripts/test-models';

const models = testModels();

/** One of the networks with random weights that `scripts/make-test-models.mjs` writes. */
export function testModel(name: string): Model {
  const model = models.get(name);
  if (!model) throw new Error(`no test model '${name}', there are ${[...models.keys()].join(', ')}`);
  return model;
}

/** Writes it as `NAME.onnx` into a folder; the file's path. */
export function writeTestModel(folder: string, name: string): string {
  const file = join(folder, `${name}.onnx`);
  writeFileSync(file, writeModel(testModel(name)));
  return file;
}
