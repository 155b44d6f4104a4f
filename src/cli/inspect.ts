import { printable } from '../words/printable';
import { Option, InvalidArgumentError } from 'commander';
import { basename, join } from 'node:path';
import { createEngine } from '../engine/engine';
import { readWholeFile, writeFileAtomically } from '../engine/system/files';
import { FILE_LIMIT } from '../engine/image/guard';
import { parseColor } from '../engine/image/pixels';
import { modelNamed } from '../engine/models/models';
import { npyValues } from '../engine/npy/tensor';
import type {
  CallContext,
  Fit,
  Inspection,
  InputOptions,
  Invert,
  LayerStats,
  MapDetail,
  ModelInfo,
  PictureInput,
} from '../shared/protocol';
import { say, sentence } from '../words';
import { told } from './switches';
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
  { model, input: { file, width, height, format, notes, fit, inverted, suggested, warnings },
    layers: [{ name, kind, outputShape, params, macs, min, max, mean, std, zeroFraction }],
    predictions: [{ label, index, probability }] }
model is the ID or the file's name; notes say what was converted, suggested whether inverting is, warnings what to look at; width and height are after orientation; outputShape is [C, H, W] or [C]; std is the
population's; predictions are all classes from the likeliest down;
a network that does not end in a softmax or a sigmoid gives values: value in place of probability.

--out writes NN-name.png for every layer: all maps, negative blue, zero white, positive orange, one scale per layer.
--npy adds NN-name.npy: float32, C order, [C, H, W] or [C].`;

interface Options {
  model: string;
  json?: boolean;
  out?: string;
  npy?: boolean;
  fit?: Fit;
  invert: Invert;
  background?: string;
  engine?: 'core' | 'onnxruntime';
  size?: { width: number; height: number };
  layout?: PictureInput['layout'];
  color?: PictureInput['color'];
  scale?: number;
  mean?: number[];
  std?: number[];
}

export const register: Register = (program, io) => {
  program
    .command('inspect')
    .description('Runs a network on a picture and tells what every layer makes of it.')
    .argument('<image>', 'a picture')
    .requiredOption('--model <id|file.onnx>', 'ID of a bundled network, or an ONNX file')
    .option('--json', 'print one JSON object on one line')
    .option('--out <dir>', 'write a picture of every layer into this folder')
    .option('--npy', 'with --out: write every layer as a NumPy array, too')
    .addOption(
      new Option(
        '--fit <how>',
        "how a picture of other proportions is fitted (default: the network's own way)",
      ).choices(['letterbox', 'crop', 'stretch']),
    )
    .addOption(new Option('--invert <when>', 'black for white').choices(['auto', 'on', 'off']).default('auto'))
    .option('--background <color>', 'what shows through transparency, #rrggbb', color)
    .addOption(
      new Option('--engine <name>', "what computes; ours are the core's, files of others onnxruntime's").choices([
        'core',
        'onnxruntime',
      ]),
    )
    .option('--size <width>x<height>', 'of a file of others: the picture, in pixels', pixelSize)
    .addOption(new Option('--layout <layout>', 'of a file of others').choices(['NCHW', 'NHWC']))
    .addOption(new Option('--color <order>', 'of a file of others').choices(['rgb', 'bgr', 'gray']))
    .option('--scale <number>', 'of a file of others: input = (pixel × scale − mean) ÷ std', finite)
    .option('--mean <numbers>', 'one, or one for each of red, green and blue, separated by commas', numbers)
    .option('--std <numbers>', 'likewise', numbers)
    .addHelpText('after', HELP)
    .action(async (image: string, options: Options) => {
      if (options.npy && options.out === undefined) throw new UsageError("option '--npy' needs '--out <dir>'");
      await inspect(image, options, io);
    });
};

function color(text: string): string {
  try {
    const [red, green, blue] = parseColor(text);
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  } catch {
    throw new InvalidArgumentError('Expected #rrggbb.');
  }
}

function pixelSize(text: string): { width: number; height: number } {
  const found = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  if (!found) throw new InvalidArgumentError('Expected WIDTHxHEIGHT, as 224x224.');
  return { width: Number(found[1]), height: Number(found[2] ?? found[1]) };
}

function finite(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

const numbers = (text: string): number[] => text.split(',').map(finite);

/** What is chosen in place of the guess; undefined where nothing is. @throws UsageError for a network that takes no picture so. */
function chosenPicture({ foreign, id }: ModelInfo, options: Options): PictureInput | undefined {
  const { engine, size, layout, color, scale, mean, std } = options;
  if (engine !== undefined && (engine === 'core') !== (foreign === null))
    throw new UsageError(`option '--engine ${engine}': '${id}' is computed by ${foreign ? 'onnxruntime' : 'the core'}`);
  if ([size, layout, color, scale, mean, std].every((value) => value === undefined)) return undefined;
  const guess = foreign?.picture?.guess;
  if (!guess)
    throw new UsageError(
      foreign
        ? `'${id}' takes no picture: there is nothing to prepare`
        : `'${id}' says itself how a picture is prepared`,
    );
  const order = color ?? guess.color;
  const channels = order === 'gray' ? 1 : 3;
  const moments = (given: readonly number[]): number[] =>
    given.length === channels ? [...given] : Array<number>(channels).fill(given[0]);
  for (const [name, given] of Object.entries({ mean, std }))
    if (given && given.length !== 1 && given.length !== channels)
      throw new UsageError(`option '--${name}': found ${given.length} numbers, expected 1 or ${channels}`);
  return {
    ...guess,
    ...size,
    layout: layout ?? guess.layout,
    color: order,
    scale: scale ?? guess.scale,
    mean: moments(mean ?? guess.mean),
    deviation: moments(std ?? guess.deviation),
  };
}

async function inspect(file: string, options: Options, io: Io): Promise<void> {
  const engine = createEngine({ open: { model: null, image: null } });
  const context: CallContext = { emit: () => undefined };
  try {
    const bytes = await readWholeFile(file, FILE_LIMIT);
    const model = await engine.call('openModel', { source: await modelNamed(options.model) }, context);
    const { fit, invert, background } = options;
    const picture = chosenPicture(model, options);
    const given: Partial<InputOptions> = { fit, invert, background, picture };
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
    const figures = await figuresOf(engine, context, shown, inspection);
    if (options.json) io.print(JSON.stringify(report(file, shown, inspection, figures)));
    else print(shown, inspection, figures, io);
  } finally {
    engine.close();
  }
}

type Figures = ReadonlyMap<number, Pick<LayerStats, 'min' | 'max' | 'mean' | 'deviation' | 'zeroFraction'>>;
const unknown = { min: null, max: null, mean: null, deviation: null, zeroFraction: null };

/** Layers whose figures are asked for together: those of others are computed for that. */
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
  const { input, predictions, inverted, invertSuggested: suggested, options, warnings } = inspection;
  return {
    model: basename(model.id),
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
  const { input, inverted, invertSuggested, options, predictions, warnings } = inspection;
  const said = input.notes.map((note) => sentence(note));
  const notes = [
    `${input.width} × ${input.height}`,
    input.format,
    ...said,
    options.fit,
    ...(inverted ? ['inverted'] : []),
  ];
  for (const warning of warnings) io.warn(told(warning));
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
