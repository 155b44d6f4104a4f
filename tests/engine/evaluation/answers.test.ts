import { describe, expect, it } from 'vitest';
import { agreement, chosen, confusionOf, keptPictures, type Answered } from '../../../src/engine/evaluation/answers';
import { commonLabels } from '../../../src/engine/evaluation/labels';
import { matchLabels } from '../../../src/engine/train/match-labels';

/** Two networks on six pictures of three classes. */
const answered: Answered = {
  truth: Int32Array.of(0, 0, 1, 1, 2, 2),
  answers: [
    {
      predicted: Int32Array.of(0, 1, 1, 0, 2, 1),
      probability: new Float64Array(6).fill(0.5),
      loss: Float64Array.of(0.1, 2, 0.3, NaN, 0.2, 2),
    },
    {
      predicted: Int32Array.of(0, 0, 1, 2, 1, 1),
      probability: new Float64Array(6).fill(0.5),
      loss: Float64Array.of(1, 2, 3, 4, 5, 6),
    },
  ],
};

describe('what networks say of the same pictures', () => {
  it('is counted', () => {
    expect(agreement(answered)).toEqual({ all: 2, some: 2, none: 2, disagreements: 3 });
    expect(agreement({ ...answered, answers: [answered.answers[0]] })).toEqual({
      all: 3,
      some: 0,
      none: 3,
      disagreements: 0,
    });
    expect(confusionOf(answered.truth, answered.answers[0].predicted, 3)).toEqual([
      [1, 1, 0],
      [1, 1, 0],
      [0, 1, 1],
    ]);
  });

  it.each([
    [{ kind: 'cell', contender: 0, truth: 1, predicted: 0 }, [3]],
    [{ kind: 'cell', contender: 1, truth: 0, predicted: 0 }, [0, 1]],
    [{ kind: 'cell', contender: 1, truth: 0, predicted: 2 }, []],
    [{ kind: 'disagree' }, [1, 3, 4]],
    [{ kind: 'only', right: 0, wrong: 1 }, [4]],
    [{ kind: 'only', right: 1, wrong: 0 }, [1]],
    [{ kind: 'none' }, [3, 5]],
    [{ kind: 'worst', contender: 0 }, [3, 1, 5, 2, 4, 0]],
    [{ kind: 'worst', contender: 1 }, [5, 4, 3, 2, 1, 0]],
  ] as const)('chooses pictures: %j', (choice, pictures) => {
    expect([...chosen(answered, choice)]).toEqual(pictures);
  });
});

describe('kept pictures', () => {
  const of = (truth: number[], predicted: number[]): Answered => ({
    truth: Int32Array.from(truth),
    answers: [{ predicted: Int32Array.from(predicted), probability: new Float64Array(0), loss: new Float64Array(0) }],
  });

  it('are a hundred of a cell and all that were wrong', () => {
    const truth = new Array<number>(600).fill(0);
    const predicted = truth.map((_, i) => (i < 300 ? 0 : 1));
    const kept = keptPictures(of(truth, predicted), 2, 1e6);
    expect([...kept]).toEqual([
      ...Array.from({ length: 100 }, (_, i) => i),
      ...Array.from({ length: 300 }, (_, i) => 300 + i),
    ]);
  });

  it('are of every cell when there is not room for all', () => {
    const truth = Array.from({ length: 300 }, (_, i) => Math.floor(i / 100));
    const predicted = truth.map((label, i) => (i % 2 ? label : (label + 1) % 3));
    const kept = [...keptPictures(of(truth, predicted), 3, 12)];
    expect(kept).toHaveLength(12);
    const cells = kept.map((i) => `${truth[i]} ${predicted[i]}`);
    expect([...new Set(cells)].map((cell) => cells.filter((each) => each === cell).length)).toEqual(
      new Array(6).fill(2),
    );
  });

  it('are those of the cells of every network', () => {
    const truth = new Int32Array(400);
    const answer = (wrong: number): Answered['answers'][number] => ({
      predicted: truth.map((_, i) => (i === wrong ? 1 : 0)),
      probability: new Float64Array(0),
      loss: new Float64Array(0),
    });
    const kept = [...keptPictures({ truth, answers: [answer(350), answer(399)] }, 2, 1e6)];
    expect(kept).toEqual([...Array.from({ length: 100 }, (_, i) => i), 350, 399]);
  });
});

describe('classes of several networks', () => {
  it('are one list, matched by name', () => {
    const { labels, places } = commonLabels(
      ['cat', 'dog'],
      [
        { id: 'a', labels: ['cat', 'dog', 'fox'] },
        { id: 'b', labels: ['dog', 'owl', 'cat', 'fox'] },
      ],
      'pets',
    );
    expect(labels).toEqual(['cat', 'dog', 'fox', 'owl']);
    expect(places.map((place) => [...place])).toEqual([
      [0, 1, 2],
      [1, 3, 0, 2],
    ]);
  });

  it('are matched by number where the names are others, and refused where nothing fits', () => {
    const { labels, places } = commonLabels(
      ['0', '1'],
      [
        { id: 'a', labels: ['zero', 'one'] },
        { id: 'b', labels: ['0', '1'] },
      ],
      'digits',
    );
    expect([labels, [...places[1]]]).toEqual([
      ['zero', 'one'],
      [0, 1],
    ]);
    expect(() => commonLabels(['x', 'y', 'z'], [{ id: 'a', labels: ['p', 'q'] }], 'letters')).toThrow(
      "'letters': has 3 classes (x, y, z), 'a' knows 2 others",
    );
    // What both know lies at another place: the order says nothing.
    expect(() => commonLabels(['cat', 'dog'], [{ id: 'a', labels: ['bird', 'cat'] }], 'pets')).toThrow(
      "'pets': has 2 classes (cat, dog), 'a' knows 2 others (bird, cat)",
    );
  });

  it('are numbers: places from 0; from 1 on the first is 1 where there are as many, and 0 is lacking where there are fewer', () => {
    const clothes = ['top', 'trouser', 'pullover'];
    const match = (data: string[], model = clothes): number[] => [
      ...matchLabels(data, { id: 'model', labels: model }, 'data'),
    ];
    expect(match(['0', '1', '2'])).toEqual([0, 1, 2]);
    expect(match(['1', '2', '3'])).toEqual([0, 1, 2]);
    expect(match(['1', '2'])).toEqual([1, 2]);
    expect(match(['1', '2'], ['0', '1', '2'])).toEqual([1, 2]);
    expect(() => match(['1', '2', '3', '4'])).toThrow("has 4 classes (1, 2, 3, 4), 'model' knows 3 others");
  });
});
