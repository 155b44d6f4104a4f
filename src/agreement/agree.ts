import type { KernelBuild } from '../core/kernels/wasm/instance';
import { buildGraph } from '../core/model/build';
import { channelsOf } from '../core/geometry';
import { groupnorm } from '../core/layers/groupnorm';
import { instancenorm } from '../core/layers/instancenorm';
import { isOf, logitsOf, type Graph, type GraphLayer, type ParamSet } from '../core/model/graph';
import type { ModelSpec } from '../core/model/spec';
import { createWasmExecutor, type WasmExecutor } from '../core/backends/wasm/create';
import type { Keep } from '../core/backends/wasm/fuse';
import { sizeOf } from '../core/tensor';
import { loadKernels } from '../engine/runtime/kernels';
import { compare, type Difference, type Finding } from './difference';
import { Dice } from './dice';
import { exportedOutputs } from './exported';
import { quotients, split } from './quotients';
import { drawParams, drawSample, type Sample } from './sample';
import type { LastingThreads } from './threads';
import { Truth } from './truth';
import { compareStep, drawStep, lossOf, type Step } from './update';

/** What is compared in addition to one thread's forward and backward pass. */
export interface Depth {
  readonly threads: LastingThreads | null;
  readonly quotients: boolean;
  readonly exported: boolean;
}

/**
 * The outcome of one network. `undecided` counts gradients that were not compared because rounding decides on which
 * side of a kink a unit is.
 */
export interface Outcome {
  readonly finding: Finding | null;
  readonly compared: number;
  readonly undecided: number;
}

/** Batch sizes: one image, one less than a group, a full group, and several groups in shards of different size. */
const BATCHES = [1, 7, 33];
const MOST = 33;

/** The most multiply-adds per batch: for expensive networks larger batches are left out. The first is always used. */
const BUDGET = 400_000;

/** How often the effect of rounding is sampled: once, and after a difference was found, often enough to be sure. */
const [SOON, SURE] = [1, 12];

/** One way to run a network. */
interface Way {
  readonly build: KernelBuild;
  readonly keep: Keep;
  /** Layers whose gradients are compared; −1 is the input. */
  readonly keepGradients: readonly number[];
}

/**
 * Runs one network every way there is and compares: the WASM executor's outputs, gradients and running statistics with the
 * reference's in doubles, one step of an optimizer with its formula, threads with one thread by their bits, the reference with
 * central differences, the exported file in onnxruntime with the reference. The same spec and seed give the same outcome.
 */
export async function agree(spec: ModelSpec, seed: number, depth: Depth): Promise<Outcome> {
  const graph = buildGraph(spec);
  const params = drawParams(graph, seed);
  const dice = new Dice(seed, 5);
  const swap = dice.chance(0.5);
  const [one, other]: KernelBuild[] = loadKernels().build === 'simd' ? ['simd', 'simd'] : ['relaxed', 'simd'];
  const ways: Way[] = [
    { build: swap ? one : other, keep: 'training', keepGradients: drawKept(graph, seed) },
    { build: swap ? other : one, keep: 'all', keepGradients: [-1, ...graph.layers.keys()] },
  ];
  const operations = graph.layers.reduce((sum, layer) => sum + layer.macs + sizeOf(layer.outputShape) * 8, 0);
  const batches = BATCHES.filter((n, i) => i === 0 || n * operations <= BUDGET);
  let [compared, undecided] = [0, 0];
  const outcome = (finding: Finding | null): Outcome => ({ finding, compared, undecided });

  const trials: Trial[] = [];
  for (const n of batches) {
    const trial = trialOf(graph, params, drawSample(graph, n, dice.chance(0.6), seed), seed, dice.chance(0.5));
    if (!trial.truth.finite) return outcome(null);
    if (trial.dOutput) compared++;
    else undecided++;
    trials.push(trial);
  }
  for (const way of ways) {
    const what = `${way.build} kernels keeping ${way.keep === 'all' ? 'everything' : 'what training needs'}`;
    try {
      const step = way.keep === 'training' ? drawStep(graph, MOST, seed) : null;
      const finding = await runWay(graph, params, trials, way, step, depth.threads, dice.from(2, 3), what);
      if (finding) return outcome(finding);
    } catch (error) {
      return outcome({ what, error: error instanceof Error ? error.message : String(error) });
    }
  }
  if (depth.quotients) {
    const sample = drawSample(graph, 2, dice.chance(0.5), seed);
    const finding = quotients(graph, params, sample, seed);
    if (finding) return outcome(finding);
  }
  if (depth.exported) {
    try {
      const finding = await compareExported(graph, params, seed);
      if (finding) return outcome(finding);
    } catch (error) {
      return outcome({ what: 'onnxruntime', error: error instanceof Error ? error.message : String(error) });
    }
  }
  return outcome(null);
}

/** Some layers whose gradients training is to keep, or none: it then merges more. */
function drawKept(graph: Graph, seed: number): number[] {
  const dice = new Dice(seed, 8);
  if (dice.chance(0.5)) return [];
  return [-1, ...graph.layers.keys()].filter(() => dice.chance(0.3));
}

/** A batch, its expected results, and the gradient that its backward pass starts from. */
interface Trial {
  readonly sample: Sample;
  readonly truth: Truth;
  readonly from: number;
  /** Null if rounding decides and no sample can be left out, because batch norm couples the samples. */
  readonly dOutput: Float32Array | null;
  readonly anyUndecided: boolean;
  readonly surer: () => Trial;
}

function trialOf(
  graph: Graph,
  params: ParamSet,
  sample: Sample,
  seed: number,
  atLogits: boolean,
  repetitions = SOON,
): Trial {
  const truth = new Truth(graph, params, sample, repetitions);
  const from = atLogits ? logitsOf(graph) : graph.layers.length - 1;
  const size = sizeOf(graph.layers[from].outputShape);
  const undecided = truth.undecided();
  const joined = sample.training && graph.layers.some(({ definition }) => definition.inTraining === 'batch');
  const dOutput = new Dice(seed, 6, sample.n).floats(sample.n * size, -1, 1);
  undecided.forEach((each, i) => each && dOutput.fill(0, i * size, (i + 1) * size));
  const lost = undecided.every((each) => each) || (joined && undecided.some((each) => each));
  return {
    sample,
    truth,
    from,
    dOutput: lost ? null : dOutput,
    anyUndecided: undecided.some((each) => each),
    surer: () => trialOf(graph, params, sample, seed, atLogits, SURE),
  };
}

/** One executor on all batches; if it differs, once more with a more reliable bound. */
async function runWay(
  graph: Graph,
  params: ParamSet,
  trials: readonly Trial[],
  { build, keep, keepGradients }: Way,
  step: Step | null,
  threads: LastingThreads | null,
  count: number,
  what: string,
): Promise<Finding | null> {
  const options = {
    maxBatch: MOST,
    kernels: loadKernels(build),
    keep,
    keepGradients,
    ...(step && { optimizer: step.settings }),
  };
  const executor = await createWasmExecutor(graph, options);
  const second = threads && (await createWasmExecutor(graph, { ...options, threads: threads.pool(count) }));
  try {
    for (const trial of trials) {
      const { sample } = trial;
      const how = `${what}, batch ${sample.n}, ${sample.training ? 'training' : 'inference'}`;
      const check = (each: Trial): Difference | null =>
        comparePass(graph, executor, params, each, keepGradients, how) ??
        (step && compareUpdate(graph, executor, params, each, step, `${how}, ${step.settings.kind}`));
      const finding = check(trial) && check(trial.surer());
      if (finding) return finding;
      if (!second) continue;
      const differing = differingBits(graph, [executor, second], params, trial, step);
      if (differing) return { what: `${how}, ${count} threads`, error: `other bits than one thread: ${differing}` };
    }
    return null;
  } finally {
    executor.dispose();
    second?.dispose();
  }
}

/** Every output, every gradient, every parameter of one pass. */
function comparePass(
  graph: Graph,
  executor: WasmExecutor,
  params: ParamSet,
  { sample, truth, from, dOutput }: Trial,
  keepGradients: readonly number[],
  what: string,
): Difference | null {
  const { n, training, input, draw } = sample;
  executor.setParams(params);
  executor.forward(input, n, training, draw);
  for (const [index, layer] of graph.layers.entries()) {
    const where = { what, layer: layer.name, quantity: 'output' };
    const finding = compare(executor.activation(index), truth.output(index), where);
    if (finding) return finding;
  }
  const after = executor.getParams();
  for (const [key, expected] of truth.params()) {
    const [layer, name] = split(graph, key);
    const finding = compare(after.get(key) ?? [], expected, { what, layer, quantity: `${name} after the pass` });
    if (finding) return finding;
  }
  if (!dOutput) return null;
  // Twice: the second pass must not see leftovers of the first.
  executor.backward(dOutput, from);
  executor.backward(dOutput, from);
  const found = executor.gradients();
  const expected = truth.gradients(dOutput, from);
  for (const [key, values] of expected.params) {
    const [layer, name] = split(graph, key);
    const finding = compare(found.get(key) ?? [], values, { what, layer, quantity: `gradient of ${name}` });
    if (finding) return finding;
  }
  for (const index of keepGradients) {
    const where = { what, layer: index < 0 ? 'input' : graph.layers[index].name, quantity: 'gradient of output' };
    const finding = compare(executor.gradient(index), expected.values[index + 1], where);
    if (finding) return finding;
  }
  return null;
}

/** One step from fresh states. */
function compareUpdate(
  graph: Graph,
  executor: WasmExecutor,
  params: ParamSet,
  { sample, truth, dOutput, anyUndecided }: Trial,
  step: Step,
  what: string,
): Difference | null {
  // The loss gives every sample a gradient, also those where rounding decides.
  if (!sample.training || !dOutput || anyUndecided) return null;
  const { n, input, draw } = sample;
  executor.setParams(params);
  freshStates(executor);
  const { loss } = executor.trainStep(input, step.labels, n, draw, step.rate, 1);
  const logits = logitsOf(graph);
  const exact = lossOf(graph, truth, sample, step);
  const bound = 2 * truth.output(logits).bound + 1e-5 * Math.abs(exact.loss) + 1e-6;
  const where = { what, layer: graph.layers[logits].name, quantity: 'loss' };
  const finding = compare([loss], { values: Float64Array.of(exact.loss), bound }, where);
  return finding ?? compareStep(graph, executor, params, exact.gradients, step, what);
}

function freshStates(executor: WasmExecutor): void {
  const states = executor.optimizerState();
  for (const state of states.values()) state.fill(0);
  executor.setOptimizerState(states);
}

/** Compares two executors bit for bit: the name of the first tensor that differs. */
function differingBits(
  graph: Graph,
  executors: readonly WasmExecutor[],
  params: ParamSet,
  { sample, from, dOutput }: Trial,
  step: Step | null,
): string | null {
  const { n, training, input, draw } = sample;
  const [one, other] = executors.map((executor) => {
    executor.setParams(params);
    executor.forward(input, n, training, draw);
    const all = new Map([['output', executor.activation(graph.layers.length - 1)]]);
    if (dOutput) {
      executor.backward(dOutput, from);
      for (const [key, values] of executor.gradients()) all.set(`gradient of ${key}`, values);
    }
    if (step) {
      freshStates(executor);
      executor.trainStep(input, step.labels, n, draw, step.rate, 1);
    }
    for (const [key, values] of executor.getParams()) all.set(key, values);
    return all;
  });
  for (const [key, values] of one) {
    const own = other.get(key);
    if (own?.length !== values.length || values.some((value, i) => !Object.is(value, own[i]))) return key;
  }
  return null;
}

/** Compares the exported file in onnxruntime. Its inference has no kinks: every output is continuous. */
async function compareExported(graph: Graph, params: ParamSet, seed: number): Promise<Difference | null> {
  const sample = drawSample(graph, 2, false, seed);
  const found = await exportedOutputs(graph, params, sample.input, sample.n);
  const check = (repetitions: number): Difference | null => {
    const truth = new Truth(graph, params, sample, repetitions);
    for (const [index, layer] of graph.layers.entries()) {
      const where = { what: 'onnxruntime, batch 2', layer: layer.name, quantity: 'output' };
      const [before] = layer.inputs;
      if (cancels(layer, before < 0 ? sample.input : truth.output(before).values)) return null;
      const finding = compare(found.get(layer.name) ?? [], truth.output(index), where);
      if (finding) return finding;
    }
    return null;
  };
  return check(SOON) && check(SURE);
}

/** Mean ÷ deviation of numbers beyond which `cancels`. */
const NEARLY_EQUAL = 16;

/**
 * Whether rounding decides what onnxruntime's instance norm gives. It computes x · s + (shift − mean · s), s = scale ÷ √(variance + ε): of
 * numbers that are nearly equal a small difference of large products. What follows cannot be compared either.
 */
function cancels(layer: GraphLayer, read: ArrayLike<number>): boolean {
  const [input] = layer.inputShapes;
  const channels = channelsOf(input);
  const groups = isOf(layer, instancenorm) ? channels : isOf(layer, groupnorm) ? layer.config.groups : 0;
  if (groups === 0) return false;
  const { epsilon } = (layer as GraphLayer<{ epsilon: number }>).config;
  const size = sizeOf(input);
  for (let sample = 0; sample * size < read.length; sample++) {
    const numbers = Array.from({ length: groups }, (): number[] => []);
    for (let i = 0; i < size; i++) {
      numbers[Math.floor(((i % channels) * groups) / channels)].push(read[sample * size + i]);
    }
    for (const each of numbers) {
      const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
      const variance = each.reduce((sum, value) => sum + (value - mean) ** 2, 0) / each.length;
      if (Math.abs(mean) > NEARLY_EQUAL * Math.sqrt(variance + epsilon)) return true;
    }
  }
  return false;
}
