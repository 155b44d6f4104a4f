import { Decoder } from '../engine/image/decoder';
import { makeExecutor } from '../engine/executor';
import { modelNamed, openModel } from '../engine/models';
import { verifyImages } from '../engine/verify-images';
import { fillUp, TOLERANCE, verify } from '../engine/verify';
import { sentence } from '../words';
import type { Register } from './command';
import { percent, short, table } from './table';

const HELP = `
The core and onnxruntime run side by side on 100 pictures: those of --data (a picture, the first by name in a folder and
its subfolders, or of a data set in any format that 'train' takes), without it the bundled samples; filled up with seeded
random pictures.
onnxruntime is given the very bytes of the file. Its weights, labels, preprocessing and all else are held against the digests that
it carries: what was altered is named. NaN and infinity are differences.
--json prints one line:
  { ok, altered: [{ name, how }] or null (no digests), notFinite: [tensors], images, top1Agreement, layers: [{ name, maxAbs, maxRel }] }
maxRel is maxAbs ÷ the layer's largest absolute value; ok means that none is above ${TOLERANCE}, that nothing was altered and that every
weight is a finite number. Exit code 1 where not ok.`;

export const register: Register = (program, io) => {
  program
    .command('verify')
    .description('Compares every layer with onnxruntime.')
    .argument('<model>', 'ID of a bundled network, or an ONNX file')
    .option('--data <path>', 'pictures to compare on: a file, a folder or a data set')
    .option('--json', 'print one JSON object on one line')
    .addHelpText('after', HELP)
    .action(async (word: string, options: { data?: string; json?: boolean }) => {
      const opened = await openModel(await modelNamed(word));
      const { model, id } = opened;
      const decoder = new Decoder();
      let given: Float32Array[];
      try {
        given = await verifyImages(model, decoder, options.data ?? null);
      } finally {
        decoder.close();
      }
      const { ok, altered, notFinite, findings, images, top1Agreement, layers, onnxruntime } = await verify(
        opened,
        fillUp(model, given),
        { executor: makeExecutor },
      );
      if (!ok) io.setExitCode(1);
      if (options.json) return io.print(JSON.stringify({ ok, altered, notFinite, images, top1Agreement, layers }));
      io.print(`${id} against onnxruntime ${onnxruntime}, ${images} pictures\n`);
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
    });
};
