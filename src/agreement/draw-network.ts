import { channelsOf, spatialOf } from '../core/geometry';
import { registry } from '../core/layers/registry';
import { Settings } from '../core/layers/settings';
import { INPUT, SpecError, type InputSpec, type LayerSpec, type ModelSpec } from '../core/model/spec';
import { sizeOf, type FeatureShape } from '../core/tensor';
import type { Dice } from './dice';
import { drawSettings } from './draw-settings';

/**
 * Multiply-adds of one sample, and numbers in one layer's output, the limits of a drawn network, because the reference
 * is slow.
 */
const MOST_OPERATIONS = 60_000;
const MOST_OUTPUTS = 1500;

const onMaps = {
  conv: 7,
  relu: 3,
  maxpool: 3,
  flatten: 2.5,
  add: 2,
  concat: 2,
  batchnorm: 1.5,
  avgpool: 1.5,
  layernorm: 0.8,
  groupnorm: 0.6,
  instancenorm: 0.6,
  lrn: 0.6,
  partialconv: 1,
  localconv: 1,
  subsampling: 0.8,
  maxout: 0.8,
  spatialpyramid: 0.6,
  convtranspose: 1.2,
  zeropadding: 0.5,
  cropping: 0.5,
  upsample: 0.6,
  depthtospace: 0.5,
  channelshuffle: 0.5,
  channelslice: 0.5,
  dropout: 1.2,
  reshape: 1,
  globalavgpool: 0.6,
  globalmaxpool: 0.6,
  prelu: 0.8,
  leakyrelu: 0.5,
  elu: 0.4,
  selu: 0.4,
  sigmoid: 0.4,
  hardsigmoid: 0.4,
  tanh: 0.4,
  softplus: 0.4,
  relu6: 0.4,
  rrelu: 0.4,
  gelu: 0.4,
  silu: 0.4,
  hardswish: 0.4,
  multiply: 1,
  softmax: 0.4,
  logsoftmax: 0.3,
};
const mapsOnly = [
  'conv',
  'partialconv',
  'localconv',
  'subsampling',
  'spatialpyramid',
  'maxpool',
  'avgpool',
  'globalavgpool',
  'globalmaxpool',
  'instancenorm',
  'convtranspose',
  'zeropadding',
  'cropping',
  'upsample',
  'depthtospace',
];
const onFeatures: Record<string, number> = {
  ...Object.fromEntries(Object.entries(onMaps).filter(([kind]) => !mapsOnly.includes(kind))),
  dense: 7,
  flatten: 0.3,
};

/** Layers that often follow each other, and that the fast executor fuses. */
const idioms: readonly (readonly string[])[] = [
  ['conv', 'relu'],
  ['conv', 'relu', 'maxpool'],
  ['conv', 'batchnorm', 'relu'],
  ['conv', 'relu', 'flatten', 'dense'],
  ['conv', 'flatten', 'dense'],
  ['relu', 'maxpool'],
  ['flatten', 'dense', 'relu'],
  ['conv', 'relu', 'conv', 'relu'],
];

interface Output {
  name: string;
  shape: FeatureShape;
}

/** A random valid network: any layers and settings in any order, branches, odd sizes. */
export function drawNetwork(dice: Dice): ModelSpec {
  return new Drawing(dice).network();
}

class Drawing {
  private readonly layers: LayerSpec[] = [];
  private readonly outputs: Output[];
  /** Layers that no other layer reads yet. */
  private readonly loose = new Set<Output>();
  private operations = 0;
  /** A signal, a map or a volume. */
  private readonly axes: number;

  constructor(private readonly dice: Dice) {
    this.axes = dice.pick(1, 2, 2, 2, 2, 2, 2, 3);
    const side = (): number =>
      this.axes === 3 ? dice.pick(1, 2, 3, 3, 4, 4) : dice.pick(1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 9, 10, 11, 13);
    const sides = Array.from({ length: this.axes }, side);
    this.outputs = [{ name: INPUT, shape: [...sides, dice.pick(1, 1, 1, 2, 3, 3, 4, 5, 8, 16, 17)] }];
  }

  network(): ModelSpec {
    const { dice } = this;
    const wanted = dice.from(1, dice.pick(4, 8, 12));
    for (let tries = 0; this.layers.length < wanted && tries < 40; tries++) {
      if (dice.chance(0.3)) for (const kind of dice.pick(...idioms)) this.grow(kind, this.last);
      else this.growAnywhere();
    }
    this.join();
    if (dice.chance(0.6)) {
      if (this.last.shape.length > 1) this.grow('flatten', this.last);
      this.grow('dense', this.last);
      if (dice.chance(0.7)) this.grow(dice.pick('softmax', 'softmax', 'logsoftmax'), this.last);
    }
    if (this.layers.length === 0) this.grow('relu', this.last);
    return { input: inputOfShape(this.outputs[0].shape), layers: this.layers };
  }

  private get last(): Output {
    return this.outputs[this.outputs.length - 1];
  }

  private growAnywhere(): void {
    const { dice, outputs } = this;
    const from = dice.chance(0.75) ? this.last : dice.pick(...outputs);
    this.grow(from.shape.length > 1 ? dice.weighted(onMaps) : dice.weighted(onFeatures), from);
  }

  /** A layer of this kind, if it fits. */
  private grow(kind: string, from: Output): boolean {
    if (registry.get(kind)?.arity !== 'many')
      return this.add({ kind, ...drawSettings(kind, from.shape, this.dice) }, [from]);
    const partners = this.outputs.filter((each) => this.fits({ kind }, [from, each]));
    if (partners.length === 0) return false;
    const more = Array.from({ length: this.dice.pick(1, 1, 2) }, () => this.dice.pick(...partners));
    return this.add({ kind }, this.dice.chance(0.5) ? [from, ...more] : [...more, from]);
  }

  private fits(spec: LayerSpec, inputs: readonly Output[], limited = true): FeatureShape | null {
    const definition = registry.get(spec.kind);
    if (!definition) return null;
    const settings = Object.fromEntries(Object.entries(spec).filter(([field]) => field !== 'kind'));
    const shapes = inputs.map((each) => each.shape);
    try {
      const config = definition.parse(new Settings(settings, 'drawn'), 'drawn');
      const shape = definition.outputShape(config, shapes, 'drawn');
      const macs = definition.macs(config, shapes, shape);
      const small = sizeOf(shape) <= MOST_OUTPUTS && this.operations + macs <= MOST_OPERATIONS;
      return small || !limited ? shape : null;
    } catch (error) {
      if (error instanceof SpecError) return null;
      throw error;
    }
  }

  private add(spec: LayerSpec, inputs: readonly Output[], limited = true): boolean {
    const shape = this.fits(spec, inputs, limited);
    const definition = registry.get(spec.kind);
    if (!shape || !definition) return false;
    const { kind, ...settings } = spec;
    const name = `${kind}${this.layers.length + 1}`;
    this.layers.push({ kind, name, inputs: inputs.map((each) => each.name), ...settings });
    const shapes = inputs.map((each) => each.shape);
    this.operations += definition.macs(definition.parse(new Settings(settings, name), name), shapes, shape);
    for (const each of inputs) this.loose.delete(each);
    const output = { name, shape };
    this.outputs.push(output);
    this.loose.add(output);
    return true;
  }

  /** Every layer but the last must feed another one. */
  private join(): void {
    while (this.loose.size > 1) {
      const [one, other] = this.loose;
      const kind = this.dice.pick('add', 'concat');
      if (this.add({ kind }, [one, other]) || this.add({ kind: 'concat' }, [one, other], false)) continue;
      const map = one.shape.length > 1 ? one : other;
      const mean = this.dice.chance(0.5) && this.add({ kind: 'globalavgpool' }, [map]);
      this.add({ kind: 'flatten' }, [mean ? this.last : map], false);
    }
  }
}

function inputOfShape(shape: FeatureShape): InputSpec {
  const channels = channelsOf(shape);
  const sides = spatialOf(shape);
  if (sides.length === 1) return { length: sides[0], channels };
  const [height, width] = sides.slice(-2);
  return sides.length === 2 ? { height, width, channels } : { depth: sides[0], height, width, channels };
}
