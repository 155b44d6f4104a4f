import { say } from '../../words';
import type { LayerDefinition } from '../layers/layer';
import { registry } from '../layers/registry';
import { Settings } from '../layers/settings';
import { spatialOf } from '../geometry';
import { sizeOf, type FeatureShape } from '../tensor';
import { bindLayer, type Graph, type GraphLayer } from './graph';
import { expandBlocks, withRunningNumbers, type WrittenSpec } from './blocks';
import {
  INPUT,
  inputFields,
  inputOf,
  isObject,
  SpecError,
  type InputSpec,
  type LayerSpec,
  type ModelSpec,
} from './spec';

/** Limits beyond what any sensible model needs. A malicious file is refused before anything is allocated. */
export const limits = {
  layers: 2000,
  /** Places of the input along one axis, and its channels. */
  side: 2 ** 20,
  channels: 4096,
  /** Numbers in one parameter, in all parameters, in one layer's output and in all outputs of one sample. */
  parameter: 2 ** 27,
  parameters: 2 ** 28,
  output: 2 ** 27,
  outputs: 2 ** 28,
  /** Multiply-adds, or cells that pooling windows look at, of one sample. */
  operations: 2 ** 40,
} as const;

/** Names of layers in blocks are paths: `stage2/conv1`. */
const NAME = /^(?=.{1,100}$)[\p{L}\p{N}_][\p{L}\p{N}_-]*(?:\/[\p{L}\p{N}_-]+)*$/u;

/**
 * Checks a spec, expands its blocks, names its layers (`conv1`, `relu1`, `maxpool1` …), connects them and computes every shape.
 * @throws SpecError naming the layer and the field, what was found and what was expected.
 */
export function buildGraph(spec: WrittenSpec): Graph {
  const inputShape = checkInput(spec);
  if (!Array.isArray(spec.layers) || spec.layers.length === 0 || spec.layers.length > limits.layers) {
    const found = Array.isArray(spec.layers) ? spec.layers.length : spec.layers;
    throw new SpecError(null, 'layers', found, say('spec.layers', { limit: limits.layers }));
  }
  const flat = expandBlocks(spec, limits.layers);
  const names = nameLayers(flat);
  const indexOf = new Map<string, number>([[INPUT, -1]]);
  const layers: GraphLayer[] = [];
  for (const [index, layerSpec] of flat.entries()) {
    const name = names[index];
    layers.push(buildLayer(layerSpec, name, inputsOf(layerSpec, name, index, indexOf), layers, inputShape));
    indexOf.set(name, index);
  }
  checkUse(layers);
  checkTotals(layers);
  return { spec: normalize(spec.input, layers), inputShape, layers };
}

/** A layer's own settings, without the fields that every layer has. */
export function settingsOf(layer: LayerSpec): Record<string, unknown> {
  return Object.fromEntries(Object.entries(layer).filter(([field]) => !['kind', 'name', 'inputs'].includes(field)));
}

function checkInput(spec: WrittenSpec): Graph['inputShape'] {
  if (!isObject(spec)) throw new SpecError(null, 'spec', spec, say('spec.object'));
  if (!isObject(spec.input)) throw new SpecError(INPUT, 'size', spec.input, say('spec.input'));
  const fields = inputFields(spec.input);
  for (const [field, value] of fields) {
    const most = field === 'channels' ? limits.channels : limits.side;
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new SpecError(INPUT, field, value, say('spec.whole', { from: 1, to: most }));
    }
  }
  const shape = fields.map(([, size]) => size);
  if (sizeOf(shape) > limits.output) {
    throw new SpecError(INPUT, 'size', shape, say('spec.numbers', { limit: limits.output }));
  }
  return shape;
}

/** Names as given, checked; missing ones are made from the kind and a running number that is not yet taken. */
function nameLayers(specs: readonly LayerSpec[]): string[] {
  const taken = new Set<string>([INPUT]);
  specs.forEach((layer, index) => {
    const place = index + 1;
    if (!isObject(layer)) throw new SpecError(place, 'layer', layer, say('spec.layer'));
    if (typeof layer.kind !== 'string' || !registry.has(layer.kind)) {
      throw new SpecError(
        layer.name === undefined ? place : String(layer.name),
        'kind',
        layer.kind,
        say('spec.choices', { choices: [...registry.keys()] }),
      );
    }
    if (layer.name === undefined) return;
    if (typeof layer.name !== 'string' || !NAME.test(layer.name)) {
      throw new SpecError(place, 'name', layer.name, say('spec.name'));
    }
    if (taken.has(layer.name)) throw new SpecError(layer.name, 'name', layer.name, say('spec.unique'));
    taken.add(layer.name);
  });
  return withRunningNumbers(
    specs.map(({ kind, name }) => ({ base: kind, name })),
    taken,
  );
}

function inputsOf(layer: LayerSpec, name: string, index: number, indexOf: ReadonlyMap<string, number>): number[] {
  if (layer.inputs === undefined) return [index - 1];
  if (!Array.isArray(layer.inputs)) throw new SpecError(name, 'inputs', layer.inputs, say('spec.inputs'));
  return layer.inputs.map((input) => {
    const found = indexOf.get(input);
    if (found === undefined) throw new SpecError(name, 'inputs', input, say('spec.earlier'));
    return found;
  });
}

function buildLayer(
  spec: LayerSpec,
  name: string,
  inputs: readonly number[],
  earlier: readonly GraphLayer[],
  imageShape: FeatureShape,
): GraphLayer {
  const definition = registry.get(spec.kind) as LayerDefinition;
  if (definition.arity === 'one' ? inputs.length !== 1 : inputs.length < 2) {
    const expected = say(definition.arity === 'one' ? 'spec.one-input' : 'spec.more-inputs');
    throw new SpecError(name, 'inputs', inputs.length, expected);
  }
  const inputShapes = inputs.map((index) => (index === -1 ? imageShape : earlier[index].outputShape));
  const settings = new Settings(settingsOf(spec), name, spatialOf(inputShapes[0]).length || 2);
  const config = definition.parse(settings, name);
  settings.done();
  const outputShape = definition.outputShape(config, inputShapes, name);
  if (sizeOf(outputShape) > limits.output) {
    throw new SpecError(name, 'output', outputShape, say('spec.numbers', { limit: limits.output }));
  }
  const params = definition.params(config, inputShapes);
  for (const param of params) {
    if (sizeOf(param.shape) > limits.parameter) {
      throw new SpecError(name, param.name, param.shape, say('spec.numbers', { limit: limits.parameter }));
    }
  }
  return bindLayer(definition, config, { name, inputs, inputShapes, outputShape, params });
}

/** Every layer but the last feeds another one. */
function checkUse(layers: readonly GraphLayer[]): void {
  const used = new Set(layers.flatMap((layer) => layer.inputs));
  const idle = layers.findIndex((_layer, index) => index < layers.length - 1 && !used.has(index));
  if (idle !== -1) {
    throw new SpecError(layers[idle].name, 'output', say('spec.no-reader'), say('spec.reader'));
  }
}

/** What one sample costs: multiply-adds, or the cells of all windows where there is nothing to multiply. */
function operations({ window, outputShape, macs }: GraphLayer): number {
  return Math.max(macs, window ? sizeOf(outputShape) * sizeOf(window.kernel) : 0);
}

function checkTotals(layers: readonly GraphLayer[]): void {
  const parameters = totalParameters({ layers });
  if (parameters > limits.parameters) {
    throw new SpecError(null, 'parameters', parameters, say('spec.together', { limit: limits.parameters }));
  }
  const outputs = layers.reduce((sum, layer) => sum + sizeOf(layer.outputShape), 0);
  if (outputs > limits.outputs) {
    throw new SpecError(null, 'outputs', outputs, say('spec.numbers-together', { limit: limits.outputs }));
  }
  const work = layers.reduce((sum, layer) => sum + operations(layer), 0);
  if (work > limits.operations) {
    throw new SpecError(null, 'operations', work, say('spec.together', { limit: limits.operations }));
  }
}

/** Numbers in all parameters of a layer; with `trainable`, in those that are learned. */
export function parameterCount(layer: GraphLayer, trainable = false): number {
  return layer.params.reduce((sum, param) => (trainable && !param.trainable ? sum : sum + sizeOf(param.shape)), 0);
}

/** Numbers in all parameters of a network; with `trainable`, in those that are learned. */
export function totalParameters({ layers }: { layers: readonly GraphLayer[] }, trainable = false): number {
  return layers.reduce((sum, layer) => sum + parameterCount(layer, trainable), 0);
}

function normalize(input: InputSpec, layers: readonly GraphLayer[]): ModelSpec {
  return {
    input: inputOf(input),
    layers: layers.map((layer) => ({
      kind: layer.kind,
      name: layer.name,
      inputs: layer.inputs.map((index) => (index === -1 ? INPUT : layers[index].name)),
      ...layer.settings(),
    })),
  };
}
