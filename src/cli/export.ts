import { channelsFirst } from '../core/tensor';
import { printable } from '../words/printable';
import { writeFileAtomically, readWholeFile } from '../engine/system/files';
import { openContender, modelFile } from '../engine/train/compare';
import type { Register } from './command';
import { percent } from './table';

const HELP = `
The file is the run's model.onnx: the epoch with the lowest validation loss, opset 17, pixels scaled as its metadata says. A file
of that name is replaced. 'convscope verify FILE.onnx' compares it with onnxruntime layer by layer.
--json prints one line: { file, bytes, labels, inputShape, accuracy: { train, validation, test } }`;

export const register: Register = (program, io) => {
  program
    .command('export')
    .description("Writes a run's best model to an ONNX file.")
    .argument('<run>', "the run's folder")
    .requiredOption('--out <file.onnx>', 'the file to write')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (run: string, options: { out: string; json?: boolean }) => {
      const file = await modelFile(run);
      const { model } = await openContender(run);
      const bytes = await readWholeFile(file);
      await writeFileAtomically(options.out, bytes);
      const { labels, training } = model.metadata;
      const accuracy = training?.accuracy ?? { train: null, validation: null, test: null };
      if (options.json)
        return io.print(
          JSON.stringify({
            file: options.out,
            bytes: bytes.length,
            labels,
            inputShape: channelsFirst(model.graph.inputShape),
            accuracy,
          }),
        );
      const best = accuracy.test ?? accuracy.validation;
      const score =
        best === null ? '' : `, ${percent(best)} right on the ${accuracy.test === null ? 'validation' : 'test'} split`;
      io.print(
        `${printable(options.out)}: ${bytes.length} bytes, ${channelsFirst(model.graph.inputShape).join(' × ')} → ${labels.length} classes${score}`,
      );
    });
};
