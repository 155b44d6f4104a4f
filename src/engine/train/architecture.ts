import { readdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { buildGraph, parameterCount } from '../../core/model/build';
import { headOfGraph, paramKey, type Graph } from '../../core/model/graph';
import { initParams, type Initializer } from '../../core/model/init';
import type { Preprocessing } from '../../core/model/model';
import { SpecError, type ModelSpec } from '../../core/model/spec';
import { denseTwin, plainDense } from '../../core/model/twin';
import { FailureError } from '../../shared/failures';
import type { ModelSource } from '../../shared/protocol';
import type { NetworkVariant } from '../../shared/training';
import { reasonOf, say, type Message } from '../../words';
import { readWholeFile } from '../system/files';
import { parseJsonBytes } from '../system/json';
import { bundledIds, modelNamed, openModel } from '../models/models';
import { resource } from '../system/root';

/** An architecture without weights: named, or given as a spec. */
export interface Architecture {
  name: string;
  /** A title for people, if the file has one. */
  title?: string;
  spec: ModelSpec;
  /** The preprocessing of the file it came from; null for a bare spec. */
  preprocessing: Preprocessing | null;
  /** Which variant of it is trained once the classes are known; the network itself if left out. */
  variant?: NetworkVariant;
}

/** A given architecture is returned unchanged; a name is looked up, see `architectureNamed`. @throws FailureError */
export async function architectureOf(given: string | Architecture): Promise<Architecture> {
  return typeof given === 'string' ? architectureNamed(given) : given;
}

/** The ID of a bundled network, an ONNX file of ours, or a spec as JSON. @throws FailureError */
export async function architectureNamed(word: string): Promise<Architecture> {
  if (/\.json$/i.test(word))
    return { name: word, spec: parseSpec(word, await readWholeFile(word)), preprocessing: null };
  return (await listedArchitecture(word)) ?? ofModel(word, await modelNamed(word));
}

/** A bundled network, by its ID only; files are not considered. @throws FailureError `model.unknown` */
export async function bundledArchitecture(id: string): Promise<Architecture> {
  const architecture = await listedArchitecture(id);
  if (architecture) return architecture;
  const known = [...new Set([...(await bundledIds()), ...(await specIds())])];
  throw new FailureError('model.unknown', { id, known });
}

async function listedArchitecture(id: string): Promise<Architecture | null> {
  if ((await bundledIds()).includes(id)) return ofModel(id, { kind: 'bundled', id });
  // The specs are kept beside the trained networks, so that the networks can be trained again from scratch.
  if (!(await specIds()).includes(id)) return null;
  return { name: id, spec: parseSpec(id, await readWholeFile(resource('specs', `${id}.json`))), preprocessing: null };
}

async function specIds(): Promise<string[]> {
  const names = await readdir(resource('specs'));
  return names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
}

async function ofModel(name: string, source: ModelSource): Promise<Architecture> {
  const { model } = await openModel(source);
  const { title, preprocessing } = model.metadata;
  return { name, title, spec: model.graph.spec, preprocessing };
}

function parseSpec(file: string, bytes: Uint8Array): ModelSpec {
  let spec: unknown;
  try {
    spec = parseJsonBytes(bytes);
  } catch (error) {
    throw new FailureError('model.invalid', { file, reason: reasonOf(error) });
  }
  build(file, spec as ModelSpec);
  return spec as ModelSpec;
}

function build(file: string, spec: ModelSpec): Graph {
  try {
    return buildGraph(spec);
  } catch (error) {
    if (error instanceof SpecError) throw new FailureError('model.invalid', { file, reason: reasonOf(error) });
    throw error;
  }
}

/**
 * The architecture for a number of classes: its last dense layer gets as many units, and a softmax ends it where it has
 * none. If a dense variant is asked for, that one.
 * @returns also what was changed.
 * @throws FailureError where the output cannot follow the classes.
 */
export function fitToClasses(
  { name, spec, variant = 'itself' }: Pick<Architecture, 'name' | 'spec' | 'variant'>,
  classes: number,
): { graph: Graph; changes: Message[] } {
  if (variant === 'dense-128-64')
    return { graph: build(name, plainDense(build(name, spec).spec.input, classes)), changes: [] };
  const fitted = fitItself(name, spec, classes);
  if (variant === 'itself') return fitted;
  const graph = build(name, denseTwin(fitted.graph));
  const units = graph.layers.flatMap(({ traits, outputShape }) => (traits.weights === 'matrix' ? outputShape : []));
  const change = say('train.fit.twin', {
    units,
    parameters: parametersOf(graph),
    network: name,
    others: parametersOf(fitted.graph),
  });
  return { graph, changes: [change] };
}

const parametersOf = (graph: Graph): number => graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);

function fitItself(name: string, spec: ModelSpec, classes: number): { graph: Graph; changes: Message[] } {
  const changes: Message[] = [];
  const built = build(name, spec);
  const layers = built.spec.layers.map((layer) => ({ ...layer }));
  const dense = layers.findLast((_, index) => built.layers[index].traits.weights === 'matrix');
  if (dense && dense.units !== classes) {
    changes.push(say('train.fit.units', { layer: dense.name!, units: classes, before: String(dense.units) }));
    dense.units = classes;
  }
  const whole = build(name, { input: spec.input, layers });
  const { kind } = headOfGraph(whole);
  const ends = kind === 'share' || kind === 'log share';
  if (!ends) changes.push(say('train.fit.softmax'));
  const graph = ends ? whole : build(name, { input: spec.input, layers: [...layers, { kind: 'softmax' }] });
  const { outputShape } = graph.layers[graph.layers.length - 1];
  if (outputShape.length !== 1 || outputShape[0] !== classes) {
    const reason = say(dense ? 'train.fit.output' : 'train.fit.noDense', { output: outputShape.join(', '), classes });
    throw new FailureError('model.invalid', { file: name, reason });
  }
  return { graph, changes };
}

/** Weights to start from, and which file they came from. */
export interface Start {
  params: Map<string, Float32Array>;
  /** The file that the weights come from, and its SHA-256; null if all are newly initialized. */
  init: { file: string; digest: string } | null;
  changes: Message[];
}

/**
 * New initial weights, or, if a file is given, its weights that match by name and size. @throws FailureError if none of
 * them matches.
 */
export async function startParams(
  graph: Graph,
  seed: number,
  initializer: Initializer,
  file: string | null,
): Promise<Start> {
  const params = initParams(graph, seed, initializer);
  if (!file) return { params, init: null, changes: [] };
  const { model, bytes, bundled } = await openModel(await modelNamed(file));
  const fresh: string[] = [];
  let taken = 0;
  for (const layer of graph.layers) {
    let all = true;
    for (const param of layer.params) {
      const key = paramKey(layer.name, param.name);
      const given = model.params.get(key);
      if (given?.length === params.get(key)!.length) {
        params.set(key, given.slice());
        taken++;
      } else all = false;
    }
    if (!all) fresh.push(layer.name);
  }
  if (taken === 0)
    throw new FailureError('model.invalid', {
      file,
      reason: say('train.fresh.all'),
    });
  const changes = fresh.length > 0 ? [say('train.fresh', { layers: fresh, file })] : [];
  return {
    params,
    init: { file: bundled ? file : resolve(file), digest: createHash('sha256').update(bytes).digest('hex') },
    changes,
  };
}
