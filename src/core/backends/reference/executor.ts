import type { Draw } from '../executor';
import type { BackwardContext, Call, ForwardContext } from '../../layers/layer';
import { paramKey, type Graph, type GraphLayer } from '../../model/graph';
import { sizeOf, type FloatArray } from '../../tensor';

/** Makes the arrays: float32 as in work, float64 for gradient checks. */
export type Storage<A extends FloatArray> = new (length: number) => A;

/** A layer's arrays between calls. */
interface State<A extends FloatArray> {
  params: A[];
  dParams: (A | undefined)[];
  y: A;
  dy: A;
  saved: Record<string, A>;
}

/**
 * Runs a graph in plain TypeScript: every sum in doubles, every layer's output stored as `A`. The truth for tests and explanations.
 * With float32 storage it is an `Executor`; `new ReferenceExecutor(graph, batch, Float64Array)` is the one for gradient checks.
 */
export class ReferenceExecutor<A extends FloatArray = Float32Array> {
  private readonly states: State<A>[];
  private input: A;
  private dInput: A;
  private n = 0;
  private training = false;
  private draw: Draw | undefined;
  /** Whether a backward pass came after the last forward pass. */
  private differentiated = false;

  constructor(graph: Graph, maxBatch?: number);
  constructor(graph: Graph, maxBatch: number, storage: Storage<A>);
  constructor(
    readonly graph: Graph,
    readonly maxBatch = 256,
    private readonly storage: Storage<A> = Float32Array as unknown as Storage<A>,
  ) {
    this.input = new storage(0);
    this.dInput = new storage(0);
    this.states = graph.layers.map((layer) => ({
      params: layer.params.map((param) => new storage(sizeOf(param.shape))),
      dParams: layer.params.map((param) => (param.trainable ? new storage(sizeOf(param.shape)) : undefined)),
      y: new storage(0),
      dy: new storage(0),
      saved: {},
    }));
  }

  /** Copies them in. Throws where one is absent or has the wrong number of values. */
  setParams(params: ReadonlyMap<string, FloatArray>): void {
    this.eachParam((key, own) => {
      const given = params.get(key);
      if (given?.length !== own.length) {
        throw new Error(
          `parameter '${key}': found ${given ? `${given.length} values` : 'nothing'}, expected ${own.length} values`,
        );
      }
      own.set(given);
    });
  }

  /** Copies by `layer.param`, running statistics included. */
  getParams(): Map<string, A> {
    const copies = new Map<string, A>();
    this.eachParam((key, own) => copies.set(key, own.slice() as A));
    return copies;
  }

  private eachParam(visit: (key: string, param: A, gradient: A | undefined) => void): void {
    this.graph.layers.forEach((layer, l) => {
      const { params, dParams } = this.states[l];
      layer.params.forEach((param, p) => visit(paramKey(layer.name, param.name), params[p], dParams[p]));
    });
  }

  /**
   * @param input `[n, H, W, C]`.
   * @param training batch statistics and dropout are on, running statistics move; `draw` is needed where there is dropout.
   */
  forward(input: FloatArray, n: number, training = false, draw?: Draw): void {
    drain(this.forwardSteps(input, n, training, draw));
  }

  /** The same, a layer at each step: big networks take seconds. */
  *forwardSteps(input: FloatArray, n: number, training = false, draw?: Draw): Generator<void> {
    const size = sizeOf(this.graph.inputShape);
    if (!Number.isInteger(n) || n < 1 || n > this.maxBatch)
      throw new Error(`batch: found ${n}, expected 1 to ${this.maxBatch}`);
    if (input.length !== n * size) throw new Error(`input: found ${input.length} values, expected ${n} × ${size}`);
    this.input = new this.storage(input.length);
    this.input.set(input);
    this.n = n;
    this.training = training;
    this.draw = draw;
    this.differentiated = false;
    for (const [index, layer] of this.graph.layers.entries()) {
      const state = this.states[index];
      state.y = new this.storage(n * sizeOf(layer.outputShape));
      state.saved = {};
      layer.forward(this.context(layer, index));
      yield;
    }
  }

  private context(layer: GraphLayer, index: number): Call<ForwardContext<A>> {
    const { params, saved, y } = this.states[index];
    return {
      n: this.n,
      params,
      training: this.training,
      draw: this.draw && { ...this.draw, layer: index },
      saved,
      x: layer.inputs.map((source) => this.output(source)),
      y,
    };
  }

  private output(index: number): A {
    return index === -1 ? this.input : this.states[index].y;
  }

  /** A copy of a layer's output from the last `forward`, `[n, ...]`; −1 is the input. */
  activation(index: number): A {
    return this.output(index).slice() as A;
  }

  /** From the gradient of layer `fromIndex`'s output (the last one's without it) to those of parameters and input. */
  backward(dOutput: FloatArray, fromIndex = this.graph.layers.length - 1): void {
    drain(this.backwardSteps(dOutput, fromIndex));
  }

  /** The same, a layer at each step. */
  *backwardSteps(dOutput: FloatArray, fromIndex: number): Generator<void> {
    if (this.n === 0) throw new Error('backward: found no forward pass before it, expected one');
    const expected = this.states[fromIndex].y.length;
    if (dOutput.length !== expected) throw new Error(`gradient: found ${dOutput.length} values, expected ${expected}`);
    this.dInput = new this.storage(this.input.length);
    for (const state of this.states) {
      state.dy = new this.storage(state.y.length);
      state.dParams.forEach((gradient) => gradient?.fill(0));
    }
    this.states[fromIndex].dy.set(dOutput);
    for (let index = fromIndex; index >= 0; index--) {
      const layer = this.graph.layers[index];
      const { dy, dParams } = this.states[index];
      const dx = layer.inputs.map((source) => (source === -1 ? this.dInput : this.states[source].dy));
      const call: Call<BackwardContext<A>> = { ...this.context(layer, index), dy, dx, dParams };
      layer.backward(call);
      yield;
    }
    this.differentiated = true;
  }

  /** Copies of the gradients of trainable parameters. */
  gradients(): Map<string, A> {
    const copies = new Map<string, A>();
    this.eachParam((key, _param, gradient) => gradient && copies.set(key, gradient.slice() as A));
    return copies;
  }

  /** The gradient of a layer's output after `backward`, `[n, ...]`, zeros where the backward pass does not reach it; −1 is the input. */
  gradient(index: number): A {
    if (!this.differentiated) throw new Error('gradient: found no backward pass before it, expected one');
    return (index === -1 ? this.dInput : this.states[index].dy).slice() as A;
  }

  dispose(): void {
    this.n = 0;
  }
}

function drain(steps: Generator<void>): void {
  while (!steps.next().done);
}
