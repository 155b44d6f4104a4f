import { printable } from '../words/printable';
import { basename } from 'node:path';
import { describeModel } from '../engine/models/describe';
import { summarizeNetwork, type ValueSummary } from '../engine/foreign/summary';
import { networkFile } from '../engine/foreign/runner';
import { networkNamed } from '../engine/models/verify-gradients';
import { FailureError } from '../shared/failures';
import { sentence } from '../words';
import type { Io, Register } from './command';
import { table, thousands } from './table';

const HELP = `
--json prints one line:
  { model, layers: [{ name, kind, outputShape, params, macs, receptiveField }], totals: { params, trainable, macs } }
model is the ID or the file's name; outputShape is [C, H, W] or [C]; params counts running statistics too, trainable
does not; macs are multiply-adds for one picture; receptiveField is [height, width] in pixels of the input, of a unit
far from the border.

Of a file that Convscope did not write, its nodes, whatever they are, with shapes as far as onnxruntime can infer them:
  { model, producer, irVersion, opsets: [{ domain, version }], inputs: [{ name, type, shape }], outputs: [{ name, type, shape }],
    nodes: [{ name, operator, inputs, outputs: [{ name, type, shape }], params, macs }],
    totals: { nodes, params, macs, unknown }, refused, notes }
shape is null where nothing is known, and has symbols and nulls for open dimensions; params are the numbers of weights (not of
shapes and indices); macs are those of convolutions and matrix products, null where a shape is open, which unknown counts; an open
first dimension of an input is taken as 1; refused says why onnxruntime does not compute the network, or is null.`;

export const register: Register = (program, io) => {
  program
    .command('summary')
    .description("A network's layers: shapes, parameters, multiply-adds, receptive fields.")
    .argument('<model>', 'ID of a bundled network, any ONNX file, a run, or a spec.json')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (word: string, options: { json?: boolean }) => {
      const opened = await networkNamed(word).catch((error: unknown) => {
        if (error instanceof FailureError && error.code === 'model.foreign') return null;
        throw error;
      });
      if (!opened) return foreign(word, options.json ?? false, io);
      const { layers, totals, inputShape } = describeModel(opened.model, opened.id);
      const rows = layers.map(({ name, kind, outputShape, params, macs, receptiveField }) => ({
        name,
        kind,
        outputShape,
        params,
        macs,
        receptiveField: receptiveField && [receptiveField.height, receptiveField.width],
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
            row.receptiveField?.join(' × ') ?? '–',
          ]),
        ),
      );
      const { params, trainable, macs } = totals;
      io.print(
        `\n${thousands(params)} parameters, ${thousands(trainable)} of them trainable; ${thousands(macs)} multiply-adds`,
      );
    });
};

async function foreign(path: string, json: boolean, io: Io): Promise<void> {
  const { refused, notes, ...found } = await summarizeNetwork(await networkFile(path));
  const said = notes.map((note) => sentence(note));
  if (json) {
    const model = basename(path);
    return io.print(JSON.stringify({ model, ...found, refused: refused && sentence(refused), notes: said }));
  }
  for (const note of said) io.warn(note);
  if (refused) io.warn(`It cannot be computed: ${sentence(refused)}`);
  const opset = found.opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', ');
  io.print(`${printable(path)}: ${found.producer || 'unknown producer'}, IR ${found.irVersion}, ${opset}`);
  for (const value of found.inputs) io.print(`input ${described(value)}`);
  for (const value of found.outputs) io.print(`output ${described(value)}`);
  io.print('');
  io.print(
    table(
      ['node', 'operator', 'output', 'parameters', 'multiply-adds'],
      found.nodes.map(({ name, operator, outputs, params, macs }) => [
        name,
        operator,
        outputs.map(shapeText).join(', '),
        thousands(params),
        macs === null ? '–' : thousands(macs),
      ]),
    ),
  );
  const { nodes, params, macs, unknown } = found.totals;
  const rest = unknown > 0 ? ` without ${unknown} nodes of open shapes` : '';
  io.print(`\n${thousands(nodes)} nodes, ${thousands(params)} parameters; ${thousands(macs)} multiply-adds${rest}`);
}

const described = (value: ValueSummary): string => `${value.name}: ${value.type ?? '?'} ${shapeText(value)}`;

const shapeText = ({ shape }: ValueSummary): string =>
  shape === null ? '?' : shape.length === 0 ? 'scalar' : shape.map((dim) => dim ?? '?').join(' × ');
