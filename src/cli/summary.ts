import { printable } from '../words/printable';
import { basename } from 'node:path';
import { describeModel } from '../engine/models/describe';
import { bundledIds, networkBytes } from '../engine/models/models';
import { summarizeNetwork, type ValueSummary } from '../engine/foreign/summary';
import { networkFile } from '../engine/foreign/network-file';
import { FailureError } from '../shared/failures';
import { sentence } from '../words';
import type { Io, Register } from './command';
import { aboutOf, linesOf, networkFor } from './classic';
import { table, thousands } from './table';

const HELP = `
--json prints one line:
  { model, about, without, layers: [{ name, kind, outputShape, params, macs, receptiveField }], totals: { params, trainable, macs } }
model is the ID or the file's name; outputShape is [C, H, W] or [C]; params counts running statistics too, trainable
does not; macs are multiply-adds for one picture; receptiveField is [height, width] in pixels of the input, of a unit
far from the border. about tells of a classic network its title, year, paper, the counts that the paper or its authors' tools
give, and for an adapted one what was changed (adapts, adapted, original: the original's counts); null for others.
--without leaves out what one idea of a classic network brought (skip, 1x1, lrn), wherever its spec says so.

Of a file that Convscope did not write, its nodes, whatever they are, with shapes as far as onnxruntime can infer them:
  { model, producer, irVersion, opsets: [{ domain, version }], inputs: [{ name, type, shape }], outputs: [{ name, type, shape }],
    nodes: [{ name, operator, inputs, outputs: [{ name, type, shape }], params, macs }],
    totals: { nodes, params, macs, unknown }, refused, takeIn: { layers, obstacles }, notes }
shape is null where nothing is known, and has symbols and nulls for open dimensions; params are the numbers of weights (not of
shapes and indices); macs are those of convolutions and matrix products, null where a shape is open, which unknown counts; an open
first dimension of an input is taken as 1; refused says why onnxruntime does not compute the network, or is null;
takeIn: how many layers it has as a network of ours ('convscope take-in'), or layers null and what stands in the way.`;

export const register: Register = (program, io) => {
  program
    .command('summary')
    .description("A network's layers: shapes, parameters, multiply-adds, receptive fields.")
    .argument('<model>', 'ID of a bundled network, any ONNX file, a run, or a spec.json')
    .option('--without <ideas>', 'ideas of a spec that are switched off, separated by commas')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (word: string, options: { json?: boolean; without?: string }) => {
      const opened = await networkFor(word, options.without).catch((error: unknown) => {
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
        receptiveField: receptiveField?.size ?? null,
      }));
      const about = await aboutOf(word);
      if (options.json) {
        const without = options.without?.split(',') ?? [];
        return io.print(JSON.stringify({ model: basename(opened.id), about, without, layers: rows, totals }));
      }
      for (const line of about ? linesOf(about) : []) io.print(line);
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
  const file = (await bundledIds()).includes(path)
    ? { name: path, bytes: (await networkBytes({ kind: 'bundled', id: path })).bytes, path: null, folder: null }
    : await networkFile(path);
  const { refused, notes, takeIn, ...found } = await summarizeNetwork(file);
  const said = notes.map((note) => sentence(note));
  if (json) {
    const model = basename(path);
    const obstacles = takeIn?.obstacles.map((each) => sentence(each));
    const told = { refused: refused && sentence(refused), takeIn: takeIn && { ...takeIn, obstacles }, notes: said };
    return io.print(JSON.stringify({ model, ...found, ...told }));
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
  if (!takeIn) return;
  const { layers, obstacles } = takeIn;
  if (layers !== null) return io.print(`Can be taken in as a network of ours, of ${layers} layers`);
  const more = obstacles.length > 1 ? `, and ${obstacles.length - 1} more ('convscope take-in' tells all)` : '';
  io.print(`Cannot be taken in as a network of ours: ${sentence(obstacles[0])}${more}`);
}

const described = (value: ValueSummary): string => `${value.name}: ${value.type ?? '?'} ${shapeText(value)}`;

const shapeText = ({ shape }: ValueSummary): string =>
  shape === null ? '?' : shape.length === 0 ? 'scalar' : shape.map((dim) => dim ?? '?').join(' × ');
