import { numbersOf } from '../../core/onnx/tensor-data';
import { Generator } from '../../core/random';
import type { NetworkDiff } from '../../shared/diff';
import { FailureError } from '../../shared/failures';
import type { PictureInput } from '../../shared/inputs';
import type { ModelSource } from '../../shared/protocol';
import { say, type Message } from '../../words';
import { leftOutLines } from '../data/load';
import { inputsFor, preprocessingFor } from '../foreign/foreign-inputs';
import { axesOf, type ForeignNetwork } from '../foreign/foreign-network';
import { filled, typedAs } from '../foreign/inputs';
import type { NetworkFile } from '../foreign/network-file';
import { Decoder } from '../image/decoder';
import { denseStrides, type Tensor } from '../inspect/tensor';
import { openForeign } from '../models/formats/foreign';
import { networkBytes } from '../models/models';
import { verifyImages } from '../models/verify-images';
import type { WorkHost } from '../work/messages';
import { paced } from '../work/paced';
import { diffNetworks, type PairedInputs } from './diff';

/** How many pictures are compared by default. */
export const DIFF_IMAGES = 20;

/** A network to compare: any file, ours too. */
export interface DiffNetwork {
  source: ModelSource;
  /** Where the file lies, if it does: data beside it is read from there. */
  place?: Pick<NetworkFile, 'path' | 'folder'>;
  /** In place of what is guessed. */
  picture?: PictureInput;
}

export interface DiffRequest {
  a: DiffNetwork;
  b: DiffNetwork;
  /** Pictures, as `verifyImages` takes them; null for random inputs. */
  data: string | null;
  images?: number;
  /** See `NetworkDiff`. */
  bound?: number;
}

/** Compares two files on the same pictures, each with its own preprocessing. @throws FailureError where one cannot be opened or computed. */
export async function diffFiles({ a, b, ...request }: DiffRequest, host: DiffHost): Promise<NetworkDiff> {
  const first = await openToDiff(a);
  try {
    const second = await openToDiff(b);
    try {
      return await diffOpened(first, second, request, host);
    } finally {
      second.network.dispose();
    }
  } finally {
    first.network.dispose();
  }
}

type DiffHost = Pick<WorkHost, 'progress' | 'signal'>;

/** Likewise of networks that are open, and stay so. */
export async function diffOpened(
  a: OpenedToDiff,
  b: OpenedToDiff,
  { data, images = DIFF_IMAGES, bound }: Omit<DiffRequest, 'a' | 'b'>,
  { progress, signal }: DiffHost,
): Promise<NetworkDiff> {
  const { samples, notes } =
    data === null
      ? { samples: randomInputs(a.network, b.network), notes: [] }
      : await pictures([a, b], data, images, signal);
  const names = { a: a.id, b: b.id };
  const diff = await diffNetworks(a.network, b.network, samples, {
    names,
    random: data === null,
    bound,
    signal,
    progress,
  });
  return { ...diff, notes };
}

/** `diffFiles` in a process of its own. */
export const diffTask = (request: DiffRequest, { progress, signal }: WorkHost): Promise<NetworkDiff> =>
  diffFiles(request, { progress: paced(progress), signal });

interface OpenedToDiff extends Pick<DiffNetwork, 'picture'> {
  id: string;
  network: ForeignNetwork;
}

export async function openToDiff({
  source,
  picture,
  place = { path: null, folder: null },
}: DiffNetwork): Promise<OpenedToDiff> {
  const { id, file, bytes } = await networkBytes(source);
  const beside = (source.kind === 'bytes' && source.beside) || [];
  return { id, picture, network: await openForeign({ name: file, bytes, ...place }, beside) };
}

async function pictures(
  networks: readonly OpenedToDiff[],
  data: string,
  most: number,
  signal: AbortSignal,
): Promise<{ samples: PairedInputs[]; notes: Message[] }> {
  const decoder = new Decoder();
  const notes: Message[] = [];
  try {
    const all: Tensor[][][] = [];
    for (const { network, id, picture } of networks) {
      const place = network.picture;
      if (!place) throw new FailureError('model.invalid', { file: id, reason: say('diff.no-picture') });
      const chosen = picture ?? place.guess;
      const preprocessing = preprocessingFor(chosen, place.guess, network.told?.preprocessing);
      const inputShape = [chosen.height, chosen.width, chosen.color === 'gray' ? 1 : 3] as const;
      const taker = { graph: { inputShape }, metadata: { preprocessing } };
      const { images, leftOut } = await verifyImages(taker, decoder, data, { most, signal, compared: false });
      all.push(images.map((image) => inputsFor(network, chosen, image)));
      if (all.length === 1) notes.push(...leftOutLines(leftOut));
      if (!network.told && !picture) notes.push(say('evaluation.picture-guessed', { id, reasons: place.reasons }));
    }
    const [a, b] = all;
    return { samples: a.slice(0, b.length).map((inputs, i) => ({ a: inputs, b: b[i] })), notes };
  } finally {
    decoder.close();
  }
}

/** Random samples where there are no pictures. */
const RANDOM = 4;

/** The same numbers for both, by the inputs' names, else by their order; −1 … 1 for fractions, zeros for whole numbers. */
function randomInputs(a: ForeignNetwork, b: ForeignNetwork): PairedInputs[] {
  return Array.from({ length: RANDOM }, (_, sample) => {
    const first = a.runner.inputs.map((info, i): Tensor => {
      const { tensor } = filled(info, axesOf);
      if (!/^(b?float|double)/.test(info.type ?? '')) return tensor;
      const generator = new Generator(11 + i, sample);
      const count = tensor.shape.reduce((product, size) => product * size, 1);
      const values = Float32Array.from({ length: count }, () => 2 * generator.uniform() - 1);
      return { ...tensor, ...typedAs(tensor.type as 'float32', values) };
    });
    const second = b.runner.inputs.map((info, i): Tensor => {
      const named = a.runner.inputs.findIndex(({ name }) => name === info.name);
      const given = first[named >= 0 ? named : i] as Tensor | undefined;
      const own = filled(info, axesOf).tensor;
      if (!given || given.type === 'string' || own.type === 'string') return own;
      const shape = own.shape.length === given.shape.length ? given.shape : own.shape;
      if (shape.reduce((p, n) => p * n, 1) !== given.shape.reduce((p, n) => p * n, 1))
        throw new FailureError('model.invalid', {
          file: b.runner.name,
          reason: say('diff.inputs', {
            name: info.name,
            found: own.shape.join(' × '),
            expected: given.shape.join(' × '),
          }),
        });
      const same =
        own.type === given.type ? given : { ...given, ...typedAs(own.type, Float32Array.from(realOf(given))) };
      return { ...same, shape, strides: denseStrides(shape) };
    });
    return { a: first, b: second };
  });
}

const realOf = (tensor: Tensor): ArrayLike<number> => numbersOf(tensor)!;
