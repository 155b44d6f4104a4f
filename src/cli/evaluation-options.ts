import { Option, type Command } from 'commander';
import type { EvaluatedPart } from '../engine/train/evaluate';
import type { Range } from '../engine/data/scale';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';

/** What `evaluate` and `compare` both take. */
export interface EvaluationOptions {
  data: string;
  engine: 'core' | 'onnxruntime';
  part?: EvaluatedPart;
  range?: Range;
  threads?: number;
  json?: boolean;
}

export const withEvaluationOptions = (command: Command): Command =>
  command
    .requiredOption('--data <path>', 'the data: a folder or file, builtin:colors, builtin:shapes')
    .addOption(new Option('--engine <engine>', 'what runs it').choices(['core', 'onnxruntime']).default('core'))
    .addOption(new Option('--part <part>', 'which part of the data').choices(['train', 'validation', 'test', 'all']))
    .addOption(rangeOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON object on one line');
