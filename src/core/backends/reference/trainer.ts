import type { Draw, LayerWatch, OptimizerSettings, StepResult, TrainingExecutor } from '../executor';
import { logitsOf, paramKey, type Graph, type GraphLayer } from '../../model/graph';
import { ReferenceExecutor } from './executor';
import { sizeOf } from '../../tensor';
import { classLoss, plainLoss, type LossSettings, type Mixed } from '../../train/class-loss';
import { countCorrect } from '../../train/losses';
import { clipGradients, optimizerSlots, updateParameter } from '../../train/optimizers';

/** Trains a graph in plain TypeScript: about a hundred times slower than the WASM executor, which is checked against it. */
export class ReferenceTrainer extends ReferenceExecutor implements TrainingExecutor {
  readonly batchInput: Float32Array;
  private readonly slots = new Map<string, Float32Array[]>();
  /** The layer whose output the loss takes: a final softmax is skipped. */
  private readonly logits: number;
  private readonly classes: number;
  private before = new Map<string, Float32Array>();

  constructor(
    graph: Graph,
    maxBatch: number,
    private readonly settings: OptimizerSettings,
    private readonly loss: LossSettings = plainLoss,
  ) {
    super(graph, maxBatch);
    this.batchInput = new Float32Array(maxBatch * sizeOf(graph.inputShape));
    this.logits = logitsOf(graph);
    this.classes = sizeOf(graph.layers[this.logits].outputShape);
    for (const layer of graph.layers) {
      for (const param of layer.params) {
        if (!param.trainable) continue;
        const size = sizeOf(param.shape);
        this.slots.set(
          paramKey(layer.name, param.name),
          optimizerSlots[settings.kind].map(() => new Float32Array(size)),
        );
      }
    }
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
    this.forward(input, n, true, draw);
    const { dx, ...result } = this.score(labels, n, mixed);
    this.backward(Float32Array.from(dx), this.logits);
    const params = this.getParams();
    this.before = this.getParams();
    const gradients = this.gradients();
    clipGradients(gradients.values(), this.settings.clipNorm);
    for (const layer of this.graph.layers) {
      for (const param of layer.params) {
        if (!param.trainable) continue;
        const key = paramKey(layer.name, param.name);
        updateParameter(
          this.settings,
          params.get(key)!,
          gradients.get(key)!,
          this.slots.get(key)!,
          learningRate,
          step,
          param.decay,
        );
      }
    }
    this.setParams(params);
    return result;
  }

  evaluateStep(input: Float32Array, labels: Int32Array, n: number): StepResult {
    this.forward(input, n);
    const { loss, correct } = this.score(labels, n);
    return { loss, correct };
  }

  private score(labels: Int32Array, n: number, mixed?: Mixed): StepResult & { dx: Float64Array } {
    const logits = this.activation(this.logits);
    const { loss, dx } = classLoss(this.loss, logits, labels, n, this.classes, mixed);
    const main = mixed ? labels.map((label, i) => (mixed.shares[i] < 0.5 ? mixed.others[i] : label)) : labels;
    return { loss, correct: countCorrect(logits, main, n, this.classes), dx };
  }

  optimizerState(): Map<string, Float32Array> {
    const state = new Map<string, Float32Array>();
    for (const [key, arrays] of this.slots) {
      optimizerSlots[this.settings.kind].forEach((slot, i) => state.set(`${key}/${slot}`, arrays[i].slice()));
    }
    return state;
  }

  setOptimizerState(state: ReadonlyMap<string, Float32Array>): void {
    for (const [key, arrays] of this.slots) {
      optimizerSlots[this.settings.kind].forEach((slot, i) => arrays[i].set(state.get(`${key}/${slot}`)!));
    }
  }

  watch(): LayerWatch[] {
    const params = this.getParams();
    const gradients = this.gradients();
    return this.graph.layers.flatMap((layer, index) => {
      const keys = trainableKeys(layer);
      if (keys.length === 0) return [];
      const all = (of: ReadonlyMap<string, Float32Array>): number[] => keys.flatMap((key) => Array.from(of.get(key)!));
      const weights = all(params);
      const old = all(this.before);
      const output = this.activation(index);
      const mean = output.reduce((sum, value) => sum + value, 0) / output.length;
      const weightNorm = norm(weights);
      return {
        layer: layer.name,
        gradientNorm: norm(all(gradients)),
        weightNorm,
        updateRatio: norm(weights.map((weight, i) => weight - old[i])) / weightNorm,
        activationMean: mean,
        activationDeviation: Math.sqrt(output.reduce((sum, value) => sum + (value - mean) ** 2, 0) / output.length),
        zeroFraction: output.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0) / output.length,
      };
    });
  }

  firstNonFinite(): string | null {
    return this.graph.layers.find((_, index) => !this.activation(index).every(Number.isFinite))?.name ?? null;
  }
}

const trainableKeys = (layer: GraphLayer): string[] =>
  layer.params.filter((param) => param.trainable).map((param) => paramKey(layer.name, param.name));

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
