import { pairedCounts } from '../../src/core/metrics/paired';
import { metricsOf } from '../../src/engine/evaluation/metrics';
import { messageOf } from '../../src/words';
import { FailureError } from '../../src/shared/failures';
import type { Params, Result } from '../../src/shared/protocol';
import type { TrainingMethods } from '../../src/shared/training';
import type { DataInfo } from '../../src/shared/data-sets';
import type { Contender, EvaluatedContender, Evaluation, PictureChoice } from '../../src/shared/evaluation';
import type { RunInfo } from '../../src/shared/runs';
import { FakeClient } from './fake-client';
import { seeded } from './fake-network';
import { fakeLines, fakeRun } from './fake-runs';

type Answers = { predicted: number; probability: number; loss: number }[];

/** A finished run, made from its accuracy alone. */
export function runOf(id: string, accuracy: number, change: Partial<RunInfo> = {}): RunInfo {
  return fakeRun(id, 'finished', {
    title: id,
    accuracy: { train: accuracy, validation: accuracy, test: accuracy },
    parameters: Math.round(110_000 * accuracy),
    macs: Math.round(1_200_000 * accuracy),
    ...change,
  });
}

export const fakeData: DataInfo[] = [
  { id: 'builtin:colors', name: 'builtin:colors', kind: 'generated', path: null, present: true },
  { id: 'data-1', name: 'cats-dogs', kind: 'folder', path: '/home/me/pictures/cats-dogs', present: true },
];

/**
 * An engine that evaluates: each contender is right as often as its accuracy says, wrong answers lean towards a neighboring
 * class. The same seeds give the same answers always. `forget` drops what it holds, as the engine does when it restarts.
 */
export class FakeEvaluation {
  readonly client: FakeClient;
  /** How many times it evaluated. */
  evaluated = 0;
  /** Picture by picture, contender by contender, of the newest evaluation. */
  answers: Answers[] = [];
  #held = new Map<number, { evaluation: Evaluation; answers: Answers[]; truth: number[] }>();
  #next = 1;

  constructor(
    readonly runs: RunInfo[],
    readonly options: {
      images?: number;
      side?: number;
      kept?: number;
      /** Milliseconds that an evaluation takes, in ten steps. */
      slow?: number;
      first?: string;
    } = {},
  ) {
    this.client = new FakeClient(options.first, {}, this.#methods());
  }

  forget(): void {
    this.#held.clear();
  }

  #methods(): Partial<{ [M in keyof TrainingMethods]: (params: Params<M>) => Result<M> | Promise<Result<M>> }> {
    return {
      evaluate: async (params) => {
        for (let i = 0; i < 10 && this.options.slow; i++) {
          this.client.emit('progress', { job: params.job, done: i * 60, total: 600, secondsLeft: 10 - i });
          await new Promise((resolve) => setTimeout(resolve, (this.options.slow ?? 0) / 10));
          if (this.#cancelled(params.job)) throw new FailureError('cancelled').toJSON();
        }
        return this.#evaluate(params);
      },
      dataSets: () => fakeData,
      runs: () => this.runs,
      runMetrics: ({ run }) => fakeLines(this.#run(run).epoch, this.#run(run).parameters),
      evaluatedPictures: (params) => this.#pictures(params),
      evaluatedImage: ({ evaluation, index }) => {
        const { side } = this.#of(evaluation);
        const pixels = picture(index, side);
        return { kind: 'pixels', name: `picture ${index}`, width: side, height: side, channels: 3, pixels };
      },
    };
  }

  #cancelled(job: string): boolean {
    return this.client.calls.some(
      ({ method, params }) => method === 'cancel' && (params as Params<'cancel'>).job === job,
    );
  }

  #run(id: string): RunInfo {
    const run = this.runs.find((each) => each.id === id);
    if (!run) throw new FailureError('run.invalid', { run: id, reason: messageOf('no such run') }).toJSON();
    return run;
  }

  #of(handle: number) {
    const held = this.#held.get(handle);
    if (!held) throw new FailureError('handle.gone', { what: 'evaluation', handle }).toJSON();
    return { ...held, side: this.options.side ?? 28 };
  }

  #evaluate({ contenders, data }: Params<'evaluate'>): Evaluation {
    this.evaluated++;
    const { images = 600 } = this.options;
    const runs = contenders.map((each) =>
      each.kind === 'run' ? this.#run(each.id) : runOf(each.id, 0.9, { parameters: 61_706 }),
    );
    const { labels } = runs[0];
    const odd = runs.find((run) => run.labels.join() !== labels.join());
    if (odd)
      throw new FailureError('data.invalid', {
        file: odd.title,
        reason: messageOf(
          `its classes are ${odd.labels.slice(0, 3).join(', ')} …, expected ${labels.slice(0, 3).join(', ')} …`,
        ),
      }).toJSON();
    const truth = Array.from({ length: images }, (_, i) => i % labels.length);
    const random = runs.map((_, c) => seeded(77 + 13 * c));
    const answers = truth.map((label): Answers =>
      runs.map((run, c) => {
        const right = random[c]() < (run.accuracy.test ?? 0.9);
        const away = random[c]() < 0.6 ? 1 : 1 + Math.floor(random[c]() * (labels.length - 1));
        const probability = 0.4 + 0.6 * random[c]();
        const predicted = right ? label : (label + away) % labels.length;
        return { predicted, probability, loss: right ? -Math.log(probability) : 2 + 3 * random[c]() };
      }),
    );
    this.answers = answers;
    const right = answers.map((each, i) => each.filter(({ predicted }) => predicted === truth[i]).length);
    const evaluation: Evaluation = {
      evaluation: this.#next++,
      data: fakeData.find(({ id }) => id === data) ?? runs[0].data,
      split: 'test',
      images,
      labels,
      contenders: runs.map((run, c) => contenderOf(contenders[c], run, truth, answers, c)),
      all: right.filter((count) => count === runs.length).length,
      some: right.filter((count) => count > 0 && count < runs.length).length,
      none: right.filter((count) => count === 0).length,
      disagreements: answers.filter((each) => each.some(({ predicted }) => predicted !== each[0].predicted)).length,
      pairs: runs.flatMap((_, a) =>
        runs.slice(a + 1).map((__, k) => pairedCounts(rightOf(answers, truth, a), rightOf(answers, truth, a + 1 + k))),
      ),
      leftOutTotal: 0,
      learned: [],
      byOrder: [],
    };
    this.#held.set(evaluation.evaluation, { evaluation, answers, truth });
    return evaluation;
  }

  #pictures({ evaluation, choice, first, count }: Params<'evaluatedPictures'>): Result<'evaluatedPictures'> {
    const { answers, truth, side } = this.#of(evaluation);
    const found = truth.map((_, i) => i).filter((i) => chosen(choice, answers[i], truth[i]));
    if (choice.kind === 'worst')
      found.sort((a, b) => answers[b][choice.contender].loss - answers[a][choice.contender].loss);
    const kept = Math.min(found.length, this.options.kept ?? 100);
    const here = found.slice(0, kept).slice(first, first + count);
    const pixels = new Uint8Array(here.length * side * side * 3);
    for (const [at, index] of here.entries()) pixels.set(picture(index, side), at * side * side * 3);
    return {
      height: side,
      width: side,
      channels: 3,
      pixels,
      labels: Int32Array.from(here, (i) => truth[i]),
      total: found.length,
      kept,
      pictures: here.map((index) => ({
        index,
        file: index % 3 === 0 ? null : `test/${truth[index]}/图片 ${index}.png`,
        answers: answers[index],
      })),
    };
  }
}

function chosen(choice: PictureChoice, answers: Answers, truth: number): boolean {
  const isRight = (c: number): boolean => answers[c].predicted === truth;
  switch (choice.kind) {
    case 'cell':
      return truth === choice.truth && answers[choice.contender].predicted === choice.predicted;
    case 'disagree':
      return answers.some(({ predicted }) => predicted !== answers[0].predicted);
    case 'only':
      return isRight(choice.right) && !isRight(choice.wrong);
    case 'none':
      return answers.every((_, c) => !isRight(c));
    case 'worst':
      return true;
  }
}

function contenderOf(
  contender: Contender,
  run: RunInfo,
  truth: number[],
  answers: Answers[],
  c: number,
): EvaluatedContender {
  const { labels } = run;
  const confusion = labels.map(() => labels.map(() => 0));
  for (const [i, label] of truth.entries()) confusion[label][answers[i][c].predicted]++;
  const right = labels.reduce((sum, _, i) => sum + confusion[i][i], 0);
  const perClass = labels.map((label, i) => {
    const images = confusion[i].reduce((a, b) => a + b, 0);
    const said = confusion.reduce((sum, row) => sum + row[i], 0);
    return {
      label,
      images,
      accuracy: images ? confusion[i][i] / images : null,
      precision: said ? confusion[i][i] / said : null,
    };
  });
  return {
    contender,
    title: run.title,
    accuracy: right / truth.length,
    loss: answers.reduce((sum, each) => sum + each[c].loss, 0) / truth.length,
    suspicion: null,
    notes: [],
    inverted: 0,
    perClass,
    metrics: metricsOf(
      {
        truth: Int32Array.from(truth),
        predicted: Int32Array.from(answers, (each) => each[c].predicted),
        probability: Float64Array.from(answers, (each) => each[c].probability),
        loss: Float64Array.from(answers, (each) => each[c].loss),
        scores: null,
      },
      perClass,
      rightOf(answers, truth, c),
    ),
    confusion,
    parameters: run.parameters,
    weightLayers: ['conv1', 'conv2', 'dense1'],
    macs: run.macs,
    trainingSeconds: contender.kind === 'run' ? run.seconds : null,
    millisecondsPerImage: run.macs! / 4e6,
    fileBytes: run.parameters * 4 + 2300,
  };
}

const rightOf = (answers: readonly { predicted: number }[][], truth: ArrayLike<number>, c: number): Uint8Array =>
  Uint8Array.from(answers, (each, i) => (each[c].predicted === truth[i] ? 1 : 0));

/** A disc of the class's color on black, no two alike. */
function picture(index: number, side: number): Uint8Array {
  const random = seeded(index + 1);
  const [cx, cy, radius] = [0.3 + 0.4 * random(), 0.3 + 0.4 * random(), 0.12 + 0.2 * random()];
  const colors = [
    [230, 40, 40],
    [40, 200, 60],
    [50, 80, 240],
    [230, 210, 40],
    [40, 210, 220],
    [220, 50, 210],
  ];
  const color = colors[index % 6].map((value) => value - 60 * random());
  const pixels = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const inside = Math.hypot(x / side - cx, y / side - cy) < radius;
      pixels.set(inside ? color : [12, 12, 14], (y * side + x) * 3);
    }
  return pixels;
}

/** Runs to look at the Compare screen with; `many`: a hundred classes, `photos`: larger pictures, `odd`: odd names. */
export function fakeComparison(kind: string): FakeEvaluation {
  const many = Array.from({ length: 100 }, (_, i) => `class ${i}`);
  const odd = ['猫', 'dog 🐶', 'a class with a very long name indeed', 'Ärger', 'e'];
  const labels = { many, odd }[kind];
  const more = labels ? { labels, data: fakeData[1] } : {};
  return new FakeEvaluation(
    [
      runOf('lenet', 0.962, { title: 'CNN for colors', macs: 1_204_000, parameters: 102_214, ...more }),
      runOf('residual', 0.861, { title: 'Its DNN twin', seconds: 41, ...more }),
      runOf('third', 0.81, { title: 'Notes’ DNN 784-128-64-6 on gray 彩色图形', seconds: 21, epoch: 12, ...more }),
      runOf('going', 0.71, { state: 'training', accuracy: { train: 0.7, validation: 0.71, test: null }, ...more }),
      runOf('cats', 0.9, { title: 'Cats and dogs 猫狗', labels: ['cat', 'dog'], data: fakeData[1] }),
      runOf('queued', 0.9, { state: 'queued', hasModel: false }),
    ],
    { images: kind === 'many' ? 5000 : 600, side: kind === 'photos' ? 150 : 28, slow: 1500, kept: 60 },
  );
}
