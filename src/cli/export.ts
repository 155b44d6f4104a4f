import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Model } from '../core/model/model';
import { NEWEST_OPSET, OLDEST_OPSET } from '../core/onnx/write';
import type { TrainSettings } from '../core/train/settings';
import { channelsFirst } from '../core/tensor';
import { findingsOf, writeForm, type ChosenFile } from '../engine/export/onnx';
import type { TwoPaths } from '../engine/image/two-paths';
import type { ExportForm } from '../shared/export';
import { sentence } from '../words';
import { filesOf, formatOf, FORMATS, type Format, type OtherFormat } from '../engine/export/formats';
import { Decoder } from '../engine/image/decoder';
import type { OpenedModel } from '../engine/models/models';
import { openNamed } from '../engine/models/verify-gradients';
import { fillUp } from '../engine/models/verify';
import { verifyImages } from '../engine/models/verify-images';
import { isFolder, readWholeFile, writeFileAtomically } from '../engine/system/files';
import { openContender, modelFile } from '../engine/train/compare';
import { settingsBefore } from '../engine/train/resume';
import { RunFolder } from '../engine/train/run-folder';
import { inputShapeOf } from '../engine/train/classifier';
import { printable } from '../words/printable';
import { UsageError, type Io, type Register } from './command';
import { percent } from './table';

const HELP = `
The weights of a run are those of the epoch with the lowest validation loss. Without choices an ONNX file is the run's model.onnx: opset 17,
pixels scaled as its metadata says. A file of that name is replaced. 'convscope verify FILE.onnx' compares it with onnxruntime layer by layer.
--opset, --softmax, --no-softmax, --preprocessing inside, --float16 and --int8 write another ONNX file of the same network. It is run in onnxruntime at
once, on the bundled samples and random pictures or those of --data, and its output held against the core's: exit code 1 where they differ.
--int8 is static quantization: the ranges of the values are those on up to 200 training pictures of the run, or of --data, and the accuracy before and after is told, on up
to 1,000 pictures that it did not learn from. It passes where nine of ten answers stay.
With --preprocessing inside the file takes 'pixels', uint8 [N, height, width, 3], RGB of any size: it crops, resizes and scales itself (opset 18).
safetensors and npz hold the weights by 'layer.param' in PyTorch's layout: kernels [O, I / groups, KH, KW], dense [O, I].
pytorch and keras (Keras 3) write a script (.py) that rebuilds the network, loads its weights from FILE.safetensors, written beside it, prepares pictures, and
trains on with the run's settings (--train FOLDER; PyTorch with torchrun on several machines). web writes a folder: model, page with a drop zone, preprocessing.
A layer that a script cannot express is refused by name.
--json prints one line: { file, bytes, labels, inputShape, accuracy: { train, validation, test }, check, quantized };
check is null without choices, else { ok, images, maxAbs, maxRel, tolerance, sameAnswers, resized: { images, sameAnswers } or null };
quantized is null without --int8, else { before, after, images, split, calibrated }: accuracies in onnxruntime`;

interface Options {
  out: string;
  format?: Format;
  opset?: number;
  softmax?: boolean;
  preprocessing?: 'inside' | 'metadata';
  float16?: boolean;
  int8?: boolean;
  data?: string;
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('export')
    .description('Writes a network to a file for other programs.')
    .argument('<model>', "a run's folder, the ID of a bundled network, or a file of ours")
    .requiredOption('--out <file>', 'the file to write, of web the folder')
    .addOption(new Option('--format <format>', 'by default what the ending of --out says').choices(FORMATS))
    .addOption(
      new Option('--opset <n>', `operator set, ${OLDEST_OPSET} to ${NEWEST_OPSET}`).argParser((text) => {
        const opset = Number(text);
        if (Number.isInteger(opset) && opset >= OLDEST_OPSET && opset <= NEWEST_OPSET) return opset;
        throw new InvalidArgumentError(`Expected a whole number from ${OLDEST_OPSET} to ${NEWEST_OPSET}.`);
      }),
    )
    .option('--softmax', 'end in a softmax')
    .option('--no-softmax', 'end in the logits')
    .addOption(new Option('--preprocessing <where>', 'where pixels are prepared').choices(['metadata', 'inside']))
    .option('--float16', 'weights and arithmetic in float16')
    .option('--int8', 'convolutions and dense layers in 8 bits, calibrated on the training pictures')
    .option('--data <path>', 'pictures to check the file on, and for --int8 to calibrate it')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action((word: string, options: Options) => exportModel(word, options, io));
};

async function exportModel(word: string, options: Options, io: Io): Promise<void> {
  const format = options.format ?? formatOf(options.out);
  if (format === null) throw new UsageError(`--out: ${options.out} does not say which format; add --format`);
  if (options.float16 && options.int8) throw new UsageError('--float16 and --int8: choose one of the two');
  const form: ExportForm = {
    opset: options.opset,
    softmax: options.softmax,
    inside: options.preprocessing === 'inside' ? true : undefined,
    number: options.int8 ? 'int8' : options.float16 ? 'float16' : undefined,
  };
  const chosen = Object.values(form).some((each) => each !== undefined);
  if (chosen && format !== 'onnx') throw new UsageError(`--format ${format}: the choices are those of an ONNX file`);
  const { model: ours, labels, training, inputShape, altered } = await about(word, format === 'onnx' && !chosen);
  let bytes: number;
  let made: ChosenFile | null = null;
  if (format !== 'onnx') bytes = await writeOther(ours!, format, options.out, await settingsOf(word));
  else {
    made = chosen ? await written(word, ours!, form, options.data) : null;
    const content = made?.bytes ?? (await bytesOf(word));
    await writeFileAtomically(options.out, content);
    bytes = content.length;
  }
  const { check = null, accuracy: quantized = null } = made ?? {};
  if (check?.ok === false) io.setExitCode(1);
  if (altered) io.warn(sentence(altered));
  // What was measured is not this network's any more.
  const accuracy = (altered ? null : training?.accuracy) ?? { train: null, validation: null, test: null };
  const shape = channelsFirst(inputShape);
  if (options.json)
    return io.print(
      JSON.stringify({ file: options.out, bytes, labels, inputShape: shape, accuracy, check, quantized }),
    );
  const best = accuracy.test ?? accuracy.validation;
  const score =
    best === null ? '' : `, ${percent(best)} right on the ${accuracy.test === null ? 'validation' : 'test'} split`;
  io.print(`${printable(options.out)}: ${bytes} bytes, ${shape.join(' × ')} → ${labels.length} classes${score}`);
  if (made) for (const line of findingsOf(made)) io.print(sentence(line));
}

/** What a report says of a network, and the network itself where it is needed: a head on a foreign network has none. */
async function about(
  word: string,
  onlyCopied: boolean,
): Promise<
  { model: Model | null; inputShape: readonly number[] } & Pick<Model['metadata'], 'labels' | 'training'> &
    Pick<OpenedModel, 'altered'>
> {
  if (onlyCopied) {
    const { model, altered } = await openContender(word);
    return { model: null, inputShape: inputShapeOf(model), ...model.metadata, altered };
  }
  const { model, altered } = await openNamed(word);
  return { model, inputShape: model.graph.inputShape, ...model.metadata, altered };
}

async function bytesOf(word: string): Promise<Uint8Array> {
  if (await isFolder(word)) return readWholeFile(await modelFile(word));
  return (await openNamed(word)).bytes();
}

/** Writes files beside each other; `web` is a folder. @returns the bytes of the file that was asked for, or of all in the folder. */
async function writeOther(
  model: Model,
  format: OtherFormat,
  out: string,
  settings: TrainSettings | null,
): Promise<number> {
  const files = filesOf(model, format, basename(out), settings);
  const folder = format === 'web' ? out : dirname(out);
  if (format === 'web') await mkdir(folder, { recursive: true });
  // What another file needs is there before it.
  for (const { name, bytes } of [...files].reverse()) await writeFileAtomically(join(folder, name), bytes);
  const counted = format === 'web' ? files : files.slice(0, 1);
  return counted.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** How a run was trained; null for what is no run. */
async function settingsOf(word: string): Promise<TrainSettings | null> {
  if (!(await isFolder(word))) return null;
  return settingsBefore(await new RunFolder(word).read());
}

/** Writes and checks by choice. @throws UsageError for int8 without the data that the network learned from. */
async function written(word: string, model: Model, form: ExportForm, data: string | undefined): Promise<ChosenFile> {
  const record = (await isFolder(word)) ? await new RunFolder(word).read() : null;
  const path = data ?? record?.data.path ?? null;
  if (form.number === 'int8' && path === null)
    throw new UsageError('--int8: add --data, the pictures that the network learned from');
  const decoder = new Decoder();
  try {
    const pictures = async (): Promise<{ images: Float32Array[]; pictures: TwoPaths[] }> => {
      const found = await verifyImages(model, decoder, data ?? null);
      return { images: fillUp(model, found.images), pictures: found.pictures };
    };
    // Another data set than the run's own has its own splits.
    const learned = path === null ? null : { path, record: data === undefined ? record : null };
    return await writeForm(model, form, pictures, learned);
  } finally {
    decoder.close();
  }
}
