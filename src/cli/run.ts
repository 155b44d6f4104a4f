import { InvalidArgumentError } from 'commander';
import { basename, join } from 'node:path';
import type { TensorValue } from '../core/onnx/tensor-data';
import { fileNames } from '../engine/foreign/file-names';
import { decodeTensorNpy, encodeTensorNpy } from '../engine/npy/tensor';
import { optionsOf } from '../engine/foreign/provider';
import { inLots, NetworkRunner } from '../engine/foreign/runner';
import { networkFile } from '../engine/foreign/network-file';
import { readWholeFile, writeFileAtomically } from '../engine/system/files';
import { FailureError } from '../shared/failures';
import { say, sentence } from '../words';
import { UsageError, type Io, type Register } from './command';
import { providerOption, warnOfProvider } from './provider-option';
import type { Provider } from '../shared/settings';
import { table } from './table';

const HELP = `
onnxruntime computes any ONNX file, with graph optimization off. Every input takes one --input NAME=FILE.npy, in the input's type and
shape (float64 is taken as float32, said on standard error); where there is one input its NAME= may be left out. Data beside the
model is read from its own folder only.

--out writes NAME.npy for each tensor, in its own type; characters that files do not allow become _ . bfloat16, float8 and four-bit
integers, which NumPy does not have, are written as float32, int8 or uint8, which is said; texts are not written. Without --tensors the
network's outputs are written; 'all' is every value that a node makes.

The network runs in a process of its own, which is stopped at --memory and --seconds.

--json prints one line:
  { model, provider, inputs: [{ name, type, shape, file }], tensors: [{ name, type, shape, file, as }], leftOut: [{ name, reason }] }
provider is what computed; file is the name within --out; as is the type that was written where it is another, else null.`;

interface Options {
  input: string[];
  out: string;
  tensors?: string;
  json?: boolean;
  memory?: number;
  seconds?: number;
  provider: Provider;
}

/** Bytes of tensors that are computed at once, to be written. */
const AT_ONCE = 256 * 2 ** 20;

export const register: Register = (program, io) => {
  program
    .command('run')
    .description('Runs any ONNX file on tensors, and writes its outputs or every value of its graph.')
    .argument('<model>', 'an ONNX file')
    .option(
      '--input <NAME=FILE.npy>',
      'a tensor for an input, once for each',
      (text, all: string[]) => [...all, text],
      [],
    )
    .requiredOption('--out <dir>', 'write tensors as NumPy arrays into this folder')
    .option('--tensors <all|NAME,…>', "which tensors (default: the network's outputs)")
    .option(
      '--memory <MiB>',
      'memory that it may take (default: CONVSCOPE_MEMORY, else as set in the app, else half of the machine, at most 4096)',
      positive,
    )
    .option('--seconds <n>', 'seconds that a run may take (default: 60)', positive)
    .addOption(providerOption())
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => run(model, options, io));
};

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

async function run(path: string, options: Options, io: Io): Promise<void> {
  const runner = await NetworkRunner.open(await networkFile(path), {
    ...(options.memory === undefined ? {} : { memory: options.memory * 2 ** 20 }),
    ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
    provider: optionsOf(options.provider),
  });
  try {
    const given = await readInputs(runner, options.input, io);
    const inputs = new Map([...given].map(([name, { value }]) => [name, value]));
    const { names, leftOut } = wantedOf(runner, options.tensors);
    const files = fileNames(names, '.npy');
    const tensors: object[] = [];
    const rows: (string | number)[][] = [];
    const sizes = runner.sizesOf(inputs);
    // Each lot is a run.
    for (const batch of inLots(names, AT_ONCE, (name) => runner.bytesOf(name, sizes))) {
      const found = await runner.run(inputs, batch);
      for (const name of batch) {
        const value = found.get(name)!;
        const content = encodeTensorNpy(value);
        if (!content) {
          leftOut.push({ name, reason: sentence(say('foreign.npy-text', { name })) });
          continue;
        }
        const file = files.get(name)!;
        await writeFileAtomically(join(options.out, file), content);
        const { type, as } = runner.tensors.get(name)!;
        tensors.push({ name, type: type ?? value.type, shape: value.shape, file, as });
        rows.push([name, type ?? value.type, value.shape.join(' × '), file]);
        if (as !== null) io.warn(sentence(say('foreign.npy-as', { name, type: type!, as })));
      }
    }
    warnOfProvider(runner.computedBy, io);
    for (const { reason } of leftOut) io.warn(reason);
    // What was asked for by name, or is what the network is for, is missing.
    if (options.tensors !== 'all' && leftOut.length > 0) io.setExitCode(1);
    if (!options.json) return io.print(table(['tensor', 'type', 'shape', 'file'], rows));
    const read = [...given].map(
      ([
        name,
        {
          file,
          value: { type, shape },
        },
      ]) => ({ name, type, shape, file }),
    );
    io.print(
      JSON.stringify({ model: basename(path), provider: runner.computedBy.provider, inputs: read, tensors, leftOut }),
    );
  } finally {
    runner.close();
  }
}

async function readInputs(
  runner: NetworkRunner,
  options: readonly string[],
  io: Io,
): Promise<Map<string, { file: string; value: TensorValue }>> {
  const names = runner.inputs.map(({ name }) => name).sort((a, b) => b.length - a.length);
  const found = new Map<string, { file: string; value: TensorValue }>();
  for (const option of options) {
    const own = names.find((name) => option.startsWith(`${name}=`));
    const cut = option.indexOf('=');
    const only = cut < 0 && names.length === 1;
    if (own === undefined && cut < 0 && !only)
      throw new UsageError(
        `option '--input': found '${option}', expected NAME=FILE.npy with NAME one of ${names.join(', ')}`,
      );
    const name = own ?? (only ? names[0] : option.slice(0, cut));
    const file = only ? option : option.slice(name.length + 1);
    if (found.has(name)) throw new UsageError(`option '--input': '${name}' is given twice`);
    let value = decodeTensorNpy(file, await readWholeFile(file, 2 ** 31 - 1));
    if (value.type === 'float64' && runner.inputs.find((input) => input.name === name)?.type === 'float32') {
      value = { ...value, type: 'float32', data: Float32Array.from(value.data as Float64Array) };
      io.warn(sentence(say('foreign.npy-narrowed', { name, file })));
    }
    found.set(name, { file, value });
  }
  // Before anything is computed: what is missing or does not fit.
  runner.sizesOf(new Map([...found].map(([name, { value }]) => [name, value])));
  return found;
}

interface LeftOut {
  name: string;
  reason: string;
}

/** The tensors that are asked for and can be had; names may have commas in them. */
function wantedOf(runner: NetworkRunner, asked: string | undefined): { names: string[]; leftOut: LeftOut[] } {
  const { tensors, network } = runner;
  const listed =
    asked === undefined
      ? [...network.graph.outputs]
      : asked === 'all' && !tensors.has('all')
        ? [...tensors.keys()]
        : tensors.has(asked)
          ? [asked]
          : asked.split(',').filter(Boolean);
  for (const name of listed)
    if (!tensors.has(name))
      throw new FailureError('model.invalid', { file: runner.name, reason: say('foreign.tensor-unknown', { name }) });
  const lacking = listed.filter((name) => tensors.get(name)!.unavailable);
  return {
    names: [...new Set(listed)].filter((name) => !lacking.includes(name)),
    leftOut: lacking.map((name) => {
      const reason = say('foreign.tensor-unavailable', { name, reason: tensors.get(name)!.unavailable! });
      return { name, reason: sentence(reason) };
    }),
  };
}
