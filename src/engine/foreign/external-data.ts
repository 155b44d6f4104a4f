import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { valueOfTensor, type TensorValue } from '../../core/onnx/tensor-data';
import type { OnnxTensor } from '../../core/onnx/proto';
import type { NetworkGraph } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';

/** Where the data of a tensor lies, outside its file. */
interface Place {
  path: string;
  offset: number;
  /** Bytes; null for all that follow. */
  length: number | null;
}

/** Every tensor of a graph whose data lies in another file, those of bodies and attributes too. */
export function externalTensors(graph: NetworkGraph): OnnxTensor[] {
  const own = [...graph.initializers.values()];
  for (const node of graph.nodes) {
    for (const { type, value } of node.attributes) {
      if (type === 'tensor') own.push(value);
      else if (type === 'tensors') own.push(...value);
    }
    for (const { graph: body } of node.bodies) own.push(...externalTensors(body));
  }
  return own.filter(({ external }) => external);
}

/**
 * Checks that all data which lies in other files is there, inside the model's folder, and long enough.
 * @param folder the model's; null where only its bytes are known.
 * @returns what is wrong with the first tensor whose data is not, or null.
 */
export async function checkExternalData(graph: NetworkGraph, folder: string | null): Promise<Message | null> {
  const seen = new Map<string, number>();
  for (const tensor of externalTensors(graph)) {
    const place = placeOf(tensor, folder);
    if ('code' in place) return place;
    let size = seen.get(place.path);
    if (size === undefined) {
      const found = await inside(tensor, place, folder!);
      if (typeof found !== 'number') return found;
      seen.set(place.path, (size = found));
    }
    const needed = place.offset + (place.length ?? 0);
    if (needed > size) return say('foreign.external-short', { ...named(tensor), size, needed });
  }
  return null;
}

/** The values of a tensor, read from where its data lies. @throws FailureError where that is not there, OnnxError where it does not fit. */
export async function readTensor(file: string, tensor: OnnxTensor, folder: string | null): Promise<TensorValue> {
  if (!tensor.external) return valueOfTensor(tensor);
  const fail = (reason: Message): FailureError => new FailureError('model.invalid', { file, reason });
  const place = placeOf(tensor, folder);
  if ('code' in place) throw fail(place);
  const size = await inside(tensor, place, folder!);
  if (typeof size !== 'number') throw fail(size);
  const length = place.length ?? size - place.offset;
  if (place.offset + length > size)
    throw fail(say('foreign.external-short', { ...named(tensor), size, needed: place.offset + length }));
  const handle = await open(place.path);
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, place.offset);
    return valueOfTensor(tensor, bytes);
  } finally {
    await handle.close();
  }
}

/** Whether a location stays inside the model's folder, as far as it is written. */
export const isInside = (location: string): boolean =>
  !isAbsolute(location) && !/^[a-z]:|^[\\/]/i.test(location) && !location.split(/[\\/]/).includes('..');

function placeOf(tensor: OnnxTensor, folder: string | null): Place | Message {
  const entries = new Map(tensor.location);
  const location = entries.get('location') ?? '';
  const whole = (key: string): number | null => {
    const text = entries.get(key);
    return text === undefined ? null : /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  };
  const [offset, length] = [whole('offset') ?? 0, whole('length')];
  const values = { tensor: tensor.name, path: location };
  if (location === '' || Number.isNaN(offset) || Number.isNaN(length)) return say('foreign.external-where', values);
  if (!isInside(location)) return say('foreign.external-outside', values);
  if (folder === null) return say('foreign.external-folder', values);
  return { path: join(folder, location), offset, length };
}

/** The size of a file that lies in the folder, links followed; else what is wrong. */
async function inside(tensor: OnnxTensor, { path }: Place, folder: string): Promise<number | Message> {
  try {
    const [real, home] = await Promise.all([realpath(path), realpath(folder)]);
    const way = relative(home, real);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
      return say('foreign.external-outside', named(tensor));
    const found = await stat(real);
    return found.isFile() ? found.size : say('foreign.external-missing', named(tensor));
  } catch {
    return say('foreign.external-missing', named(tensor));
  }
}

const named = (tensor: OnnxTensor): { tensor: string; path: string } => ({
  tensor: tensor.name,
  path: new Map(tensor.location).get('location') ?? '',
});
