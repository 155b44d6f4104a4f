import type { HeadRequest } from '../engine/head/request';
import { trainHead } from '../engine/head/head-run';
import type { TrainHost } from '../engine/train/request';
import type { Fit } from '../shared/protocol';
import type { Range } from '../engine/data/scale';
import type { Io, Register } from './command';
import { Interruption } from './interruption';
import { ProgressLine } from './progress-line';
import { fitOption } from './fit-option';
import { rangeOption } from './range-option';
import { numberOption, optionsOf, settingOptions, type SettingTexts } from './setting-options';
import { told } from './switches';
import { threadsOption } from './threads-option';
import { printResult } from './train-result';

const HELP = `
The pictures go through the network once, in onnxruntime, up to one of its tensors: what feeds the last dense layer, or --tensor; of
maps each one's mean. What comes out is kept in the app's data folder, so that the same pictures are not computed again. A head,
linear or with --hidden units in one layer between, is trained on it as 'train' trains, with its settings; their defaults here are
--epochs 60 --batch 16 --lr 0.001 --weight-decay 0.01 --patience 15 --validation 0.2.

The run's folder holds run.json, metrics.jsonl and model.onnx: network and head in one ONNX file, with labels and preprocessing, held
against onnxruntime before it is written. 'evaluate', 'compare' and 'inspect' take it.

--json prints one line at the end, as that of 'train'. Exit code 130 where it was interrupted.`;

interface Options extends SettingTexts {
  model: string;
  data: string;
  out: string;
  tensor?: string;
  hidden?: number;
  fit?: Fit;
  range?: Range;
  title?: string;
  dataName?: string;
  threads?: number;
  overwrite?: boolean;
  json?: boolean;
}

export const register: Register = (program, io) => {
  const command = program
    .command('head')
    .description('Trains a new head on any network: enough for some photos of each class.')
    .requiredOption('--model <id|file.onnx>', 'the network: any ONNX file, or efficientnet-lite0, which is bundled')
    .requiredOption('--data <path>', "the data, as of 'train'")
    .requiredOption('--out <run>', "the run's folder")
    .option('--tensor <name>', 'the tensor that the head reads (default: what feeds the last dense layer)')
    .option('--hidden <units>', 'units of a hidden layer (default: none)', numberOption)
    .option('--overwrite', 'write over a run that is in that folder')
    .option('--json', 'print one JSON object on one line at the end')
    .addOption(fitOption('as the network wants it'))
    .addOption(rangeOption())
    .addOption(threadsOption())
    .option('--data-name <name>', "how the data is called in the model's metadata")
    .option('--title <title>', 'how the model is called in its metadata');
  for (const option of settingOptions()) command.addOption(option);
  command.addHelpText('after', HELP).action((options: Options) => run(options, io));
};

async function run(options: Options, io: Io): Promise<void> {
  const { model, data, out, tensor, hidden, fit, range, title, dataName, threads, overwrite, json, ...settings } =
    options;
  const request: HeadRequest = {
    ...{ body: model, data, out, tensor, hidden, fit, range, title, dataName, threads },
    overwrite: overwrite ?? false,
    options: optionsOf(settings),
  };
  const line = new ProgressLine(io);
  const farewell = (): Promise<void> =>
    Promise.resolve(line.say('interrupted; what was computed of the pictures is kept'));
  const interruption = new Interruption(line, farewell);
  const { signal } = interruption;
  const host: TrainHost = {
    say: (message) => line.say(told(message)),
    progress: (progress) => line.show(progress),
    signal,
    deaf: () => interruption.deaf(),
    updated: (seconds) => interruption.updated(seconds),
  };
  try {
    const { end, record } = await trainHead(request, host);
    line.end();
    if (end === 'finished') return printResult(record.result!, json ?? false, io);
  } catch (error) {
    if (!(signal.aborted && error === signal.reason)) throw error;
  } finally {
    line.end();
    interruption.end();
  }
  await farewell();
  io.setExitCode(130);
}
