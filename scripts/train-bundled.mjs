// Makes the bundled networks again: node scripts/train-bundled.mjs [ID …] [--data FOLDER] [--threads N]
// With --pictures the weights stay, and only the description of the training pictures is written again.
// Each is one run of `convscope train` with the settings below, chosen on the validation split (a tenth of the training split);
// the same settings give the same file. FOLDER (default ../shared/data) holds mnist/ and fashion-mnist/.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

const common = { normalize: 'unit', fit: 'letterbox', optimizer: 'adam', batch: 64, seed: 1 };

/** What differs: `data` is a folder beside the others or a generated set. */
const networks = {
  'lenet5-mnist': {
    data: 'mnist',
    'data-name': 'MNIST',
    title: 'LeNet-5',
    epochs: 12,
    lr: 0.001,
    schedule: 'cosine',
    augment: 'shift=2,rotate=10,scale=0.1',
  },
  'mnist-cnn': {
    data: 'mnist',
    'data-name': 'MNIST',
    title: 'Small CNN for digits',
    epochs: 10,
    lr: 0.002,
    schedule: 'cosine',
    augment: 'shift=2,rotate=10,scale=0.1',
  },
  'fashion-cnn': {
    data: 'fashion-mnist',
    'data-name': 'Fashion-MNIST',
    title: 'CNN for clothes',
    labels: 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot',
    epochs: 10,
    lr: 0.002,
    schedule: 'cosine',
    augment: 'flip',
  },
  'colors-cnn': {
    data: 'builtin:colors',
    'data-name': 'coloured shapes (generated)',
    title: 'Small CNN for colors',
    epochs: 30,
    lr: 0.005,
    schedule: 'cosine',
  },
  'shapes-cnn': {
    data: 'builtin:shapes',
    'data-name': 'shapes (generated)',
    title: 'Small CNN for shapes',
    epochs: 30,
    lr: 0.002,
    schedule: 'cosine',
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pictures: { type: 'boolean' },
    data: { type: 'string', default: join(root, '..', 'shared', 'data') },
    threads: { type: 'string' },
  },
});
const unknown = positionals.filter((id) => !(id in networks));
if (unknown.length > 0) {
  console.error(`found ${unknown.join(', ')}, expected some of ${Object.keys(networks).join(', ')}`);
  process.exit(2);
}

for (const id of positionals.length > 0 ? positionals : Object.keys(networks)) {
  const { data, ...settings } = { ...common, ...networks[id] };
  const path = data.startsWith('builtin:') ? data : join(values.data, data);
  if (values.pictures) {
    await tellPictures(id, path, settings);
    continue;
  }
  const folder = await mkdtemp(join(tmpdir(), `convscope-${id}-`));
  try {
    const options = Object.entries({ ...settings, ...(values.threads ? { threads: values.threads } : {}) });
    console.log(`\n${id}`);
    await convscope(
      'train',
      '--model',
      join(root, 'resources', 'specs', `${id}.json`),
      '--data',
      path,
      '--out',
      folder,
      ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
    );
    await copyFile(join(folder, 'model.onnx'), join(root, 'resources', 'models', `${id}.onnx`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes what training writes of its pictures into a file that has its weights already. */
async function tellPictures(id, path, { seed, fit }) {
  const load = async (file) => (await runnerImport(join(root, 'src', file), { configFile: false, root })).module;
  const { usualTarget, load: loadFor, withValidation } = await load('engine/train/prepare.ts');
  const { settingsOf } = await load('engine/train/settings.ts');
  const { learnedFrom } = await load('core/data/likeness.ts');
  const { readModel } = await load('core/onnx/read.ts');
  const { writeModel } = await load('core/onnx/write.ts');
  const file = join(root, 'resources', 'models', `${id}.onnx`);
  const model = readModel(await readFile(file));
  const host = { say: () => undefined, progress: () => undefined, signal: new AbortController().signal };
  const target = usualTarget(id, model.graph.spec.input, model.metadata.preprocessing, fit);
  const data = withValidation(await loadFor(path, target, undefined, 0, host), settingsOf({ seed }), host);
  const { train } = model.metadata.training.samples;
  if (data.train.samples.length !== train)
    throw new Error(
      `${path}: found ${data.train.samples.length} training pictures, expected ${train}, as ${file} says`,
    );
  await writeFile(file, writeModel({ ...model, metadata: { ...model.metadata, pictures: learnedFrom(data.train) } }));
  console.log(`${file}: ${train} pictures`);
}

/** Runs the command line as people do. */
function convscope(...words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'convscope.js'), ...words], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`convscope ${words[0]} ended with ${signal ?? code}`)),
    );
  });
}
