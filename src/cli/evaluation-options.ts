import { Option, type Command } from 'commander';
import type { ClassifierChoices } from '../engine/evaluation/foreign-classifier';
import { classNamesIn } from '../engine/foreign/label-file';
import { readWholeFile } from '../engine/system/files';
import type { PictureInput } from '../shared/protocol';
import { pictureFrom, picturesChosen, withPictureOptions, type PictureOptions } from './picture-options';
import { INVERT, type Invert } from '../core/data/invert';
import type { EvaluatedSplit } from '../engine/train/evaluate';
import type { Range } from '../engine/data/scale';
import { rangeOption } from './range-option';
import { threadsOption } from './threads-option';

const SPLITS: EvaluatedSplit[] = ['train', 'validation', 'test', 'all'];

/** What `evaluate` and `compare` both take. */
export interface EvaluationOptions extends PictureOptions {
  data: string;
  engine: 'core' | 'onnxruntime';
  /** `--split`, or its older name. */
  split?: EvaluatedSplit;
  part?: EvaluatedSplit;
  range?: Range;
  invert: Invert;
  labels?: string;
  labelsByOrder?: boolean;
  threads?: number;
  json?: boolean;
}

export const withEvaluationOptions = (command: Command): Command =>
  withPictureOptions(
    command
      .requiredOption('--data <path>', 'the data: a folder or file, builtin:colors, builtin:shapes')
      .addOption(new Option('--engine <engine>', 'what runs it').choices(['core', 'onnxruntime']).default('core'))
      .addOption(new Option('--split <split>', 'which split of the data').choices(SPLITS))
      .addOption(new Option('--part <split>', 'the older name of --split').choices(SPLITS).hideHelp())
      .addOption(rangeOption())
      .addOption(new Option('--invert <when>', 'black for white, as in inspect').choices(INVERT).default('auto'))
      .option('--labels <file.txt>', 'class names of files of others, one a line, in the order of their outputs')
      .option('--labels-by-order', 'confirms that classes without a common name are the same in their order')
      .addOption(threadsOption()),
  ).option('--json', 'print one JSON object on one line');

/** What is chosen for foreign files. @throws FailureError where the file of labels cannot be read. */
export async function classifierChoices(options: EvaluationOptions): Promise<ClassifierChoices> {
  const { labels, asGuessed } = options;
  const text = labels === undefined ? null : new TextDecoder().decode(await readWholeFile(labels));
  return {
    asGuessed,
    ...(picturesChosen(options) && { picture: (usual: PictureInput) => pictureFrom(usual, options) }),
    ...(text !== null && { labels: (classes: number) => classNamesIn(text, labels!, classes) }),
  };
}

/** What `--help` says of foreign files. */
export const FOREIGN_HELP = `
Of an ONNX file of others it is guessed how pictures go in, as in 'inspect', and said; --size, --layout, --color, --scale, --mean and --std
are taken in place of the guess. A file that ends without a softmax gets one for its probabilities, which is said. Classes are matched by
name, in any case, with spaces, underscores or hyphens between words, and by any synonym between commas (as in lists of ImageNet's classes);
those of a file that names none, after you confirmed with --labels-by-order that they are the same in their order.`;
