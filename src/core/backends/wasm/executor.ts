import type { Draw, LayerWatch, OptimizerSettings, StepResult, TrainingExecutor } from '../executor';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import { toChannelsFirst, toChannelsLast } from '../../layers/layout';
import type { Graph, ParamSet } from '../../model/graph';
import { INPUT } from '../../model/spec';
import { sizeOf } from '../../tensor';
import type { Mixed } from '../../train/class-loss';
import { optimizerSlots } from '../../train/optimizers';
import type { Blueprint } from './compile';
import { Command, ThreadFailure, type Control } from './control';
import { gather, scatter } from './layout';
import { pack, unpack, type Param } from './params';
import type { Program } from './program';
import { firstNonFinite, watchLayers, type LastStep } from './watch';

/** The caller's side of a program: copies in and out, one command at a time. Made by `createWasmExecutor`. */
export class WasmExecutor implements TrainingExecutor {
  readonly graph: Graph;
  readonly maxBatch: number;
  readonly batchInput: Float32Array;
  private readonly optimizer: OptimizerSettings | null;
  /** Samples of the last forward pass. */
  private n = 0;
  private training = false;
  /** The layer from whose gradient the last backward pass came; null where a forward pass came after it. */
  private from: number | null = null;
  /** Which of the weights' other forms are up to date: none, those of forward, or those of backward too. */
  private prepared = 0;
  private lastStep: LastStep | null = null;
  private disposed = false;

  constructor(
    blueprint: Blueprint,
    private readonly memory: WasmMemory,
    private readonly control: Control,
    private readonly program: Program,
    /** Bytes of the shared memory. */
    readonly memoryBytes: number,
  ) {
    this.graph = blueprint.graph;
    this.maxBatch = blueprint.maxBatch;
    this.batchInput = this.floats(program.compiled.exchange.input, this.maxBatch * sizeOf(this.graph.inputShape));
    this.optimizer = blueprint.optimizer;
  }

  /** Throws where a parameter is absent or has the wrong number of values. */
  setParams(params: ParamSet): void {
    for (const param of this.program.compiled.store.params) {
      const given = params.get(param.key);
      const size = sizeOf(param.spec.shape);
      if (given?.length !== size) {
        throw new Error(
          `parameter '${param.key}': found ${given ? `${given.length} values` : 'nothing'}, expected ${size} values`,
        );
      }
      pack(param.packing, given, this.floats(param.address, param.size));
      this.program.flush(param.address, param.size);
    }
    this.prepared = 0;
  }

  getParams(): Map<string, Float32Array> {
    return this.unpackAll((param) => param.address);
  }

  forward(input: Float32Array, n: number, training = false, draw?: Draw): void {
    const drawing = training && !draw && this.graph.layers.find(({ definition }) => definition.inTraining === 'draws');
    if (drawing)
      throw new Error(`layer '${drawing.name}': dropout in training needs seed, epoch and samples to draw from`);
    this.load(input, n, draw);
    this.execute(Command.Forward, { n, training, backward: false, draw });
    this.n = n;
    this.training = training;
    this.from = null;
  }

  activation(index: number): Float32Array {
    const { compiled } = this.program;
    const id = index < 0 ? -1 : compiled.fused.valueOf[index];
    const value = id === null ? undefined : compiled.plan.values.get(id);
    const shape = index < 0 ? this.graph.inputShape : this.graph.layers[index].outputShape;
    if (!value || value.trimmed || value.address === 0) return this.recompute(index);
    const { layout, address } = value;
    const dense = new Float32Array(this.n * sizeOf(shape));
    gather(layout, this.floats(address, this.n * layout.image), this.n, dense);
    return compiled.fused.flattened[index] ? this.reference(index, [dense]) : dense;
  }

  /** A layer's output that the program does not keep, from its inputs, as the reference computes it. */
  private recompute(index: number): Float32Array {
    return this.reference(
      index,
      this.graph.layers[index].inputs.map((input) => this.activation(input)),
    );
  }

  private reference(index: number, x: Float32Array[]): Float32Array {
    const layer = this.graph.layers[index];
    const { params, name } = layer;
    const y = new Float32Array(this.n * sizeOf(layer.outputShape));
    const all = params.length > 0 ? this.getParams() : new Map<string, Float32Array>();
    const own = params.map((param) => all.get(`${name}.${param.name}`) ?? new Float32Array(0));
    layer.forward({ n: this.n, params: own, training: false, saved: {}, x, y });
    return y;
  }

  /** With `keep: 'training'` only from the last layer or the logits; with a fused update gradients are of no step. */
  backward(dOutput: Float32Array, fromIndex = this.graph.layers.length - 1): void {
    if (this.n === 0) throw new Error('backward: found no forward pass before it, expected one');
    const { compiled } = this.program;
    const id = compiled.fused.valueOf[fromIndex];
    const value = id === null ? undefined : compiled.plan.values.get(id);
    const { name, inputShapes, outputShape } = this.graph.layers[fromIndex];
    const expected = this.n * sizeOf(outputShape);
    if (dOutput.length !== expected)
      throw new Error(`gradient of '${name}': found ${dOutput.length} values, expected ${expected}`);
    this.from = fromIndex;
    if (!value?.gradient) {
      if (value && !value.gradient) return this.backwardNothing();
      throw new Error(`backward from '${name}': it is fused with its neighbor here; use keep: 'all'`);
    }
    if (!value.gradient.whole)
      throw new Error(`backward from '${name}': expected the last layer or the logits; use keep: 'all'`);
    const { layout, address } = value.gradient;
    const flattened = compiled.fused.flattened[fromIndex];
    const given = flattened ? toChannelsLast(dOutput, this.n, inputShapes[0]) : dOutput;
    scatter(layout, given, this.n, this.floats(address, this.n * layout.image));
    this.execute(Command.Backward, { n: this.n, training: this.training, backward: true, from: value.id });
  }

  /** Nothing before the layer is trained and the image's gradient is not needed. */
  private backwardNothing(): void {
    for (const param of this.program.compiled.store.params) {
      if (param.gradient) this.floats(param.gradient, param.size).fill(0);
    }
  }

  gradients(): Map<string, Float32Array> {
    return this.unpackAll((param) => (param.spec.trainable ? param.gradient : null));
  }

  gradient(index: number): Float32Array {
    const { fused, kept, plan } = this.program.compiled;
    if (this.from === null) throw new Error('gradient: found no backward pass before it, expected one');
    const { name, outputShape: shape } =
      index < 0 ? { name: INPUT, outputShape: this.graph.inputShape } : this.graph.layers[index];
    const value = plan.values.get(index < 0 ? index : (fused.valueOf[index] ?? NaN));
    if (!kept.has(index) || !value?.gradient)
      throw new Error(`gradient of '${name}': it is not kept here; ask for it by keepGradients, or use keep: 'all'`);
    const dense = new Float32Array(this.n * sizeOf(shape));
    if (!this.leadsTo(this.from).has(index)) return dense;
    const { layout, address } = value.gradient;
    gather(layout, this.floats(address, this.n * layout.image), this.n, dense);
    if (index < 0 || !fused.flattened[index]) return dense;
    return toChannelsFirst(dense, this.n, this.graph.layers[index].inputShapes[0]);
  }

  /** The layers that layer `target` is computed from, itself and the input (−1) included. */
  private leadsTo(target: number): Set<number> {
    const all = new Set([target]);
    // A set's iterator also visits entries added during the loop.
    for (const index of all) if (index >= 0) for (const input of this.graph.layers[index].inputs) all.add(input);
    return all;
  }

  trainStep(
    input: Float32Array,
    labels: Int32Array,
    n: number,
    draw: Draw,
    learningRate: number,
    step: number,
    mixed?: Mixed,
  ): StepResult {
    if (!this.optimizer) throw new Error('trainStep: found no optimizer, expected one at creation');
    this.load(input, n, draw);
    this.loadLabels(labels, n, mixed);
    this.execute(Command.Train, { n, training: true, backward: true, draw, rate: learningRate, step });
    this.prepared = 0;
    this.n = n;
    this.training = true;
    this.from = this.program.compiled.logits;
    this.lastStep = { n, rate: learningRate, step };
    return this.result(n);
  }

  evaluateStep(input: Float32Array, labels: Int32Array, n: number): StepResult {
    this.load(input, n);
    this.loadLabels(labels, n);
    this.execute(Command.Evaluate, { n, training: false, backward: false });
    this.n = n;
    this.training = false;
    this.from = null;
    return this.result(n);
  }

  optimizerState(): Map<string, Float32Array> {
    const state = new Map<string, Float32Array>();
    this.eachSlot((key, param, slot) => {
      const canonical = new Float32Array(sizeOf(param.spec.shape));
      unpack(param.packing, this.floats(slot, param.size), canonical);
      state.set(key, canonical);
    });
    return state;
  }

  /** Throws where a state is absent or has the wrong number of values. */
  setOptimizerState(state: ReadonlyMap<string, Float32Array>): void {
    this.eachSlot((key, param, slot) => {
      const given = state.get(key);
      const size = sizeOf(param.spec.shape);
      if (given?.length !== size) {
        throw new Error(
          `optimizer state '${key}': found ${given ? `${given.length} values` : 'nothing'}, expected ${size} values`,
        );
      }
      pack(param.packing, given, this.floats(slot, param.size));
    });
  }

  /** Of the last `trainStep`. A layer's activation is its output, or that of the ReLU right after it. */
  watch(): LayerWatch[] {
    if (!this.lastStep || !this.optimizer) throw new Error('watch: found no training step before it, expected one');
    return watchLayers(this.graph, this.program.compiled, this.memory, this.optimizer, this.lastStep);
  }

  /** A ReLU that is part of a layer counts as the layer. */
  firstNonFinite(): string | null {
    return firstNonFinite(this.graph, this.program.compiled, this.n);
  }

  /** Lets the threads end. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.control.start(Command.Exit, { ...IDLE });
  }

  private eachSlot(visit: (key: string, param: Param, slot: number) => void): void {
    if (!this.optimizer) return;
    const names = optimizerSlots[this.optimizer.kind];
    for (const param of this.program.compiled.store.params) {
      param.slots.forEach((slot, i) => visit(`${param.key}/${names[i]}`, param, slot));
    }
  }

  /** In the order of the graph. */
  private unpackAll(addressOf: (param: Param) => number | null): Map<string, Float32Array> {
    const { store } = this.program.compiled;
    const all = new Map<string, Float32Array>();
    this.graph.layers.forEach((layer, index) => {
      for (const spec of layer.params) {
        const param = store.find(index, spec.name);
        const address = addressOf(param);
        if (address === null) continue;
        const canonical = new Float32Array(sizeOf(spec.shape));
        unpack(param.packing, this.floats(address, param.size), canonical);
        all.set(param.key, canonical);
      }
    });
    return all;
  }

  private load(input: Float32Array, n: number, draw?: Draw): void {
    const size = sizeOf(this.graph.inputShape);
    if (!Number.isInteger(n) || n < 1 || n > this.maxBatch)
      throw new Error(`batch: found ${n}, expected 1 to ${this.maxBatch}`);
    if (input.length < n * size) throw new Error(`input: found ${input.length} values, expected ${n} × ${size}`);
    const { exchange } = this.program.compiled;
    const { batchInput } = this;
    const inPlace = input.buffer === batchInput.buffer && input.byteOffset === batchInput.byteOffset;
    if (!inPlace) {
      batchInput.set(input.length === n * size ? input : input.subarray(0, n * size));
      this.program.flush(exchange.input, n * size);
    }
    if (!draw) return;
    const samples = new Float64Array(this.memory.buffer, exchange.samples, n);
    for (let i = 0; i < n; i++) samples[i] = draw.samples[i];
  }

  private loadLabels(labels: Int32Array, n: number, mixed?: Mixed): void {
    const { exchange, logits } = this.program.compiled;
    const classes = sizeOf(this.graph.layers[logits].outputShape);
    for (const given of mixed ? [labels, mixed.others] : [labels]) {
      for (let i = 0; i < n; i++) {
        if (!(given[i] >= 0 && given[i] < classes)) {
          throw new RangeError(`label ${i}: found ${given[i]}, expected a class from 0 to ${classes - 1}`);
        }
      }
    }
    new Int32Array(this.memory.buffer, exchange.labels, n).set(labels.subarray(0, n));
    const shares = this.floats(exchange.shares, n);
    if (!mixed) return void shares.fill(1);
    shares.set(mixed.shares.subarray(0, n));
    new Int32Array(this.memory.buffer, exchange.others, n).set(mixed.others.subarray(0, n));
  }

  private result(n: number): StepResult {
    const { exchange } = this.program.compiled;
    const losses = this.floats(exchange.losses, n);
    const hits = new Int32Array(this.memory.buffer, exchange.hits, n);
    let loss = 0;
    let correct = 0;
    for (let i = 0; i < n; i++) {
      loss += losses[i];
      correct += hits[i];
    }
    return { loss: loss / n, correct };
  }

  private execute(
    command: Command,
    {
      n,
      training,
      backward,
      from = 0,
      rate = 0,
      step = 0,
      draw,
    }: {
      n: number;
      training: boolean;
      backward: boolean;
      from?: number;
      rate?: number;
      step?: number;
      draw?: Draw;
    },
  ): void {
    const wanted = backward ? 2 : 1;
    const prepare = this.prepared < wanted ? wanted : 0;
    const { seed = 0, epoch = 0 } = draw ?? {};
    if (this.disposed) throw new Error('the executor was disposed of');
    this.control.start(command, { n, training, prepare, from, step, rate, seed, epoch });
    try {
      this.program.execute(command);
    } catch (error) {
      // The other threads must not wait for this one.
      if (!(error instanceof ThreadFailure)) this.control.fail(error instanceof Error ? error.message : String(error));
      throw error;
    }
    this.prepared = Math.max(this.prepared, wanted);
  }

  private floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }
}

const IDLE = { n: 0, training: false, prepare: 0, from: 0, step: 0, rate: 0, seed: 0, epoch: 0 };
