import { join } from 'node:path';
import { Option } from 'commander';
import { recipeNamed } from '../engine/models/recipes';
import { beganIn, recipeOfRuns, trainMembers } from '../engine/train/members';
import type { Evaluation } from '../engine/train/evaluate';
import type { TrainOutcome } from '../engine/train/outcome';
import type { TrainHost, TrainRequest } from '../engine/train/request';
import { train } from '../engine/train/trainer';
import { architectureNamed } from '../engine/train/architecture';
import { SIDES, type Side } from '../shared/network-inputs';
import { isGenerated, type Recipe } from '../shared/recipes';
import type { Fit } from '../shared/protocol';
import type { TrainingExecutorName } from '../shared/runs';
import { UsageError, type Io, type Register } from './command';
import { Interruption } from './interruption';
import { ProgressLine } from './progress-line';
import { numberOption, optionsOf, settingOptions, type SettingTexts } from './setting-options';
import { told } from './switches';
import type { Range } from '../engine/data/scale';
import { fitOption } from './fit-option';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';
import { printBeside, printMembers, printResult, vote } from './train-result';

const HELP = `
Data: a folder of pictures per class, with or without train, val and test folders above; MNIST-style idx files, CIFAR-10
binary files (both also as .gz); an .npz with images and labels, or .npz and .npy files of an array each beside each other;
builtin:colors, builtin:shapes. Without a validation split a share of the training split becomes one, by class and seed. The test
split is looked at once, at the end.
Pictures are fitted to the network's size and color mode; its last dense layer gets as many units as there are classes.

Without --model and --recipe, network and settings are proposed from the number, size and colors of the pictures, and the reasons are
printed; what is given beside holds. With --model, settings that are left out have the defaults that are listed above.
Any network can be asked for at another input size: --size 28, 32, 64, 96, 128 or 224.

A recipe is an experiment of the course notes: 'convscope recipes' lists them. It brings network and settings; what is
written beside it overrides them. A recipe of several runs makes the folders 1, 2 … in --out, a seed apart, and lets them
vote at the end; one of several networks trains each of them in such a folder, and 'convscope compare' sets them beside each
other. L2 as λ ÷ 2 · Σ w² ÷ (updates of an epoch) is --weight-decay λ ÷ (updates of an epoch).

With --init, pixels are normalized as its file does, unless --normalize says otherwise.

Schedules: constant; step:every=5,factor=0.5; exponential:factor=0.9; cosine:final=0.01 (shares of --lr).
Augmentation: shift=PIXELS, flip[=horizontal|vertical|both], crop=SHARE, rotate=DEGREES, scale=SHARE, brightness=SHARE, contrast=SHARE,
saturation=SHARE, hue=DEGREES, erase=PROBABILITY, mixup=ALPHA, cutmix=ALPHA,
separated by commas: --augment shift=2,flip,rotate=10

The run's folder holds run.json (what was asked, how it stands), metrics.jsonl (a line every few updates and every epoch,
with gradient norms, update ratios and activations per layer), checkpoint.safetensors (weights, optimizer, position; at
least every epoch and every 60 seconds) and model.onnx (the epoch with the lowest validation loss). Ctrl-C leaves a run
that --resume goes on with, to the same bits as if it had never stopped: at a checkpoint, or where one update takes more than a second
at once, with the last one.

A run begins by checking itself: on a few of its pictures the gradients of the kernels are held against the reference's, which sums
in doubles. Where they differ beyond rounding it does not start; --executor reference trains slowly, and a resumed run keeps to it.

--json prints one line at the end: { accuracy: { train, validation, test }, loss: { … }, epochs, seconds,
imagesPerSecond, parameters, and proposed: the names of what was proposed, where something was }; null for a split that does not exist. Accuracies are shares, of model.onnx. Of several runs: { members: [such an
object each], together: { part, images, accuracy, loss } }, together null where there is no test split. Of several networks:
{ networks: [such an object each, with run and model] }.
Exit code 130 where the run was interrupted.`;

interface Options extends SettingTexts {
  data?: string;
  model?: string;
  without?: string[];
  size?: `${Side}`;
  recipe?: string;
  out: string;
  init?: string;
  fit?: Fit;
  range?: Range;
  dataName?: string;
  title?: string;
  labels?: string[];
  threads?: number;
  executor?: TrainingExecutorName;
  checkpointEvery?: number;
  resume?: boolean;
  overwrite?: boolean;
  json?: boolean;
}

export const register: Register = (program, io) => {
  const command = program
    .command('train')
    .description('Trains a network on a set of pictures.')
    .option('--data <path>', 'the data: a folder or file, builtin:colors, builtin:shapes')
    .option(
      '--model <id|spec.json|file.onnx>',
      'the architecture; its weights start fresh (default: one that fits the data, with settings that do)',
    )
    .addOption(
      new Option('--size <pixels>', "another side of the network's input than its own").choices(SIDES.map(String)),
    )
    .option('--without <ideas>', 'ideas of the network that are switched off, such as skip: see summary', list)
    .option('--recipe <name>', 'an experiment of the course notes: its network and settings')
    .requiredOption('--out <run>', "the run's folder")
    .option('--resume', 'go on with the run in that folder, with its settings')
    .option('--overwrite', 'write over a run that is in that folder')
    .option('--json', 'print one JSON object on one line at the end')
    .option('--init <id|file.onnx>', 'start from these weights')
    .addOption(fitOption("as --init's or else --model's ONNX file does; crop for a spec"))
    .addOption(rangeOption())
    .addOption(threadsOption())
    .addOption(
      new Option(
        '--executor <name>',
        'wasm, or reference: sums in doubles, some hundred times slower (default: wasm)',
      ).choices(['wasm', 'reference']),
    )
    .option('--checkpoint-every <seconds>', 'within an epoch, 0 to 60 (default: 60)', numberOption)
    .option('--labels <list>', 'names of the classes in order, separated by commas', list)
    .option('--data-name <name>', "how the data is called in the model's metadata")
    .option('--title <title>', 'how the model is called in its metadata');
  for (const option of settingOptions()) command.addOption(option);
  command.addHelpText('after', HELP).action(async (options: Options) => {
    if (options.resume && options.overwrite) throw new UsageError("'--resume' and '--overwrite' exclude each other");
    if (options.without && !options.model) throw new UsageError("'--without' needs '--model'");
    if (options.resume && options.size) throw new UsageError("'--size' is of a new run: a resumed one keeps its own");
    if (options.recipe && options.model) throw new UsageError("'--recipe' and '--model' exclude each other");
    await refuseMissing(options);
    const { checkpointEvery = 60 } = options;
    if (checkpointEvery < 0 || checkpointEvery > 60)
      throw new UsageError(`option '--checkpoint-every': found ${checkpointEvery}, expected 0 to 60`);
    await run(options, io);
  });
};

const list = (text: string): string[] => text.split(',').map((name) => name.trim());

/** @throws UsageError for a new run without data or network. @throws FailureError for an unknown recipe. */
async function refuseMissing({ data, model, recipe, init, resume }: Options): Promise<void> {
  const kind = recipe ? (await recipeNamed(recipe)).data : null;
  if (resume) return;
  if (!data && kind && !isGenerated(kind.kind)) throw new UsageError(`option '--data' is needed. ${kind.hint.en}`);
  if (!data && !kind) throw new UsageError("option '--data' is needed (or --resume)");
  if (init && !model && !recipe) throw new UsageError("option '--model' is needed beside --init (or --recipe)");
}

async function run(options: Options, io: Io): Promise<void> {
  const {
    data,
    model,
    without,
    size,
    recipe,
    out,
    init,
    fit,
    range,
    dataName,
    title,
    labels,
    threads,
    executor,
    checkpointEvery,
    resume = false,
    overwrite = false,
    json = false,
    ...settings
  } = options;
  const request: TrainRequest = {
    out,
    resume,
    overwrite,
    data,
    model: model && without ? await architectureNamed(model, without) : model,
    inputSide: size && (Number(size) as Side),
    recipe,
    init,
    fit,
    range,
    dataName,
    title,
    labels,
    threads,
    executor,
    checkpointEvery,
    options: optionsOf(settings),
  };
  const line = new ProgressLine(io);
  const farewell = async (): Promise<void> => {
    line.say('interrupted before anything was trained');
    if (await beganIn(out)) line.say(goOn(out));
  };
  const interruption = new Interruption(line, farewell);
  const { signal } = interruption;
  const host: TrainHost = {
    say: (message) => line.say(told(message)),
    progress: (progress) => line.show(progress),
    signal,
    deaf: () => interruption.deaf(),
    updated: (seconds) => interruption.updated(seconds),
  };
  let outcomes: TrainOutcome[] = [];
  let together: Evaluation | null = null;
  let several: Recipe | null;
  try {
    several = await recipeOfRuns(request);
    outcomes = several ? await trainMembers(request, several, host) : [await train(request, host)];
    if (several?.members && outcomes.every(({ end }) => end !== 'stopped')) {
      const runs = outcomes.map((_, i) => join(out, String(i + 1)));
      together = await vote(runs, outcomes[0].record, threads, signal, line);
    }
  } catch (error) {
    if (!(signal.aborted && error === signal.reason)) throw error;
    if (outcomes.length === 0) await farewell();
    else line.say(`interrupted before the vote; ${goOn(out)}`);
    return io.setExitCode(130);
  } finally {
    line.end();
    interruption.end();
  }
  if (outcomes.some(({ end }) => end === 'stopped')) {
    line.say(`interrupted; ${goOn(out)}`);
    return io.setExitCode(130);
  }
  const results = outcomes.map(({ record }) => record.result!);
  if (several?.beside)
    printBeside(
      outcomes.map(({ record }) => record),
      out,
      json,
      io,
    );
  else if (several) printMembers(results, together, json, io);
  else printResult(results[0], json, io, outcomes[0].record.proposed);
}

const goOn = (out: string): string => `go on with: convscope train --resume --out ${quoted(out)}`;
const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `'${path}'`);
