import { InvalidArgumentError } from 'commander';
import { basename, join } from 'node:path';
import { dataFailure } from '../engine/data/failure';
import { fileSystemPath, shownPath } from '../engine/data/entries';
import { ENDINGS, Tree } from '../engine/data/folders/tree';
import type { LeftOut } from '../engine/data/raw';
import { createEngine } from '../engine/engine';
import { FILE_LIMIT } from '../engine/image/guard';
import { isFolder, readWholeFile, writeFileAtomically } from '../engine/system/files';
import { csvOf } from '../shared/csv';
import { toFailure } from '../shared/failures';
import type { CallContext, Glance, Prediction } from '../shared/protocol';
import { sentence, say } from '../words';
import { printable } from '../words/printable';
import { openAnswering, withAnsweringOptions, type AnsweringOptions } from './answering';
import type { Io, Register } from './command';
import { ProgressLine } from './progress-line';
import { percent, short, table, thousands } from './table';

const HELP = `
Every picture of the folder and of those inside it is answered as 'inspect' answers it. What cannot be read is told, and the rest goes on.
An answer whose probability is below --sure is "not sure". Without --csv and --json the answers are printed, the least certain first.

--csv writes a line for each picture: file, predicted, probability, second, second probability, third, third probability, not sure (yes or
no), error. --json prints one line: { model, sure, pictures: [{ file, predictions: [{ label, index, probability }], inverted, notSure, error }] }:
predictions are the three likeliest, null with an error; a network that does not end in a softmax or a sigmoid gives values: value in
place of probability, and notSure null.`;

interface Options extends AnsweringOptions {
  csv?: string;
  sure: number;
  json?: boolean;
}

export const register: Register = (program, io) => {
  withAnsweringOptions(
    program
      .command('predict')
      .description('Says what a network predicts for each picture of a folder: pictures without labels.')
      .argument('<folder>', 'a folder of pictures, or one picture')
      .option('--csv <file>', 'write the answers as comma-separated values')
      .option('--sure <probability>', 'below it an answer is "not sure"', probability, 0.5)
      .option('--json', 'print one JSON object on one line'),
  )
    .addHelpText('after', HELP)
    .action((folder: string, options: Options) => predict(folder, options, io));
};

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

/** A picture, and what came of it: predictions, the likeliest first, or why there are none. */
interface Answer {
  file: string;
  predictions: Prediction[] | null;
  /** Whether black was taken for white. */
  inverted: boolean;
  /** Null where the network gives no probabilities. */
  notSure: boolean | null;
  warnings: string[];
  error: string | null;
}

async function predict(root: string, options: Options, io: Io): Promise<void> {
  const engine = createEngine({ open: { model: null, image: null }, provider: options.provider });
  const context: CallContext = { emit: () => undefined };
  const line = new ProgressLine(io);
  try {
    const { pictures, leftOut } = await picturesAt(root);
    const { model, given, labels } = await openAnswering(engine, context, options, io);
    const glanceAt = async ({ file, path }: Place): Promise<Glance> => {
      const bytes = await readWholeFile(fileSystemPath(path), FILE_LIMIT, shownPath(path));
      const image = { kind: 'bytes', name: file, bytes } as const;
      const glance = await engine.call('glance', { model: model.model, image, options: given }, context);
      const named = glance.predictions.map((each) => ({ ...each, label: labels?.[each.index] ?? each.label }));
      return { ...glance, predictions: named };
    };
    const answers: Answer[] = [];
    for (const place of pictures) {
      answers.push(await answerOf(place.file, () => glanceAt(place), options.sure));
      line.count('predicting', answers.length, pictures.length);
    }
    line.end();
    for (const { file, reason } of leftOut) io.warn(`left out: ${shownPath(file)}: ${sentence(reason)}`);
    for (const { error } of answers) if (error !== null) io.warn(error);
    for (const warning of warningsOf(answers)) io.warn(warning);
    if (options.csv !== undefined) await writeFileAtomically(options.csv, csvOf(rowsOf(answers)));
    if (options.json) io.print(JSON.stringify(report(model.id, options.sure, answers)));
    else print(model.id, answers, options, io);
    if (answers.every(({ error }) => error !== null)) io.setExitCode(1);
  } finally {
    line.end();
    engine.close();
  }
}

/** A picture: its name below the folder, for display, and its path as `entriesIn` gives it. */
interface Place {
  file: string;
  path: string;
}

/** The pictures of a folder and of those inside it, or the one that is named. @throws FailureError for a folder without any. */
async function picturesAt(root: string): Promise<{ pictures: Place[]; leftOut: LeftOut[] }> {
  if (!(await isFolder(root))) return { pictures: [{ file: root, path: root }], leftOut: [] };
  const { pictures, leftOut } = await new Tree(root).pictures('');
  if (pictures.length === 0) throw dataFailure(root, say('folders.no-picture-below', { endings: ENDINGS }));
  return { pictures: pictures.map((file) => ({ file: shownPath(file), path: join(root, file) })), leftOut };
}

async function answerOf(file: string, glance: () => Promise<Glance>, sure: number): Promise<Answer> {
  try {
    const { predictions, inverted, warnings } = await glance();
    const best = predictions[0]?.probability ?? null;
    // NaN is not sure.
    const notSure = best === null ? null : !(best >= sure);
    return { file, predictions, inverted, notSure, warnings: warnings.map((each) => sentence(each)), error: null };
  } catch (thrown) {
    const error = sentence(toFailure(thrown));
    return { file, predictions: null, inverted: false, notSure: null, warnings: [], error };
  }
}

/** Each once, with how many pictures it is true of where that is not all. */
function warningsOf(answers: readonly Answer[]): string[] {
  const counts = new Map<string, string[]>();
  for (const { file, warnings } of answers)
    for (const warning of warnings) counts.set(warning, [...(counts.get(warning) ?? []), file]);
  return [...counts].map(([warning, files]) => {
    if (files.length === answers.length) return warning;
    return `${shownPath(files[0])}${files.length > 1 ? ` and ${files.length - 1} more` : ''}: ${warning}`;
  });
}

/** Of each prediction its probability, or its value where the network gives none. */
const figure = ({ probability, logit }: Prediction): number => probability ?? logit;

function rowsOf(answers: readonly Answer[]): (string | number)[][] {
  const isShare = answers.every(({ predictions }) => predictions?.[0]?.probability !== null);
  const unit = isShare ? 'probability' : 'value';
  const header = ['file', 'predicted', unit, 'second', `second ${unit}`, 'third', `third ${unit}`, 'not sure', 'error'];
  return [
    header,
    ...answers.map(({ file, predictions, notSure, error }) => {
      const cells = [0, 1, 2].flatMap((place) => {
        const each = predictions?.[place];
        return each ? [each.label, figure(each)] : ['', ''];
      });
      return [file, ...cells, notSure === null ? '' : notSure ? 'yes' : 'no', error ?? ''];
    }),
  ];
}

function report(model: string, sure: number, answers: readonly Answer[]): object {
  const pictures = answers.map(({ file, predictions, inverted, notSure, warnings, error }) => ({
    file,
    predictions:
      predictions &&
      predictions.map(({ label, index, probability, logit }) =>
        probability === null ? { label, index, value: logit } : { label, index, probability },
      ),
    inverted,
    notSure,
    warnings,
    error,
  }));
  return { model: basename(model), sure, pictures };
}

function print(model: string, answers: readonly Answer[], { sure, csv }: Options, io: Io): void {
  const answered = answers.filter(({ predictions }) => predictions !== null);
  const unsure = answered.filter(({ notSure }) => notSure);
  const failed = answers.length - answered.length;
  if (csv === undefined) {
    const certainty = ({ predictions }: Answer): number => predictions![0]?.probability ?? -1;
    const rows = [...answered].sort((a, b) => certainty(a) - certainty(b));
    const isShare = rows.every(({ notSure }) => notSure !== null);
    const told = (each: Prediction | undefined): string => {
      if (!each) return '';
      return each.probability === null ? short(each.logit) : percent(each.probability);
    };
    io.print(
      table(
        ['file', 'predicted', isShare ? 'probability' : 'value', 'second', '', ''],
        rows.map(({ file, predictions, notSure }) => {
          const [best, second] = predictions!;
          return [file, best.label, told(best), second?.label ?? '', told(second), notSure ? 'not sure' : ''];
        }),
      ),
    );
    io.print('');
  }
  const parts = [`${thousands(answered.length)} of ${thousands(answers.length)} pictures answered by ${model}`];
  if (unsure.length > 0) parts.push(`${thousands(unsure.length)} not sure (below ${percent(sure, 0)})`);
  const inverted = answered.filter((each) => each.inverted).length;
  if (inverted > 0) parts.push(`${thousands(inverted)} inverted`);
  if (failed > 0) parts.push(`${thousands(failed)} could not be read`);
  if (csv !== undefined) parts.push(`written to ${csv}`);
  io.print(printable(parts.join(', ')));
}
