import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Model } from '../../core/model/model';
import { decodeModel } from '../../core/onnx/decode';
import { decodeMetadata } from '../../core/onnx/metadata';
import { FailureError } from '../../shared/failures';
import { reasonOf } from '../../words';
import type { BundledModelInfo, ModelSource } from '../../shared/protocol';
import { readWholeFile } from '../system/files';
import { resource } from '../system/root';
import { readModelFile } from '../runs/model-file';
import type { FileContent } from './formats/format';
import { modelFormats } from './formats/list';
import { openOurs, withNames } from './formats/ours';

/** A model with the file it came from. */
export interface OpenedModel {
  /** ID of a bundled model, or the file's name. */
  id: string;
  bundled: boolean;
  model: Model;
  bytes: Uint8Array;
}

/** The order of the picker; models not named here follow, sorted by name. */
const ORDER = ['lenet5-mnist', 'mnist-cnn', 'fashion-cnn', 'colors-cnn', 'shapes-cnn'];

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
    };
  });
}

/** A model of ours. @throws FailureError: `model.unknown`, `model.format`, `model.foreign`, `model.invalid`, `run.invalid`, `file.…`. */
export async function openModel(source: ModelSource): Promise<OpenedModel> {
  if (source.kind === 'bytes') {
    const { name, bytes } = source;
    if (bytes.length === 0) throw new FailureError('file.empty', { file: name });
    return { id: basename(name), bundled: false, model: openOurs(name, bytes), bytes };
  }
  if (source.kind === 'run') {
    const { name, bytes } = await readModelFile(source.id);
    return { id: name, bundled: false, model: openOurs(name, bytes), bytes };
  }
  const { id } = source;
  const known = await bundledIds();
  if (!known.includes(id)) throw new FailureError('model.unknown', { id, known });
  const bytes = await readWholeFile(resource('models', `${id}.onnx`));
  return { id, bundled: true, model: openOurs(id, bytes), bytes };
}

/** Any network; like `openModel`, but files of others are opened too. */
export async function openNetwork(source: ModelSource): Promise<Omit<OpenedModel, 'model'> & FileContent> {
  if (source.kind !== 'bytes' || source.bytes.length === 0) return { ...(await openModel(source)), foreign: null };
  const { name, bytes } = source;
  const format = modelFormats.find((each) => each.claims(name, bytes))!;
  return { id: basename(name), bundled: false, bytes, ...(await format.open(name, bytes)) };
}

/**
 * The model that was typed: the ID of a bundled model, otherwise a file.
 * @throws FailureError: `model.unknown` for what looks like no file, `file.…`.
 */
export async function modelNamed(word: string): Promise<ModelSource> {
  const known = await bundledIds();
  if (known.includes(word)) return { kind: 'bundled', id: word };
  if (!/\.onnx$|[/\\]/i.test(word)) {
    const bytes = await readWholeFile(word).catch((error: FailureError) => {
      if (error.code !== 'file.missing') throw error;
      throw new FailureError('model.unknown', { id: word, known });
    });
    return { kind: 'bytes', name: word, bytes };
  }
  return { kind: 'bytes', name: word, bytes: await readWholeFile(word) };
}
