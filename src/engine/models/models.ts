import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Model } from '../../core/model/model';
import { decodeModel } from '../../core/onnx/decode';
import { decodeMetadata } from '../../core/onnx/metadata';
import { isOurs } from '../../core/onnx/read';
import { writeModel } from '../../core/onnx/write';
import { widened } from '../../core/onnx-graph/half-weights';
import { FailureError } from '../../shared/failures';
import { reasonOf, type Message } from '../../words';
import type { BundledModelInfo, ModelSource } from '../../shared/protocol';
import { readWholeFile } from '../system/files';
import { resource } from '../system/root';
import type { RunnerLimits } from '../foreign/runner';
import { readModelFile } from '../runs/model-file';
import type { FileContent } from './formats/format';
import { modelFormats } from './formats/list';
import { alteredNote, openOurs, withNames } from './formats/ours';
import { isSafetensors, openTorchvision } from './torchvision';
import { untrained, zooIds, zooNetwork } from './zoo';

/** A model with the file it came from. */
export interface OpenedModel {
  /** ID of a bundled model, or the file's name. */
  id: string;
  bundled: boolean;
  model: Model;
  /** Of the file; of a network of the zoo, which has none, that of the weights. */
  fileBytes: number;
  /** The file's; of a network of the zoo they are written when asked for. */
  bytes(): Uint8Array;
  /** That the file is not as Convscope wrote it; left out where it is, or nothing tells. */
  altered?: Message | null;
}

/** The order of the picker; models not named here follow, sorted by name. */
const ORDER = ['lenet5-mnist', 'mnist-cnn', 'fashion-cnn', 'colors-cnn', 'shapes-cnn', 'efficientnet-lite0'];

/** The IDs of the models in `resources/models`, as the picker shows them. */
export async function bundledIds(folder = resource('models')): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new FailureError('file.unreadable', { file: folder, reason: reasonOf(error) });
  });
  const ids = names.filter((name) => name.endsWith('.onnx')).map((name) => basename(name, '.onnx'));
  const place = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
  return ids.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Those of the core's own layers, which can be trained from scratch. */
export const ownIds = async (): Promise<string[]> =>
  (await bundledModels()).flatMap(({ id, foreign }) => (foreign ? [] : [id]));

/** The picker's entry for each bundled model: its metadata, without building the network. */
export async function bundledModels(folder = resource('models')): Promise<BundledModelInfo[]> {
  const ids = await bundledIds(folder);
  return Promise.all(ids.map(async (id) => infoOf(id, await readFile(resource('models', `${id}.onnx`)))));
}

function infoOf(id: string, bytes: Uint8Array): BundledModelInfo {
  return withNames(id, () => {
    const file = decodeModel(bytes);
    const inputShape = (file.graph.inputs[0]?.dims ?? []).slice(1).map(Number);
    const classes = Number(file.graph.outputs[0]?.dims?.[1]);
    const { title, training } = decodeMetadata(new Map(file.metadata), inputShape[0], classes);
    return {
      id,
      title: title ?? id,
      inputShape,
      classes,
      testAccuracy: training?.accuracy.test ?? null,
      data: training?.data ?? null,
      foreign: !isOurs(file),
    };
  });
}

/** A network's file, with what it goes by; `file` is its name in messages. */
interface NetworkBytes extends Pick<OpenedModel, 'id' | 'bundled'> {
  file: string;
  bytes: Uint8Array;
}

/** Null for a name that no bundled file has. @throws FailureError: `file.…`, `run.invalid`. */
async function fileOf(source: ModelSource): Promise<NetworkBytes | null> {
  switch (source.kind) {
    case 'bytes': {
      const { name, bytes } = source;
      if (bytes.length === 0) throw new FailureError('file.empty', { file: name });
      return { id: basename(name), file: name, bundled: false, bytes };
    }
    case 'run': {
      const { name, bytes } = await readModelFile(source.id);
      return { id: name, file: name, bundled: false, bytes };
    }
    case 'bundled': {
      const { id } = source;
      if (!(await bundledIds()).includes(id)) return null;
      // What lies here as float16 is computed, shown and handed on as float32.
      return { id, file: id, bundled: true, bytes: widened(await readWholeFile(resource('models', `${id}.onnx`))) };
    }
  }
}

/** Of any network: one of the zoo is written with its new weights. @throws FailureError: `model.unknown`, `run.invalid`, `file.…`. */
export async function networkBytes(source: ModelSource): Promise<NetworkBytes> {
  const found = await fileOf(source);
  if (found && !isSafetensors(found.bytes)) return found;
  const { id, bundled, bytes } = await openModel(source);
  return { id, file: id, bundled, bytes: bytes() };
}

/** A model of ours. @throws FailureError: `model.unknown`, `model.format`, `model.foreign`, `model.invalid`, `run.invalid`, `file.…`. */
export async function openModel(source: ModelSource): Promise<OpenedModel> {
  const found = await fileOf(source);
  if (!found) return openClassic((source as { id: string }).id, await bundledIds());
  return withWeightsOfOthers(found) ?? opened(found);
}

function opened({ id, bundled, file, bytes }: NetworkBytes): OpenedModel {
  return { id, bundled, model: openOurs(file, bytes), ...inFile(bytes), altered: alteredNote(file, bytes) };
}

/** A classic network whose weights are in a file of torchvision's; null for another file. @throws FailureError `model.invalid` */
function withWeightsOfOthers({ id, bundled, file, bytes }: NetworkBytes): Promise<OpenedModel> | null {
  if (!isSafetensors(bytes)) return null;
  return openTorchvision(file, bytes).then((model) => ({
    id,
    bundled,
    model,
    fileBytes: bytes.length,
    bytes: () => writeModel(model),
  }));
}

/** A network of the zoo with new weights. @throws FailureError `model.unknown` */
async function openClassic(id: string, known: readonly string[]): Promise<OpenedModel> {
  const network = await zooNetwork(id);
  if (!network) throw new FailureError('model.unknown', { id, known: [...known, ...(await zooIds())] });
  const model = untrained(network);
  const fileBytes = [...model.params.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { id, bundled: true, model, fileBytes, bytes: () => writeModel(model) };
}

const inFile = (bytes: Uint8Array): Pick<OpenedModel, 'fileBytes' | 'bytes'> => ({
  fileBytes: bytes.length,
  bytes: () => bytes,
});

/** Any network; like `openModel`, but foreign files are opened too. */
export async function openNetwork(
  source: ModelSource,
  limits: Partial<RunnerLimits> = {},
): Promise<Omit<OpenedModel, 'model'> & FileContent> {
  const found = await fileOf(source);
  if (!found) return { ...(await openModel(source)), foreign: null };
  const taken = await withWeightsOfOthers(found);
  if (taken) return { ...taken, foreign: null };
  const { id, bundled, file, bytes } = found;
  const format = modelFormats.find((each) => each.claims(file, bytes))!;
  return {
    id,
    bundled,
    ...inFile(bytes),
    ...(await format.open(file, bytes, (source.kind === 'bytes' && source.beside) || [], limits)),
  };
}

/**
 * The model that was typed: the ID of a bundled model or of a classic network, otherwise a file.
 * @throws FailureError: `model.unknown` for what looks like no file, `file.…`.
 */
export async function modelNamed(word: string): Promise<ModelSource> {
  const known = await bundledIds();
  const zoo = await zooIds();
  if (known.includes(word) || zoo.includes(word)) return { kind: 'bundled', id: word };
  if (!/\.onnx$|[/\\]/i.test(word)) {
    const bytes = await readWholeFile(word).catch((error: FailureError) => {
      if (error.code !== 'file.missing') throw error;
      throw new FailureError('model.unknown', { id: word, known: [...known, ...zoo] });
    });
    return { kind: 'bytes', name: word, bytes };
  }
  return { kind: 'bytes', name: word, bytes: await readWholeFile(word) };
}
