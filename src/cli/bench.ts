import { InvalidArgumentError, Option } from 'commander';
import { loadKernels } from '../engine/runtime/kernels';
import { serveIndependent } from './bench/independent';
import { measureMemory } from './bench/memory';
import { runCase, type BenchCase, type BenchResult } from './bench/measure';
import { netNames } from './bench/nets';
import { measureVanishing } from './bench/vanishing';
import { UsageError, type Register } from './command';
import { table } from './table';

const HELP = `
Training steps, forward passes and onnxruntime's forward passes (one thread) of the same network by turns in one process.
A step is forward, loss, backward and update (SGD). Absolute figures depend on the machine and what else it does; ratios
are medians of the rounds' own ratios.
--json prints one line a case: { net, batch, threads, node, trainImagesPerSecond, forwardImagesPerSecond,
ortForwardImagesPerSecond, ratio, forwardRatio, kernels }, ratio being training ÷ onnxruntime's forward pass; with two
threads also { independentTrainImagesPerSecond, threadsShare }: what two runs of one thread reach together at the same
time, and the share of it that two threads of one run reach.
--memory prints { net, batch, threads, steps, residentMiB, grownMiB }: the largest resident memory while training, and by how much it
grew from the tenth of the steps on; its defaults are cifar-like, batch 128, one thread.
--vanishing prints { net, batch, threads, vanishingRatio }: the time of a step whose activations and gradients vanish ÷ that of the same
step on ordinary weights; its defaults are lenet5, batch 64, one thread. Above 1 denormal numbers would slow it.`;

interface Options {
  json?: boolean;
  net?: string;
  model?: string;
  batch?: number;
  threads?: number;
  rounds: number;
  window: number;
  independent?: string;
  memory?: boolean;
  vanishing?: boolean;
  steps: number;
}

const count = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError(`found '${value}', expected a whole number from 1`);
  return number;
};

/** Every network, or one of one's own, at batch 64, the small one also at 16, with one thread and with two. */
function defaultCases(model?: string): BenchCase[] {
  const named = [...netNames.map((net) => ({ net, batch: 64 })), { net: 'tiny', batch: 16 }];
  const sizes = model === undefined ? named : [{ net: model, batch: 64 }];
  return sizes.flatMap((each) => [1, 2].map((threads) => ({ ...each, threads })));
}

export const register: Register = (program, io) => {
  program
    .command('bench')
    .description('Measures training and inference against onnxruntime.')
    .addOption(new Option('--net <name>', 'only this network').choices(netNames))
    .option('--model <id|spec.json|file.onnx>', 'another network: as train takes it')
    .option('--batch <n>', 'only this batch', count)
    .option('--threads <n>', 'only with so many threads', count)
    .option('--rounds <n>', 'rounds of each case', count, 9)
    .option('--window <ms>', 'milliseconds of each candidate in a round', count, 250)
    .option('--memory', 'resident memory while training, instead of speed')
    .option('--vanishing', 'a step whose values vanish against an ordinary one, instead of speed')
    .option('--steps <n>', 'training steps, for --memory', count, 2000)
    .option('--json', 'print one JSON object a case, each on one line')
    .addOption(new Option('--independent <name>', 'a process that trains when told to').hideHelp())
    .addHelpText('after', HELP)
    .action(
      async ({ json, batch, threads, rounds, window, independent, memory, vanishing, steps, ...options }: Options) => {
        if (options.net && options.model) throw new UsageError("'--net' and '--model' exclude each other");
        const net = options.net ?? options.model;
        if (independent) return serveIndependent(independent, batch ?? 64);
        if (memory) {
          const found = await measureMemory(net ?? 'cifar-like', batch ?? 128, threads ?? 1, steps);
          const { residentMiB, grownMiB } = found;
          return io.print(
            json ? JSON.stringify(found) : `${residentMiB} MiB resident, grown by ${grownMiB} MiB over ${steps} steps`,
          );
        }
        if (vanishing) {
          const which = { net: net ?? 'lenet5', batch: batch ?? 64, threads: threads ?? 1 };
          const found = await measureVanishing(which, { rounds, window });
          return io.print(json ? JSON.stringify(found) : `${found.vanishingRatio} times as long as an ordinary step`);
        }
        const cases = defaultCases(options.model)
          .map((each) => ({ ...each, batch: batch ?? each.batch, threads: threads ?? each.threads }))
          .filter((each) => !net || each.net === net);
        const kernels = loadKernels().build;
        const results: BenchResult[] = [];
        for (const each of unique(cases)) {
          const result = await runCase(each, { rounds, window }, kernels);
          results.push(result);
          if (json) io.print(JSON.stringify(result));
        }
        if (!json) io.print(report(results));
      },
    );
};

function unique(cases: readonly BenchCase[]): BenchCase[] {
  return [...new Map(cases.map((each) => [JSON.stringify(each), each])).values()];
}

function report(results: readonly BenchResult[]): string {
  const header = [
    'network',
    'batch',
    'threads',
    'training',
    'forward',
    'onnxruntime',
    'training ÷',
    'forward ÷',
    'of two runs',
  ];
  const rows = results.map((each) => [
    each.net,
    String(each.batch),
    String(each.threads),
    ...[each.trainImagesPerSecond, each.forwardImagesPerSecond, each.ortForwardImagesPerSecond].map((value) =>
      value.toFixed(0),
    ),
    each.ratio.toFixed(3),
    each.forwardRatio.toFixed(3),
    each.threadsShare?.toFixed(2) ?? '',
  ]);
  return `${table(header, rows)}\n\nImages per second; ÷: share of onnxruntime's forward pass. Node ${process.version}, ${results[0]?.kernels ?? ''} kernels.`;
}
