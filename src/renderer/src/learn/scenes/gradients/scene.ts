import { ReferenceTrainer } from '../../../../../core/backends/reference/trainer';
import { buildGraph } from '../../../../../core/model/build';
import type { Graph } from '../../../../../core/model/graph';
import { initializers, initParams, type Initializer } from '../../../../../core/model/init';
import { Generator } from '../../../../../core/random';
import { optimizerDefaults } from '../../../../../core/train/optimizers';
import { sci } from '../../../format';
import { shown } from '../../model/shown';
import type { Scene } from '../../scene';
import { choice, flag, whole } from '../../state/fields';

const kinds = ['sigmoid', 'tanh', 'relu', 'leakyrelu', 'elu'] as const;
const rates = ['0.01', '0.03', '0.1', '0.3', '1', '3'] as const;
/** Ten dense layers on points of two classes. */
export type Gradients = {
  readonly kind: (typeof kinds)[number];
  readonly init: Initializer;
  readonly norm: boolean;
  readonly rate: string;
  readonly seed: number;
};

export const LAYERS = 10;
export const WIDTH = 12;
export const POINTS = 32;
/** Updates between two steps of play, and the steps. */
export const UPDATES = 2;
export const STEPS = 31;

/** Points of two rings, inner and outer, a class each: `[POINTS, 2]`. */
export function points(): { input: Float32Array; labels: Int32Array } {
  const random = new Generator(5);
  const labels = Int32Array.from({ length: POINTS }, (_, i) => i % 2);
  const input = new Float32Array(POINTS * 2);
  labels.forEach((label, i) => {
    const [turn, radius] = [2 * Math.PI * random.uniform(), (label === 0 ? 0.5 : 1.5) + 0.1 * random.normal()];
    input.set([radius * Math.cos(turn), radius * Math.sin(turn)], 2 * i);
  });
  return { input, labels };
}

/** dense, batch norm where it is on, activation, ten times; then two logits. */
export function network({ kind, norm }: Gradients): Graph {
  const block = (i: number): { kind: string; name: string; units?: number }[] => [
    { kind: 'dense', name: `dense${i + 1}`, units: WIDTH },
    ...(norm ? [{ kind: 'batchnorm', name: `norm${i + 1}` }] : []),
    { kind, name: `act${i + 1}` },
  ];
  return buildGraph({
    input: { height: 1, width: 1, channels: 2 },
    layers: [
      { kind: 'flatten' },
      ...Array.from({ length: LAYERS }, (_, i) => block(i)).flat(),
      { kind: 'dense', name: 'logits', units: 2 },
    ],
  });
}

/** The figures of each of the ten layers after some updates. */
export interface Look {
  loss: number;
  correct: number;
  /** Root mean square of each activation's output, and of the loss's gradient there. */
  outputs: number[];
  gradients: number[];
  /** The same of the weights of each dense layer. */
  weights: number[];
  /** Units of the layer whose derivative is 0 at every point: no error gets through them. */
  dead: number[];
  /** Its numbers have grown beyond all bounds: what is told is the last look before. */
  ended: boolean;
}

const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** A network that learns as far as one looks: every look is kept. */
class Learning {
  readonly looks: Look[] = [];
  private readonly trainer: ReferenceTrainer;
  private readonly data = points();
  private updates = 0;

  constructor(readonly state: Gradients) {
    const graph = network(state);
    this.trainer = new ReferenceTrainer(graph, POINTS, { kind: 'sgd', ...optimizerDefaults });
    this.trainer.setParams(initParams(graph, state.seed, state.init));
  }

  at(step: number): Look {
    while (this.looks.length <= step) {
      // A look comes from the pass of an update: its rate is 0 the first time, so that the beginning is seen as it is.
      const first = this.looks.length === 0;
      for (let i = 0; i < (first ? 1 : UPDATES); i++) this.update(first ? 0 : Number(this.state.rate));
      const look = this.look();
      const finite = [look.loss, ...look.outputs, ...look.gradients, ...look.weights].every(Number.isFinite);
      this.looks.push(finite ? look : { ...this.looks[this.looks.length - 1], ended: true });
    }
    return this.looks[step];
  }

  private last = { loss: 0, correct: 0 };
  private update(rate: number): void {
    const { input, labels } = this.data;
    const samples = Array.from({ length: POINTS }, (_, i) => i);
    this.last = this.trainer.trainStep(input, labels, POINTS, { seed: 1, epoch: 0, samples }, rate, ++this.updates);
  }

  private look(): Look {
    const { graph } = this.trainer;
    const indexOf = (name: string): number => graph.layers.findIndex((layer) => layer.name === name);
    const layers = Array.from({ length: LAYERS }, (_, i) => i + 1);
    const outputs = layers.map((i) => this.trainer.activation(indexOf(`act${i}`)));
    const weights = this.trainer.gradients();
    return {
      ...this.last,
      ended: false,
      outputs: outputs.map(rms),
      gradients: layers.map((i) => rms(this.trainer.gradient(indexOf(`act${i}`)))),
      weights: layers.map((i) => rms(weights.get(`dense${i}.weight`)!)),
      dead: layers.map((i) => this.dead(indexOf(`act${i}`))),
    };
  }

  /** Units of an activation whose derivative is 0 at every point: an error of 1 that comes to them does not get through. */
  private dead(index: number): number {
    const layer = this.trainer.graph.layers[index];
    const x = this.trainer.activation(layer.inputs[0]);
    const back = new Float32Array(x.length);
    const dy = new Float32Array(x.length).fill(1);
    const y = this.trainer.activation(index);
    layer.backward({ n: POINTS, params: [], training: true, saved: {}, x: [x], y, dy, dx: [back], dParams: [] });
    const units = Array.from({ length: WIDTH }, (_, unit) => unit);
    return units.filter((unit) => back.every((value, i) => i % WIDTH !== unit || value === 0)).length;
  }
}

let last: Learning | null = null;
/** What is seen at a step; the network is trained as far as that. */
export function lookAt(state: Gradients, step: number): Look {
  if (last?.state !== state) last = new Learning(state);
  return last.at(step);
}

const start: Gradients = { kind: 'sigmoid', init: 'normal', norm: false, rate: '0.1', seed: 1 };

export const gradients: Scene<Gradients> = {
  id: 'gradients',
  fields: {
    kind: choice(...kinds),
    init: choice(...initializers),
    norm: flag(),
    rate: choice(...rates),
    seed: whole(1, 20),
  },
  examples: [
    { id: 'vanishing', state: start },
    { id: 'glorot', state: { ...start, kind: 'tanh', init: 'glorot' } },
    { id: 'he', state: { ...start, kind: 'relu', init: 'he' } },
    { id: 'norm', state: { ...start, kind: 'sigmoid', init: 'glorot', norm: true } },
    { id: 'zeros', state: { ...start, kind: 'relu', init: 'zeros' } },
    { id: 'dying', state: { ...start, kind: 'relu', init: 'he', rate: '3', seed: 2 } },
  ],
  controls: [
    {
      kind: 'choice',
      name: 'kind',
      options: kinds,
      get: ({ kind }) => kind,
      set: (state, kind) => ({ ...state, kind: kind as Gradients['kind'] }),
    },
    {
      kind: 'choice',
      name: 'init',
      options: initializers,
      get: ({ init }) => init,
      set: (state, init) => ({ ...state, init: init as Initializer }),
    },
    { kind: 'flag', name: 'norm', get: ({ norm }) => norm, set: (state, norm) => ({ ...state, norm }) },
    {
      kind: 'choice',
      name: 'rate',
      options: rates,
      get: ({ rate }) => rate,
      set: (state, rate) => ({ ...state, rate }),
    },
    {
      kind: 'whole',
      name: 'seed',
      get: ({ seed }) => seed,
      set: (state, seed) => ({ ...state, seed }),
      range: () => ({ min: 1, max: 20 }),
    },
  ],
  steps: () => STEPS,
  stepOf: () => null,
  linked: (_state, { part, index }) => ({ [part]: new Set([index]), layer: new Set([index]) }),

  formula(state, at) {
    const { gradients: found, loss } = lookAt(state, at);
    return [
      { text: '‖∂L/∂y₁‖ ÷ ‖∂L/∂y₁₀‖ = ' },
      { text: sci(found[0]), term: 'gradient', place: { part: 'layer', index: 0 } },
      { text: ' ÷ ' },
      { text: sci(found[LAYERS - 1]), term: 'gradient', place: { part: 'layer', index: LAYERS - 1 } },
      { text: ' = ' },
      { text: found[LAYERS - 1] === 0 ? '–' : sci(found[0] / found[LAYERS - 1]), result: true },
      { text: `,    L = ${shown(loss)}`, term: 'loss' },
    ];
  },
  spoken(state, at) {
    const { loss, correct, gradients: found } = lookAt(state, at);
    return { updates: at * UPDATES, loss: shown(loss), correct, all: POINTS, first: sci(found[0]) };
  },

  questions: [
    {
      id: 'largest',
      ask(state) {
        const { weights } = lookAt(state, 0);
        const most = weights.indexOf(Math.max(...weights));
        if (weights.filter((each) => each === weights[most]).length > 1) return null;
        return { values: { layer: most + 1, size: sci(weights[most]) }, answer: most + 1, at: 0 };
      },
    },
    {
      id: 'better',
      ask(state) {
        const options = initializers.filter((init) => init !== 'uniform' && init !== 'zeros');
        const firsts = options.map((init) => new Learning({ ...state, init }).at(0).gradients[0]);
        const most = firsts.indexOf(Math.max(...firsts));
        return { values: { sizes: firsts.map(sci).join(' · ') }, answer: most, options, at: 0 };
      },
    },
    {
      id: 'dead',
      ask(state) {
        const dead = lookAt(state, STEPS - 1).dead.reduce((sum, each) => sum + each, 0);
        return { values: { updates: (STEPS - 1) * UPDATES, dead, all: LAYERS * WIDTH }, answer: dead, at: STEPS - 1 };
      },
    },
  ],
  table: (state) =>
    (['outputs', 'gradients', 'weights', 'dead'] as const).map((name) => ({
      name: `${name} by layer, at the beginning and at the end`,
      rows: [lookAt(state, 0)[name], lookAt(state, STEPS - 1)[name]],
    })),
};
