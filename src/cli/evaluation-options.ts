import { Option, type Command } from 'commander';
import type { EvaluatedSplit } from '../engine/train/evaluate';
import type { Range } from '../engine/data/scale';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';

const SPLITS: EvaluatedSplit[] = ['train', 'validation', 'test', 'all'];

/** What `evaluate` and `compare` both take. */
export interface EvaluationOptions {
  data: string;
  engine: 'core' | 'onnxruntime';
  /** `--split`, or its older name. */
  split?: EvaluatedSplit;
  part?: EvaluatedSplit;
  range?: Range;
  threads?: number;
  json?: boolean;
}

export const withEvaluationOptions = (command: Command): Command =>
  command
    .requiredOption('--data <path>', 'the data: a folder or file, builtin:colors, builtin:shapes')
    .addOption(new Option('--engine <engine>', 'what runs it').choices(['core', 'onnxruntime']).default('core'))
    .addOption(new Option('--split <split>', 'which split of the data').choices(SPLITS))
    .addOption(new Option('--part <split>', 'the older name of --split').choices(SPLITS).hideHelp())
    .addOption(rangeOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON object on one line');
