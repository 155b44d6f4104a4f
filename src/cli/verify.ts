import { basename, join } from 'node:path';
import { isFolder, writeFileAtomically } from '../engine/system/files';
import type { VerifyReport } from '../shared/protocol';
import { certificateJson, certificatePage, verdictOf } from '../shared/certificate';
import { printable } from '../words/printable';
import { Decoder } from '../engine/image/decoder';
import { makeExecutor } from '../engine/runtime/executor';
import { leftOutLines } from '../engine/data/load';
import type { Range } from '../engine/data/scale';
import { gradientImages, networkNamed, openNamed, verifyGradients } from '../engine/models/verify-gradients';
import { verifyImages, type VerifyImages } from '../engine/models/verify-images';
import type { Model } from '../core/model/model';
import { GRADIENT_TOLERANCE } from '../core/train/gradient-check';
import { SLOPE_TOLERANCE } from '../core/train/central-differences';
import { fillUp, VERIFY_IMAGES, TOLERANCE, verify } from '../engine/models/verify';
import { InvalidArgumentError, Option } from 'commander';
import { sentence, type Language } from '../words';
import { told } from './switches';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';
import { short, table } from './table';

const HELP = `
The core and onnxruntime run side by side on --images pictures (100): those of --data (a picture, the first by name in a folder and
its subfolders, or of a data set in any format that 'train' takes), without it the bundled samples; filled up with seeded
random pictures.
onnxruntime is given the very bytes of the file. Its weights, labels, preprocessing, other metadata of Convscope and opset are held against the
digests that it carries, every other field (producer, versions, doc strings, unknown ones) against what Convscope writes: what was altered is
named. Without digests only those other fields can be told, which is said and is no failure. Digests do not prove who wrote the file. NaN and infinity are differences.
The preprocessing is compared on up to 20 of the pictures (random ones have none) with the same written as an ONNX graph that onnxruntime
runs, from the pixels in the network's size and, for larger pictures, from those decoded; inverting is left out.
--certificate writes what was found as JSON and, beside it, as an HTML page for reading and printing (--language en or zh).
With --gradients the network's gradients are compared instead, on a small batch of those pictures: as the executor that trains computes
them, as the reference does in doubles, and as slopes of the loss measured in doubles (central differences). Of a spec.json with fresh weights.
  { ok, images, params: [{ param, executors, slopes }] }, differences ÷ the parameter's largest gradient; slopes null where only kinks were met
--json prints one line:
  { ok, altered: [{ name, how }] or null (no digests), notFinite: [tensors], images, top1Agreement, layers: [{ name, maxAbs, maxRel }],
    preprocessing: { ok, pictures, exact, enlarged, reduced } or null, file: { name, bytes, sha256, opset, … } }
maxRel is maxAbs ÷ the layer's largest absolute value; ok means that none is above ${TOLERANCE}, that nothing was altered, that every
weight is a finite number and that the preprocessing agrees. Exit code 1 where not ok.`;

const MOST_IMAGES = 10_000;

interface Options {
  data?: string;
  range?: Range;
  images: number;
  certificate?: string | true;
  language: Language;
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
    .addOption(
      new Option('--images <n>', 'how many pictures').default(VERIFY_IMAGES).argParser((text) => {
        const count = Number(text);
        if (Number.isInteger(count) && count >= 1 && count <= MOST_IMAGES) return count;
        throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_IMAGES}.`);
      }),
    )
    .option(
      '--certificate [file.json]',
      'write a certificate: JSON, and HTML of the same name (MODEL.certificate.json)',
    )
    .addOption(new Option('--language <language>', "the certificate's page").choices(['en', 'zh']).default('en'))
    .option('--gradients', 'compare the gradients of the executor that trains, the reference and central differences')
    .addOption(threadsOption())
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action((word: string, options: Options) => (options.gradients ? gradients : layers)(word, options, io));
};

async function layers(word: string, options: Options, io: Io): Promise<void> {
  const { data, range, json, images: most, certificate } = options;
  const opened = await openNamed(word);
  const given = await picturesOf(opened.model, data, range, io, most);
  const report = await verify(
    { ...opened, id: basename(opened.id), bytes: opened.bytes() },
    fillUp(opened.model, given.images, most),
    { executor: makeExecutor, pictures: given.pictures },
  );
  const { ok, altered, notFinite, images, top1Agreement, layers, preprocessing, file, onnxruntime } = report;
  if (!ok) io.setExitCode(1);
  const written = certificate === undefined ? [] : await writeCertificate(report, word, options);
  const result = { ok, altered, notFinite, images, top1Agreement, layers, preprocessing, file };
  if (json) return io.print(JSON.stringify(result));
  io.print(`${printable(opened.id)} against onnxruntime ${onnxruntime}, ${images} pictures\n`);
  io.print(
    table(
      ['layer', 'largest difference', '÷ largest value'],
      layers.map(({ name, maxAbs, maxRel }) => [name, short(maxAbs), short(maxRel)]),
    ),
  );
  io.print('');
  for (const line of verdictOf(report)) io.print(sentence(line));
  for (const path of written) io.print(`Written: ${printable(path)}`);
}

/** Writes the certificate's two files. @returns their paths. */
async function writeCertificate(report: VerifyReport, word: string, options: Options): Promise<string[]> {
  const { certificate, language } = options;
  const beside = (await isFolder(word)) ? join(word, 'model') : word.replace(/\.onnx$/i, '');
  const json = typeof certificate === 'string' ? certificate : `${beside}.certificate.json`;
  const page = `${json.replace(/\.json$/i, '')}.html`;
  const created = new Date().toISOString();
  await writeFileAtomically(json, certificateJson(report, created));
  await writeFileAtomically(page, certificatePage(report, created, language));
  return [json, page];
}

async function gradients(word: string, { data, range, threads, json }: Options, io: Io): Promise<void> {
  const network = await networkNamed(word);
  const count = gradientImages(network.model);
  // The bundled samples say nothing about a network that was not trained on such pictures.
  const given =
    data === undefined && /\.json$/i.test(word) ? [] : (await picturesOf(network.model, data, range, io)).images;
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
  most?: number,
): Promise<VerifyImages> {
  const decoder = new Decoder();
  try {
    const found = await verifyImages(model, decoder, data ?? null, { range, most });
    for (const text of leftOutLines(found.leftOut)) io.warn(told(text));
    for (const text of found.warnings) io.warn(told(text));
    return found;
  } finally {
    decoder.close();
  }
}
