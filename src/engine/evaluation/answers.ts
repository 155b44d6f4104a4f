import type { PictureChoice } from '../../shared/evaluation';

/** The predictions of several networks for the same pictures; classes are indices into one list for all of them. */
export interface Answered {
  /** Class of each picture. */
  truth: Int32Array;
  /** Of each network, for each picture: the predicted class, its probability (0 … 1), and the loss. */
  answers: { predicted: Int32Array; probability: Float64Array; loss: Float64Array }[];
}

/** The pictures of a choice, in the data's order, or the highest loss first. */
export function chosen({ truth, answers }: Answered, choice: PictureChoice): Int32Array {
  const where = (holds: (i: number) => boolean): Int32Array => {
    return Int32Array.from(truth, (_, i) => i).filter(holds);
  };
  const right = (contender: number, i: number): boolean => answers[contender].predicted[i] === truth[i];
  switch (choice.kind) {
    case 'cell': {
      const { predicted } = answers[choice.contender];
      return where((i) => truth[i] === choice.truth && predicted[i] === choice.predicted);
    }
    case 'disagree':
      return where((i) => answers.some(({ predicted }) => predicted[i] !== answers[0].predicted[i]));
    case 'only':
      return where((i) => right(choice.right, i) && !right(choice.wrong, i));
    case 'none':
      return where((i) => answers.every((_, contender) => !right(contender, i)));
    case 'worst': {
      const { loss } = answers[choice.contender];
      // A loss of NaN counts as the worst.
      const badness = (i: number): number => (Number.isNaN(loss[i]) ? Infinity : loss[i]);
      return where(() => true).sort((a, b) => (badness(a) === badness(b) ? a - b : badness(b) - badness(a)));
    }
  }
}

/** How many pictures all, some, or none predicted correctly, and on how many their predictions differ. */
export function agreement(answered: Answered): { all: number; some: number; none: number; disagreements: number } {
  const { truth, answers } = answered;
  let all = 0;
  let none = 0;
  for (let i = 0; i < truth.length; i++) {
    const right = answers.reduce((sum, { predicted }) => sum + (predicted[i] === truth[i] ? 1 : 0), 0);
    if (right === answers.length) all++;
    if (right === 0) none++;
  }
  return { all, some: truth.length - all - none, none, disagreements: chosen(answered, { kind: 'disagree' }).length };
}

/** `[classes][classes]`: rows are the actual classes, columns the predicted ones. */
export function confusionOf(truth: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((label, i) => confusion[label][predicted[i]]++);
  return confusion;
}

/** Pictures of a cell of a confusion matrix that are kept. */
const PER_CELL = 100;

/**
 * Which pictures are kept for viewing: the first hundred of every cell of every network's confusion matrix, and all
 * that any network predicted wrongly. If those are more than `most`, the last ones of every cell are dropped.
 * @returns their indices, in order.
 */
export function keptPictures({ truth, answers }: Answered, classes: number, most: number): Int32Array {
  // A picture's rank: the number of pictures before it in its cell; the smallest over its cells.
  const rank = new Float64Array(truth.length).fill(Infinity);
  for (const { predicted } of answers) {
    const before = new Map<number, number>();
    for (let i = 0; i < truth.length; i++) {
      const cell = truth[i] * classes + predicted[i];
      const count = before.get(cell) ?? 0;
      before.set(cell, count + 1);
      rank[i] = Math.min(rank[i], count);
    }
  }
  const wrong = (i: number): boolean => answers.some(({ predicted }) => predicted[i] !== truth[i]);
  const wanted = Array.from(truth, (_, i) => i).filter((i) => rank[i] < PER_CELL || wrong(i));
  wanted.sort((a, b) => rank[a] - rank[b] || a - b);
  return Int32Array.from(wanted.slice(0, most)).sort();
}
