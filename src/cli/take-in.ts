import { basename, extname } from 'node:path';
import { writeModel } from '../core/onnx/write';
import { NetworkRunner } from '../engine/foreign/runner';
import { networkFile } from '../engine/foreign/network-file';
import { guessPicture } from '../engine/foreign/picture-input';
import { takeInFile } from '../engine/foreign/take-in';
import { writeFileAtomically } from '../engine/system/files';
import { sentence } from '../words';
import { printable } from '../words/printable';
import { UsageError, type Register } from './command';
import { pixelSize } from './pixel-size';
import { thousands } from './table';

const HELP = `
What others' exporters do is undone: batch norm folded into convolutions, Gemm or MatMul and Add for dense, Reshape for flatten,
ReduceMean for global pooling, Pad before a convolution, Clip for relu6, silu, gelu and hard swish composed of other operators,
channels last, constants computed by nodes. A scaling of the input at
the start goes into the preprocessing. The layers are then compared with onnxruntime on the file itself.

--json prints one line: { file, layers: [{ name, kind }], parameters, difference, obstacles }
difference is the largest difference of an output from onnxruntime's ÷ the largest output; layers, parameters and difference are null,
and the exit code is 1, where obstacles stand in the way, each with its node.`;

interface Options {
  out?: string;
  size?: { width: number; height: number };
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('take-in')
    .description('Makes a file of others a network of ours: to train, edit, compare and export.')
    .argument('<file.onnx>', 'any ONNX file')
    .option('--out <file>', 'the network: .onnx with its weights, .json its spec alone')
    .option('--size <width>x<height>', 'of the picture, where the file leaves it open', pixelSize)
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (path: string, { out, size, json }: Options) => {
      const form = out === undefined ? null : extname(out).toLowerCase();
      if (form !== null && form !== '.onnx' && form !== '.json')
        throw new UsageError(`option '--out': found '${out}', expected a name that ends in .onnx or .json`);
      const runner = await NetworkRunner.open(await networkFile(path));
      try {
        const guess = guessPicture(runner.network, runner.inputs)?.guess;
        const picture = guess && size ? { ...guess, ...size } : undefined;
        const title = basename(path).replace(/\.onnx$/i, '');
        const { found, obstacles } = await takeInFile(runner, { title, picture });
        const said = obstacles.map((each) => sentence(each));
        const layers = found?.model.graph.layers.map(({ name, kind }) => ({ name, kind })) ?? null;
        const parameters = found && [...found.model.params.values()].reduce((sum, { length }) => sum + length, 0);
        if (found && out !== undefined) {
          const { graph } = found.model;
          const bytes =
            form === '.onnx' ? writeModel(found.model) : new TextEncoder().encode(JSON.stringify(graph.spec, null, 2));
          await writeFileAtomically(out, bytes);
        }
        if (!found) io.setExitCode(1);
        if (json) {
          const difference = found?.difference ?? null;
          return io.print(JSON.stringify({ file: path, layers, parameters, difference, obstacles: said }));
        }
        if (!found) {
          io.warn(`${printable(path)} cannot be taken in as a network of ours:`);
          for (const obstacle of said) io.warn(`  ${obstacle}`);
          return;
        }
        io.print(`${printable(path)}: ${layers!.length} layers, ${thousands(parameters!)} parameters`);
        io.print(layers!.map(({ name, kind }) => `  ${name}: ${kind}`).join('\n'));
        io.print(
          `On ${found.inputs} random inputs at most ${found.difference.toPrecision(2)} of the largest value from onnxruntime on the file`,
        );
      } finally {
        runner.close();
      }
    });
};
