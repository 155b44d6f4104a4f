// node scripts/make-test-models.mjs FOLDER: networks that the app was not drawn for, with random weights, as ONNX files:
// a residual graph, a chain of thirty layers, a layer of 512 channels, conv 64@7×7 on 3×224×224, one of every kind of layer.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [folder, ...more] = process.argv.slice(2);
if (!folder || more.length > 0) {
  console.error('usage: node scripts/make-test-models.mjs FOLDER');
  process.exit(2);
}
const load = async (path) =>
  (await runnerImport(fileURLToPath(new URL(path, import.meta.url)), { configFile: false })).module;
const { testModels } = await load('./test-models.ts');
const { writeModel } = await load('../src/core/onnx/write.ts');
await mkdir(folder, { recursive: true });
for (const [name, model] of testModels()) {
  const bytes = writeModel(model);
  await writeFile(join(folder, `${name}.onnx`), bytes);
  console.log(`${join(folder, `${name}.onnx`)}: ${model.graph.layers.length} layers, ${bytes.length} bytes`);
}
