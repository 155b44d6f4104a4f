import { InvalidArgumentError, Option } from 'commander';
import type { TrainOutcome, TrainRequest } from '../engine/train/request';
import { train } from '../engine/train/trainer';
import type { TrainOptions } from '../core/train/settings';
import type { Fit } from '../shared/protocol';
import { UsageError, type Io, type Register } from './command';
import { percent, thousands } from './table';
import { ProgressLine } from './progress-line';
import { threadsOption } from './threads-option';

const HELP = `
Data: a folder of pictures per class, with or without train, val and test folders above; MNIST-style idx files, CIFAR-10
binary files (both also as .gz); an .npz with images and labels; builtin:colors, builtin:shapes. Without a validation
part a share of the training part becomes one, by class and seed. The test part is looked at once, at the end.
Pictures are fitted to the network's size and colour mode; its last dense layer gets as many units as there are classes.

Schedules: constant; step:every=5,factor=0.5; exponential:factor=0.9; cosine:final=0.01 (shares of --lr).
Augmentation: shift=PIXELS, flip[=horizontal|vertical|both], crop=SHARE, rotate=DEGREES, scale=SHARE, brightness=SHARE,
separated by commas: --augment shift=2,flip,rotate=10

The run's folder holds run.json (what was asked, how it stands), metrics.jsonl (a line every few updates and every epoch,
with gradient norms, update ratios and activations per layer), checkpoint.safetensors (weights, optimiser, position; at
least every epoch and every 60 seconds) and model.onnx (the epoch with the lowest validation loss). Ctrl-C leaves a run
that --resume goes on with, to the same bits as if it had never stopped.

--json prints one line at the end: { accuracy: { train, validation, test }, loss: { … }, epochs, seconds,
imagesPerSecond, parameters }; null for a part that does not exist. Accuracies are shares, of model.onnx.
Exit code 130 where the run was interrupted.`;

interface Options extends TrainOptions {
  data?: string;
  model?: string;
  out: string;
  init?: string;
  fit?: Fit;
  dataName?: string;
  title?: string;
  labels?: string[];
  threads?: number;
  checkpointEvery?: number;
  resume?: boolean;
  overwrite?: boolean;
  json?: boolean;
}

export const register: Register = (program, io) => {
  program
    .command('train')
    .description('Trains a network on a set of pictures.')
    .option('--data <path>', 'the data: a folder or file, builtin:colors, builtin:shapes')
    .option('--model <id|spec.json|file.onnx>', 'the architecture; its weights start fresh')
    .requiredOption('--out <run>', "the run's folder")
    .option('--resume', 'go on with the run in that folder, with its settings')
    .option('--overwrite', 'write over a run that is in that folder')
    .option('--json', 'print one JSON object on one line at the end')
    .option('--epochs <n>', 'times through the training part (default: 10)', number)
    .option('--batch <n>', 'pictures per update (default: 64)', number)
    .option('--lr <rate>', 'learning rate (default: 0.001 for adam, adamw, rmsprop, else 0.01)', number)
    .option('--optimizer <name>', 'sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw (default: adam)')
    .option('--momentum <share>', 'for momentum and nesterov (default: 0.9)', number)
    .option('--schedule <schedule>', 'how the learning rate changes (default: constant)')
    .option('--warmup <epochs>', 'epochs in which the learning rate rises (default: 0)', number)
    .option('--weight-decay <share>', 'L2 (adamw: decoupled) on kernels and dense weights (default: 0)', number)
    .option('--clip <norm>', 'largest norm of the whole gradient; 0: no limit (default: 0)', number)
    .option('--initializer <name>', 'he, glorot, normal, uniform, zeros (default: he)')
    .option('--init <id|file.onnx>', 'start from these weights')
    .option('--augment <list>', 'vary the training pictures')
    .option('--normalize <how>', 'standard: mean 0, deviation 1 per channel; unit: pixels ÷ 255 (default: standard)')
    .addOption(
      new Option('--fit <how>', 'how pictures of other proportions are fitted (default: crop)').choices([
        'crop',
        'letterbox',
        'stretch',
      ]),
    )
    .option(
      '--patience <epochs>',
      'end after so many epochs without a lower validation loss; 0: never (default: 0)',
      number,
    )
    .option(
      '--validation <share>',
      'of the training part, 0 … 0.5, where the data has no such part (default: 0.1)',
      number,
    )
    .option('--expand <how>', 'shifts: also every picture one pixel up, down, left and right (default: none)')
    .option('--seed <n>', 'for weights, order, dropout, augmentation, split (default: 1)', number)
    .addOption(threadsOption())
    .option('--checkpoint-every <seconds>', 'within an epoch, 0 to 60 (default: 60)', number)
    .option(
      '--log-every <updates>',
      'updates between two lines of metrics; 0: ten lines an epoch or more (default: 0)',
      number,
    )
    .option('--labels <list>', 'names of the classes in order, separated by commas', (text) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--data-name <name>', "how the data is called in the model's metadata")
    .option('--title <title>', 'how the model is called in its metadata')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      if (options.resume && options.overwrite) throw new UsageError("'--resume' and '--overwrite' exclude each other");
      if (!options.resume) {
        for (const name of ['data', 'model'] as const)
          if (!options[name]) throw new UsageError(`option '--${name}' is needed (or --resume)`);
      }
      const { checkpointEvery = 60 } = options;
      if (checkpointEvery < 0 || checkpointEvery > 60)
        throw new UsageError(`option '--checkpoint-every': found ${checkpointEvery}, expected 0 to 60`);
      await run(options, io);
    });
};

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

async function run(options: Options, io: Io): Promise<void> {
  const {
    data,
    model,
    out,
    init,
    fit,
    dataName,
    title,
    labels,
    threads,
    checkpointEvery,
    resume = false,
    overwrite = false,
    json,
    ...settings
  } = options;
  const request: TrainRequest = {
    out,
    resume,
    overwrite,
    data,
    model,
    init,
    fit,
    dataName,
    title,
    labels,
    threads,
    checkpointEvery,
    options: settings,
  };
  const line = new ProgressLine(io);
  const abort = new AbortController();
  const interrupt = (): void => {
    // The second Ctrl-C does not wait: the last checkpoint stands.
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  let outcome: TrainOutcome;
  try {
    outcome = await train(request, {
      say: (text) => line.say(text),
      progress: (progress) => line.show(progress),
      signal: abort.signal,
    });
  } catch (error) {
    if (!(abort.signal.aborted && error === abort.signal.reason)) throw error;
    line.say('interrupted before anything was trained');
    return io.setExitCode(130);
  } finally {
    line.end();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  if (outcome.end === 'stopped') {
    line.say(`interrupted; go on with: convscope train --resume --out ${quoted(out)}`);
    return io.setExitCode(130);
  }
  const result = outcome.record.result!;
  const { accuracy, loss, epochs, bestEpoch, seconds, imagesPerSecond, parameters } = result;
  if (json) return io.print(JSON.stringify({ accuracy, loss, epochs, seconds, imagesPerSecond, parameters }));
  for (const part of ['train', 'validation', 'test'] as const) {
    const share = accuracy[part];
    if (share !== null) io.print(`${part.padEnd(10)}  ${percent(share)}`);
  }
  io.print(
    `epoch ${bestEpoch} of ${epochs}, ${thousands(parameters)} parameters, ${seconds.toFixed(1)} s, ${thousands(Math.round(imagesPerSecond))} images/s`,
  );
}

const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `'${path}'`);
