import { printable } from '../words/printable';
import { basename } from 'node:path';
import { describeModel } from '../engine/models/describe';
import { modelNamed, openModel } from '../engine/models/models';
import type { Register } from './command';
import { table, thousands } from './table';

const HELP = `
--json prints one line:
  { model, layers: [{ name, kind, outputShape, params, macs, receptiveField }], totals: { params, trainable, macs } }
model is the ID or the file's name; outputShape is [C, H, W] or [C]; params counts running statistics too, trainable
does not; macs are multiply-adds for one picture; receptiveField is [height, width] in pixels of the input, of a unit
far from the border.`;

export const register: Register = (program, io) => {
  program
    .command('summary')
    .description("A network's layers: shapes, parameters, multiply-adds, receptive fields.")
    .argument('<model>', 'ID of a bundled network, or an ONNX file')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (word: string, options: { json?: boolean }) => {
      const opened = await openModel(await modelNamed(word));
      const { layers, totals, inputShape } = describeModel(opened.model, opened.id);
      const rows = layers.map(({ name, kind, outputShape, params, macs, receptiveField }) => ({
        name,
        kind,
        outputShape,
        params,
        macs,
        receptiveField: [receptiveField.height, receptiveField.width],
      }));
      if (options.json) return io.print(JSON.stringify({ model: basename(opened.id), layers: rows, totals }));
      io.print(`${printable(opened.id)}: input ${inputShape.join(' × ')}\n`);
      io.print(
        table(
          ['layer', 'kind', 'output', 'parameters', 'multiply-adds', 'receptive field'],
          rows.map((row) => [
            row.name,
            row.kind,
            row.outputShape.join(' × '),
            thousands(row.params),
            thousands(row.macs),
            row.receptiveField.join(' × '),
          ]),
        ),
      );
      const { params, trainable, macs } = totals;
      io.print(
        `\n${thousands(params)} parameters, ${thousands(trainable)} of them trainable; ${thousands(macs)} multiply-adds`,
      );
    });
};
