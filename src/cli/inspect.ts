import { printable } from '../words/printable';
import { basename, join } from 'node:path';
import { createEngine } from '../engine/engine';
import { knownClasses } from '../shared/known-classes';
import { readWholeFile, writeFileAtomically } from '../engine/system/files';
import { FILE_LIMIT } from '../engine/image/guard';
import { npyValues } from '../engine/npy/tensor';
import type { CallContext, Inspection, LayerStats, MapDetail, ModelInfo } from '../shared/protocol';
import { say, sentence } from '../words';
import { told } from './switches';
import { openAnswering, withAnsweringOptions, type AnsweringOptions } from './answering';
import { UsageError, type Io, type Register } from './command';
import { layerPicture } from './layer-picture';
import { percent, short, table, thousands } from './table';

const HELP = `
PNG, JPEG, WebP, AVIF, GIF, TIFF and SVG open, told by content; EXIF orientation is applied; of an animation the first
frame is taken. Then always: sRGB, 8 bits → transparency flattened on the background (white unless chosen) → fitted →
gray = 0.299 R + 0.587 G + 0.114 B, rounded, where the network is gray → inverted → normalized. A letterbox's bars have
the chosen background; without one they are the network's ground. --invert auto inverts a dark drawing on a light ground
for a gray network whose own pictures, all of them, are drawn light on dark, or the other way round; never a picture of
the network's own data. Where that is likely but not certain it is suggested, no more.

--json prints one line:
  { model, provider, input: { file, width, height, format, notes, fit, inverted, suggested, warnings, likeness },
    layers: [{ name, kind, outputShape, params, macs, min, max, mean, std, zeroFraction }],
    predictions: [{ label, index, probability }] }
model is the ID or the file's name; provider computed: 'core' is ours, the others are onnxruntime's; notes say what was converted, suggested whether inverting is, warnings what to look at; width and height are after orientation; outputShape is [C, H, W] or [C]; std is the
population's; predictions are all classes from the likeliest down; likeness says how the picture stands to those that the network learned from, { count, reasons, distance, limit }, null where its file does not say:
reasons is empty where it is like them, distance is that to the nearest of those that the file keeps, limit from where on that is unusual;
a network that does not end in a softmax or a sigmoid gives values: value in place of probability.

--out writes NN-name.png for every layer: all maps, negative blue, zero white, positive orange, one scale per layer.
--npy adds NN-name.npy: float32, C order, [C, H, W] or [C].`;

interface Options extends AnsweringOptions {
  json?: boolean;
  out?: string;
  npy?: boolean;
}

export const register: Register = (program, io) => {
  withAnsweringOptions(
    program
      .command('inspect')
      .description('Runs a network on a picture and tells what every layer makes of it.')
      .argument('<image>', 'a picture')
      .option('--json', 'print one JSON object on one line')
      .option('--out <dir>', 'write a picture of every layer into this folder')
      .option('--npy', 'with --out: write every layer as a NumPy array, too'),
  )
    .addHelpText('after', HELP)
    .action(async (image: string, options: Options) => {
      if (options.npy && options.out === undefined) throw new UsageError("option '--npy' needs '--out <dir>'");
      await inspect(image, options, io);
    });
};

async function inspect(file: string, options: Options, io: Io): Promise<void> {
  const engine = createEngine({ open: { model: null, image: null }, provider: options.provider });
  const context: CallContext = { emit: () => undefined };
  try {
    const bytes = await readWholeFile(file, FILE_LIMIT);
    const { model, given, labels } = await openAnswering(engine, context, options, io);
    const image = { kind: 'bytes', name: file, bytes } as const;
    const inspection = await engine.call('inspect', { model: model.model, image, options: given }, context);

    if (options.out !== undefined && model.foreign)
      throw new UsageError(`option '--out': '${model.id}' is a file of others, whose tensors 'convscope run' writes`);
    if (options.out !== undefined) {
      for (const { index, name, outputShape } of model.layers) {
        const { bytes: npy } = await engine.call('npy', { inspection: inspection.inspection, layer: index }, context);
        const digits = Math.max(2, String(model.layers.length).length);
        const path = join(options.out, `${String(index + 1).padStart(digits, '0')}-${name}`);
        await writeFileAtomically(`${path}.png`, await layerPicture(npyValues(npy, outputShape), outputShape));
        if (options.npy) await writeFileAtomically(`${path}.npy`, npy);
      }
    }
    const shown = asRun(model, inspection);
    const predictions = inspection.predictions.map((each) => ({ ...each, label: labels?.[each.index] ?? each.label }));
    const figures = await figuresOf(engine, context, shown, inspection);
    if (options.json) io.print(JSON.stringify(report(file, shown, { ...inspection, predictions }, figures)));
    else print(shown, { ...inspection, predictions }, figures, io);
  } finally {
    engine.close();
  }
}

type Figures = ReadonlyMap<number, Pick<LayerStats, 'min' | 'max' | 'mean' | 'deviation' | 'zeroFraction'>>;
const unknown = { min: null, max: null, mean: null, deviation: null, zeroFraction: null };

/** Layers whose figures are requested together, since those of a foreign network are computed on request. */
const TOGETHER = 16;

/** What is known of each layer's numbers: nothing of texts, and of values that onnxruntime does not hand out. */
async function figuresOf(
  engine: ReturnType<typeof createEngine>,
  context: CallContext,
  { layers }: ModelInfo,
  { inspection, layers: here }: Inspection,
): Promise<Figures> {
  const figures = new Map<number, LayerStats | MapDetail>(here.map((stats) => [stats.index, stats]));
  const open = layers.filter(({ index, type }) => !figures.has(index) && type !== null && type !== 'string');
  for (let at = 0; at < open.length; at += TOGETHER)
    await Promise.all(
      open.slice(at, at + TOGETHER).map(async ({ index }) => {
        const { layer } = await engine.call('mapDetails', { inspection, layer: index, first: 0, count: 0 }, context);
        figures.set(index, layer);
      }),
    );
  return figures;
}

/** The network with the shapes that were known only when it had run. */
function asRun(model: ModelInfo, { shapes }: Inspection): ModelInfo {
  const ran = new Map(shapes.map(({ index, outputShape }) => [index, outputShape]));
  const layers = model.layers.map((layer) => ({ ...layer, outputShape: ran.get(layer.index) ?? layer.outputShape }));
  return { ...model, layers };
}

function report(file: string, model: ModelInfo, inspection: Inspection, figures: Figures): object {
  const {
    input,
    predictions,
    inverted,
    invertSuggested: suggested,
    options,
    warnings,
    likeness,
    computedBy,
  } = inspection;
  return {
    model: basename(model.id),
    provider: computedBy.provider,
    input: {
      file,
      width: input.width,
      height: input.height,
      format: input.format.toLowerCase(),
      notes: input.notes.map((note) => sentence(note)),
      fit: options.fit,
      inverted,
      suggested,
      warnings: warnings.map((warning) => sentence(warning)),
      likeness: likeness && { ...likeness, reasons: likeness.reasons.map((reason) => sentence(reason)) },
    },
    layers: model.layers.map(({ name, kind, outputShape, params, macs, index }) => {
      const { min, max, mean, deviation, zeroFraction } = figures.get(index) ?? unknown;
      return { name, kind, outputShape, params, macs, min, max, mean, std: deviation, zeroFraction };
    }),
    predictions: predictions.map(({ label, index, probability, logit }) =>
      probability === null ? { label, index, value: logit } : { label, index, probability },
    ),
  };
}

function print(model: ModelInfo, inspection: Inspection, figures: Figures, io: Io): void {
  const { input, inverted, invertSuggested, options, predictions, warnings, likeness } = inspection;
  const said = input.notes.map((note) => sentence(note));
  const notes = [
    `${input.width} × ${input.height}`,
    input.format,
    ...said,
    options.fit,
    ...(inverted ? ['inverted'] : []),
  ];
  for (const warning of warnings) io.warn(told(warning));
  if (likeness && likeness.reasons.length > 0)
    io.warn(
      told(
        say('unlike.all', {
          known: knownClasses(model.labels),
          learned: say('unlike.learned', { count: likeness.count.toLocaleString('en-US') }),
          reasons: likeness.reasons,
        }),
      ),
    );
  if (invertSuggested && !inverted) io.warn(told(say('image.invert.suggested')));
  io.print(`${printable(input.file)} (${notes.join(', ')}) through ${printable(model.id)}\n`);
  io.print(
    table(
      ['layer', 'kind', 'output', 'parameters', 'multiply-adds', 'min', 'max', 'mean', 'std', 'zeros'],
      model.layers.map((layer) => {
        const { min, max, mean, deviation, zeroFraction } = figures.get(layer.index) ?? unknown;
        const told = (value: number | null, as: (value: number) => string): string =>
          value === null ? '–' : as(value);
        return [
          layer.name,
          layer.kind,
          layer.outputShape.join(' × '),
          thousands(layer.params),
          thousands(layer.macs),
          told(min, short),
          told(max, short),
          told(mean, short),
          told(deviation, short),
          told(zeroFraction, percent),
        ];
      }),
    ),
  );
  io.print('');
  const likeliest = predictions.slice(0, 10);
  io.print(
    table(
      ['prediction', likeliest[0]?.probability === null ? 'value' : 'probability'],
      likeliest.map(({ label, probability, logit }) => [
        label,
        probability === null ? short(logit) : percent(probability),
      ]),
    ),
  );
}
