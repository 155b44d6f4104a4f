// node scripts/make-efficientnet.mjs FOLDER: makes resources/models/efficientnet-lite0.onnx from FOLDER/efficientnet-lite0.onnx and
// FOLDER/labels.txt (where they come from: resources/models/efficientnet-lite0.md): weights as float16, a softmax behind the
// logits, labels and preprocessing inside.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [folder, ...more] = process.argv.slice(2);
if (!folder || more.length > 0) {
  console.error('usage: node scripts/make-efficientnet.mjs FOLDER');
  process.exit(2);
}
const load = async (path) =>
  (await runnerImport(fileURLToPath(new URL(path, import.meta.url)), { configFile: false })).module;
const { narrowed } = await load('../src/core/onnx-graph/half-weights.ts');
const { rewriteFile } = await load('../src/core/onnx-graph/rewrite.ts');
const { encodeMetadata } = await load('../src/core/onnx/metadata.ts');

const labels = (await readFile(join(folder, 'labels.txt'), 'utf8')).trimEnd().split('\n');
const preprocessing = {
  colour: 'rgb',
  height: 224,
  width: 224,
  fit: 'crop',
  resize: 'cubic',
  scale: 1,
  mean: [127, 127, 127],
  deviation: [128, 128, 128],
  ground: 'mixed',
};
const title = 'EfficientNet-Lite0';
const file = await readFile(join(folder, 'efficientnet-lite0.onnx'));
const metadata = encodeMetadata(undefined, { labels, preprocessing, training: null, title });
const { floatValue } = await load('../src/core/onnx/write.ts');
const softmax = {
  name: 'probabilities',
  opType: 'Softmax',
  domain: '',
  inputs: ['logits'],
  outputs: ['probabilities'],
};
const bytes = rewriteFile(narrowed(file), {
  metadata,
  behind: {
    nodes: [{ ...softmax, attributes: [{ name: 'axis', type: 'int', value: 1 }] }],
    outputs: [floatValue('probabilities', ['N', labels.length])],
  },
});
const target = fileURLToPath(new URL('../resources/models/efficientnet-lite0.onnx', import.meta.url));
await writeFile(target, bytes);
console.log(`${target}: ${labels.length} labels, ${file.length} bytes become ${bytes.length}`);
