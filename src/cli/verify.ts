import { printable } from '../words/printable';
import { Decoder } from '../engine/image/decoder';
import { makeExecutor } from '../engine/runtime/executor';
import { leftOutLines } from '../engine/data/load';
import type { Range } from '../engine/data/scale';
import { gradientImages, networkNamed, openNamed, verifyGradients } from '../engine/models/verify-gradients';
import { verifyImages } from '../engine/models/verify-images';
import type { Model } from '../core/model/model';
import { GRADIENT_TOLERANCE } from '../core/train/gradient-check';
import { SLOPE_TOLERANCE } from '../core/train/central-differences';
import { fillUp, TOLERANCE, verify } from '../engine/models/verify';
import { sentence } from '../words';
import { told } from './switches';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';
import { percent, short, table } from './table';

const HELP = `
The core and onnxruntime run side by side on 100 pictures: those of --data (a picture, the first by name in a folder and
its subfolders, or of a data set in any format that 'train' takes), without it the bundled samples; filled up with seeded
random pictures.
onnxruntime is given the very bytes of the file. Its weights, labels, preprocessing and all else are held against the digests that
it carries: what was altered is named. Without digests that cannot be told, which is said and is no failure. NaN and infinity are differences.
With --gradients the network's gradients are compared instead, on a small batch of those pictures: as the executor that trains computes
them, as the reference does in doubles, and as slopes of the loss measured in doubles (central differences). Of a spec.json with fresh weights.
  { ok, images, params: [{ param, executors, slopes }] }, differences ÷ the parameter's largest gradient; slopes null where only kinks were met
--json prints one line:
  { ok, altered: [{ name, how }] or null (no digests), notFinite: [tensors], images, top1Agreement, layers: [{ name, maxAbs, maxRel }] }
maxRel is maxAbs ÷ the layer's largest absolute value; ok means that none is above ${TOLERANCE}, that nothing was altered and that every
weight is a finite number. Exit code 1 where not ok.`;

interface Options {
  data?: string;
  range?: Range;
  gradients?: boolean;
  threads?: number;
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('verify')
    .description('Compares every layer with onnxruntime, or gradients with the reference.')
    .argument('<model>', "ID of a bundled network, an ONNX file, or a run's folder; with --gradients a spec.json too")
    .option('--data <path>', 'pictures to compare on: a file, a folder or a data set')
    .addOption(rangeOption())
    .option('--gradients', 'compare the gradients of the executor that trains, the reference and central differences')
    .addOption(threadsOption())
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action((word: string, options: Options) => (options.gradients ? gradients : layers)(word, options, io));
};

async function layers(word: string, { data, range, json }: Options, io: Io): Promise<void> {
  const opened = await openNamed(word);
  const given = await picturesOf(opened.model, data, range, io);
  const report = await verify(opened, fillUp(opened.model, given), { executor: makeExecutor });
  const { ok, altered, notFinite, findings, images, top1Agreement, layers, onnxruntime } = report;
  if (!ok) io.setExitCode(1);
  if (json) return io.print(JSON.stringify({ ok, altered, notFinite, images, top1Agreement, layers }));
  io.print(`${printable(opened.id)} against onnxruntime ${onnxruntime}, ${images} pictures\n`);
  io.print(
    table(
      ['layer', 'largest difference', '÷ largest value'],
      layers.map(({ name, maxAbs, maxRel }) => [name, short(maxAbs), short(maxRel)]),
    ),
  );
  io.print(`\nSame first class: ${percent(top1Agreement)} of the pictures`);
  const agrees = layers.every(({ maxRel }) => maxRel <= TOLERANCE);
  io.print(agrees ? `Every layer agrees to ${TOLERANCE}.` : `Not every layer agrees to ${TOLERANCE}.`);
  for (const finding of findings) io.print(sentence(finding));
}

async function gradients(word: string, { data, range, threads, json }: Options, io: Io): Promise<void> {
  const network = await networkNamed(word);
  const count = gradientImages(network.model);
  // The bundled samples say nothing about a network that was not trained on such pictures.
  const given = data === undefined && /\.json$/i.test(word) ? [] : await picturesOf(network.model, data, range, io);
  const line = new ProgressLine(io);
  const { ok, images, params } = await verifyGradients(
    network,
    fillUp(network.model, given.slice(0, count), count),
    threads,
    (done, total) => line.count('parameters', done, total),
  ).finally(() => line.end());
  if (!ok) io.setExitCode(1);
  if (json) return io.print(JSON.stringify({ ok, images, params }));
  io.print(
    `Gradients of ${network.id}, ${images} ${images === 1 ? 'picture' : 'pictures'}: differences ÷ the largest gradient\n`,
  );
  io.print(
    table(
      ['parameter', 'kernels − reference', 'reference − slope'],
      params.map(({ param, executors, slopes }) => [param, short(executors), slopes === null ? '–' : short(slopes)]),
    ),
  );
  const wrong = params.filter(({ executors }) => !(executors <= GRADIENT_TOLERANCE)).map(({ param }) => param);
  const steep = params
    .filter(({ slopes }) => slopes !== null && !(slopes <= SLOPE_TOLERANCE))
    .map(({ param }) => param);
  io.print('');
  if (wrong.length > 0)
    io.print(`The kernels are wrong in ${wrong.join(', ')}: more than ${GRADIENT_TOLERANCE} apart.`);
  if (steep.length > 0) io.print(`The reference is wrong in ${steep.join(', ')}: more than ${SLOPE_TOLERANCE} apart.`);
  if (ok) io.print(`All agree to ${GRADIENT_TOLERANCE}.`);
}

async function picturesOf(
  model: Model,
  data: string | undefined,
  range: Range | undefined,
  io: Io,
): Promise<Float32Array[]> {
  const decoder = new Decoder();
  try {
    const { images, leftOut, warnings } = await verifyImages(model, decoder, data ?? null, { range });
    for (const text of leftOutLines(leftOut)) io.warn(told(text));
    for (const text of warnings) io.warn(told(text));
    return images;
  } finally {
    decoder.close();
  }
}
