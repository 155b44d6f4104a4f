// Makes the bundled networks again: node scripts/train-bundled.mjs [ID …] [--data FOLDER] [--threads N]
// Each is one run of `convscope train` with the settings below, chosen on the validation split (a tenth of the training split);
// the same settings give the same file. FOLDER (default ../shared/data) holds mnist/ and fashion-mnist/.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';

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
  options: { data: { type: 'string', default: join(root, '..', 'shared', 'data') }, threads: { type: 'string' } },
});
const unknown = positionals.filter((id) => !(id in networks));
if (unknown.length > 0) {
  console.error(`found ${unknown.join(', ')}, expected some of ${Object.keys(networks).join(', ')}`);
  process.exit(2);
}

for (const id of positionals.length > 0 ? positionals : Object.keys(networks)) {
  const { data, ...settings } = { ...common, ...networks[id] };
  const folder = await mkdtemp(join(tmpdir(), `convscope-${id}-`));
  try {
    const path = data.startsWith('builtin:') ? data : join(values.data, data);
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
