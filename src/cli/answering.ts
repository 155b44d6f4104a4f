import { InvalidArgumentError, Option, type Command } from 'commander';
import { writeModel } from '../core/onnx/write';
import type { createEngine } from '../engine/engine';
import { classNamesIn } from '../engine/foreign/label-file';
import { networkFile } from '../engine/foreign/network-file';
import { takenFrom } from '../engine/foreign/take-in';
import { parseColor } from '../engine/image/pixels';
import { isForeign } from '../engine/models/formats/foreign';
import { modelNamed } from '../engine/models/models';
import { isFolder, readWholeFile } from '../engine/system/files';
import { modelFile } from '../engine/train/compare';
import type { CallContext, Fit, InputOptions, Invert, ModelInfo, ModelSource, PictureInput } from '../shared/protocol';
import type { Provider } from '../shared/settings';
import { say } from '../words';
import { UsageError, type Io } from './command';
import { pictureFrom, picturesChosen, withPictureOptions, type PictureOptions } from './picture-options';
import { providerOption } from './provider-option';
import { told } from './switches';

/** What a command takes that asks a network about single pictures, as Inspect does. */
export interface AnsweringOptions extends PictureOptions {
  model: string;
  fit?: Fit;
  invert: Invert;
  background?: string;
  engine?: 'core' | 'onnxruntime';
  labels?: string;
  provider: Provider;
}

export const withAnsweringOptions = (command: Command): Command =>
  withPictureOptions(
    command
      .requiredOption('--model <id|file.onnx|run>', "ID of a bundled network, an ONNX file, or a run's folder")
      .addOption(
        new Option(
          '--fit <how>',
          "how a picture of other proportions is fitted (default: the network's own way)",
        ).choices(['letterbox', 'crop', 'stretch']),
      )
      .addOption(new Option('--invert <when>', 'black for white').choices(['auto', 'on', 'off']).default('auto'))
      .option('--background <color>', 'what shows through transparency, #rrggbb', color)
      .addOption(
        new Option(
          '--engine <name>',
          'what computes: the core ours, and files of others as far as they can be taken in; else onnxruntime',
        ).choices(['core', 'onnxruntime']),
      ),
  )
    .addOption(providerOption())
    .option('--labels <file.txt>', 'names of the classes of a file of others that names none, one a line');

/** A network that is open in the engine, how pictures go in, and names for classes that its file does not name. */
export interface Answering {
  model: ModelInfo;
  given: Partial<InputOptions>;
  labels: string[] | null;
}

/** Opens the network that the options name. @throws FailureError where it cannot be opened, UsageError for options that do not suit it. */
export async function openAnswering(
  engine: ReturnType<typeof createEngine>,
  context: CallContext,
  options: AnsweringOptions,
  io: Io,
): Promise<Answering> {
  const { model: opening } = await engine.call('openModel', { source: await sourceOf(options) }, context);
  const model = await engine.call('modelOpened', { model: opening }, context);
  const { fit, invert, background } = options;
  const picture = chosenPicture(model, options);
  if (!picture && model.foreign?.kept.picture) io.warn(told(say('guess.kept', { file: model.id })));
  return { model, given: { fit, invert, background, picture }, labels: await labelsOf(model, options) };
}

function color(text: string): string {
  try {
    const [red, green, blue] = parseColor(text);
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  } catch {
    throw new InvalidArgumentError('Expected #rrggbb.');
  }
}

/** What is chosen in place of the guess; undefined where nothing is. @throws UsageError for a network that takes no picture so. */
function chosenPicture({ foreign, id }: ModelInfo, options: AnsweringOptions): PictureInput | undefined {
  const { engine } = options;
  if (engine !== undefined && (engine === 'core') !== (foreign === null))
    throw new UsageError(`option '--engine ${engine}': '${id}' is computed by ${foreign ? 'onnxruntime' : 'the core'}`);
  const chosen = picturesChosen(options);
  if (!chosen && !options.asGuessed) return undefined;
  const { picture, kept } = foreign ?? { picture: null, kept: null };
  const guess = options.asGuessed ? picture?.guess : (kept?.picture ?? picture?.guess);
  if (guess) return pictureFrom(guess, options);
  throw new UsageError(
    foreign ? `'${id}' takes no picture: there is nothing to prepare` : `'${id}' says itself how a picture is prepared`,
  );
}

/** The names that were given. @throws UsageError where the file names its classes itself, FailureError for another number of names. */
async function labelsOf({ id, labels, foreign }: ModelInfo, options: AnsweringOptions): Promise<string[] | null> {
  if (options.labels === undefined) return null;
  if (!foreign?.nameless)
    throw new UsageError(
      `option '--labels': '${id}' ${labels.length > 0 ? 'names its classes itself' : 'has no classes'}`,
    );
  const bytes = await readWholeFile(options.labels);
  return classNamesIn(new TextDecoder().decode(bytes), options.labels, labels.length);
}

/** The network that was named, also by a run's folder; for our core a foreign file is taken in. */
async function sourceOf({ model, engine }: AnsweringOptions): Promise<ModelSource> {
  if (await isFolder(model)) return modelNamed(await modelFile(model));
  const source = await modelNamed(model);
  if (engine !== 'core' || source.kind !== 'bytes' || !isForeign(source.bytes)) return source;
  const taken = await takenFrom(await networkFile(model));
  return { ...source, bytes: writeModel(taken.model) };
}
