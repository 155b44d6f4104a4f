import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { buildGraph } from '../../core/model/build';
import type { Graph } from '../../core/model/graph';
import type { Preprocessing } from '../../core/model/model';
import type { WrittenSpec } from '../../core/model/blocks';
import { SpecError } from '../../core/model/spec';
import { photoNetwork } from '../../core/model/photo';
import { FailureError } from '../../shared/failures';
import { PHOTO_NETWORK } from '../../shared/network-inputs';
import type { ModelSource } from '../../shared/protocol';
import type { NetworkInput, NetworkVariant } from '../../shared/network-choice';
import { reasonOf } from '../../words';
import { readWholeFile } from '../system/files';
import { parseJsonBytes } from '../system/json';
import { networkFile } from '../foreign/network-file';
import { takenFrom } from '../foreign/take-in';
import { bundledIds, modelNamed, openModel, type OpenedModel } from '../models/models';
import { zooIds, zooNetwork } from '../models/zoo';
import { resource } from '../system/root';

/** An architecture without weights: named, or given as a spec. */
export interface Architecture {
  name: string;
  /** A title for display, if the file has one. */
  title?: string;
  spec: WrittenSpec;
  /** The preprocessing of the file it came from; null for a bare spec. */
  preprocessing: Preprocessing | null;
  /** Which variant of it is trained once the classes are known; the network itself if left out. */
  variant?: NetworkVariant;
}

/** The network for photos where no size is asked for. */
const PHOTO_SIDE = 64;

/**
 * The same architecture at another input size: layers keep their settings, and dense ones get as many weights as the larger or smaller
 * maps need. @throws FailureError where a layer's window no longer fits.
 */
export function atInput(architecture: Architecture, { side, channels }: NetworkInput): Architecture {
  const { name, spec } = architecture;
  if (name === PHOTO_NETWORK) return { ...architecture, spec: photoNetwork(side, channels) };
  const resized: WrittenSpec = { ...spec, input: { height: side, width: side, channels } };
  build(name, resized);
  return { ...architecture, spec: resized };
}

/** A given architecture is returned unchanged; a name is looked up, see `architectureNamed`. @throws FailureError */
export async function architectureOf(given: string | Architecture): Promise<Architecture> {
  return typeof given === 'string' ? architectureNamed(given) : given;
}

/**
 * The ID of a bundled or classic network, an ONNX file (a foreign one as far as it can be taken in), or a spec as JSON.
 * @param without ideas of a spec that are switched off. @throws FailureError
 */
export async function architectureNamed(word: string, without: readonly string[] = []): Promise<Architecture> {
  return withoutIdeas(await wholeArchitecture(word), without);
}

/** The architecture with some ideas of its spec switched off. @throws FailureError for one that it does not have. */
export function withoutIdeas(architecture: Architecture, without: readonly string[] = []): Architecture {
  if (without.length === 0) return architecture;
  const { name, title } = architecture;
  const spec = { ...architecture.spec, without };
  build(name, spec);
  const titled = title === undefined ? {} : { title: `${title} without ${without.join(', ')}` };
  return { ...architecture, name: `${name}-without-${without.join('-')}`, ...titled, spec };
}

async function wholeArchitecture(word: string): Promise<Architecture> {
  if (/\.json$/i.test(word))
    return { name: word, spec: parseSpec(word, await readWholeFile(word)), preprocessing: null };
  return (await listedArchitecture(word)) ?? ofModel(word, await modelNamed(word));
}

/** A bundled network, by its ID only; files are not considered. @throws FailureError `model.unknown` */
export async function bundledArchitecture(id: string): Promise<Architecture> {
  const architecture = await listedArchitecture(id);
  if (architecture) return architecture;
  const known = [...new Set([...(await bundledIds()), ...(await specIds()), ...(await zooIds()), PHOTO_NETWORK])];
  throw new FailureError('model.unknown', { id, known });
}

async function listedArchitecture(id: string): Promise<Architecture | null> {
  if (id === PHOTO_NETWORK) return { name: id, spec: photoNetwork(PHOTO_SIDE, 3), preprocessing: null };
  if ((await bundledIds()).includes(id)) return ofModel(id, { kind: 'bundled', id });
  const classic = await zooNetwork(id);
  if (classic) {
    const { title } = classic.about;
    build(id, classic.spec);
    return { name: id, title, spec: classic.spec, preprocessing: null };
  }
  // The specs are kept beside the trained networks, so that the networks can be trained again from scratch.
  if (!(await specIds()).includes(id)) return null;
  return { name: id, spec: parseSpec(id, await readWholeFile(resource('specs', `${id}.json`))), preprocessing: null };
}

async function specIds(): Promise<string[]> {
  const names = await readdir(resource('specs'));
  return names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
}

async function ofModel(name: string, source: ModelSource): Promise<Architecture> {
  const { model } = await ownOrTaken(name, source);
  const { title, preprocessing } = model.metadata;
  return { name, title, spec: model.graph.spec, preprocessing };
}

/** A model of ours, or a foreign file taken in as one. @throws FailureError */
export async function ownOrTaken(
  name: string,
  source: ModelSource,
): Promise<Pick<OpenedModel, 'model' | 'bytes' | 'bundled'>> {
  try {
    return await openModel(source);
  } catch (error) {
    if (!(error instanceof FailureError && error.code === 'model.foreign')) throw error;
    const file = await networkFile(name);
    return { model: (await takenFrom(file)).model, bytes: () => file.bytes, bundled: false };
  }
}

function parseSpec(file: string, bytes: Uint8Array): WrittenSpec {
  let spec: unknown;
  try {
    spec = parseJsonBytes(bytes);
  } catch (error) {
    throw new FailureError('model.invalid', { file, reason: reasonOf(error) });
  }
  build(file, spec as WrittenSpec);
  return spec as WrittenSpec;
}

/** @throws FailureError `model.invalid` naming the file. */
export function build(file: string, spec: WrittenSpec): Graph {
  try {
    return buildGraph(spec);
  } catch (error) {
    if (error instanceof SpecError) throw new FailureError('model.invalid', { file, reason: reasonOf(error) });
    throw error;
  }
}
