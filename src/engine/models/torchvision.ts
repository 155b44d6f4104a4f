import { buildGraph } from '../../core/model/build';
import { paramKey, type Graph, type GraphLayer } from '../../core/model/graph';
import type { Model } from '../../core/model/model';
import { fromOnnxLayout } from '../../core/onnx/read';
import { sizeOf } from '../../core/tensor';
import { FailureError } from '../../shared/failures';
import { MessageError, say, type Message } from '../../words';
import { decodeSafeTensors, type SafeTensors } from '../train/safetensors';
import { withParams, zooNetwork } from './zoo';

/**
 * In which order torchvision's modules run, by the words of their names: `layer2.0.conv1` is before `layer2.0.bn1`, and numbers follow
 * each other. A file's own order says nothing, since most programs sort tensors by name. Source: torchvision/models, 0.29.
 */
const families: readonly { ids: readonly string[]; words: readonly string[] }[] = [
  {
    ids: ['resnet18', 'resnet34', 'resnet50'],
    words: [
      ...['conv1', 'bn1', 'conv2', 'bn2', 'conv3', 'bn3', 'downsample'],
      ...['layer1', 'layer2', 'layer3', 'layer4', 'fc'],
    ],
  },
  { ids: ['vgg11', 'vgg16', 'vgg19'], words: ['features', 'classifier'] },
  { ids: ['squeezenet'], words: ['features', 'squeeze', 'expand1x1', 'expand3x3', 'classifier'] },
  { ids: ['mobilenet-v2'], words: ['conv', 'features', 'classifier'] },
  {
    ids: ['densenet121'],
    words: [
      ...['features', 'conv0', 'norm0', 'norm', 'norm1', 'conv', 'conv1', 'norm2', 'conv2'],
      ...[1, 2, 3, 4].flatMap((block) => [`denseblock${block}`, `transition${block}`]),
      ...Array.from({ length: 24 }, (_, i) => `denselayer${i + 1}`),
      ...['norm5', 'classifier'],
    ],
  },
];

export const torchvisionIds = families.flatMap(({ ids }) => ids);

/** What a module may hold, in the order of our parameters. */
const PARTS = ['weight', 'bias', 'running_mean', 'running_var'];
/** A counter of updates that no answer depends on. */
const isCounter = (name: string): boolean => name.endsWith('.num_batches_tracked');

type Tensor = SafeTensors['tensors'] extends Map<string, infer T> ? T : never;

/** Whether bytes begin as a safetensors file: the length of a header, and its first brace. */
export function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length > 1n && length <= BigInt(bytes.length - 8);
}

/**
 * The classic network whose weights a safetensors file of torchvision holds, with these weights. Which one it is follows from the names
 * and shapes of all tensors. @throws FailureError `model.invalid` for any other file.
 */
export async function openTorchvision(file: string, bytes: Uint8Array): Promise<Model> {
  const refuse = (reason: Message): never => {
    throw new FailureError('model.invalid', { file, reason });
  };
  const { tensors } = readOr(refuse, bytes);
  for (const { ids, words } of families) {
    const modules = modulesOf(tensors, words);
    if (!modules) continue;
    for (const id of ids) {
      const { about, spec } = (await zooNetwork(id))!;
      const graph = buildGraph(spec);
      const params = paramsOf(graph, modules);
      if (params) return withParams(graph, params, about.title);
    }
  }
  const names = [...tensors.keys()].slice(0, 3);
  return refuse(say('torchvision.unknown', { names, count: tensors.size, known: torchvisionIds }));
}

function readOr(refuse: (reason: Message) => never, bytes: Uint8Array): SafeTensors {
  try {
    return decodeSafeTensors(bytes, isCounter);
  } catch (error) {
    if (error instanceof MessageError) return refuse(error.reason);
    throw error;
  }
}

/** The tensors of each module in the order in which modules run; null where a name has a word that is not among them. */
function modulesOf(tensors: SafeTensors['tensors'], words: readonly string[]): Tensor[][] | null {
  const modules = new Map<string, Map<string, Tensor>>();
  for (const [name, tensor] of tensors) {
    const end = name.lastIndexOf('.');
    const [module, part] = [name.slice(0, end), name.slice(end + 1)];
    if (end < 0 || !PARTS.includes(part)) return null;
    if (!modules.has(module)) modules.set(module, new Map());
    modules.get(module)!.set(part, tensor);
  }
  const rank = (token: string): number => (/^\d+$/.test(token) ? Number(token) : words.indexOf(token));
  const ranked = [...modules].map(([name, parts]) => ({ place: name.split('.').map(rank), parts }));
  if (ranked.some(({ place }) => place.includes(-1))) return null;
  ranked.sort((a, b) => compare(a.place, b.place));
  return ranked.map(({ parts }) => PARTS.flatMap((part) => parts.get(part) ?? []));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return differs < 0 ? a.length - b.length : a[differs] - (b[differs] ?? -1);
}

/** Null where layers and modules do not match, one by one, in number and shapes. */
function paramsOf(graph: Graph, modules: readonly Tensor[][]): Map<string, Float32Array> | null {
  const layers = graph.layers.filter((layer) => layer.params.length > 0);
  if (layers.length !== modules.length) return null;
  const params = new Map<string, Float32Array>();
  for (const [i, layer] of layers.entries()) {
    if (modules[i].length !== layer.params.length) return null;
    for (const [p, { name, shape }] of layer.params.entries()) {
      const tensor = modules[i][p];
      if (tensor.shape.join() !== fileShape(layer, shape).join()) return null;
      params.set(paramKey(layer.name, name), fromOnnxLayout(layer, shape, tensor.data));
    }
  }
  return params;
}

/** PyTorch's: kernels `[O, I, H, W]`, where ours are `[O, H, W, I]`; matrices and vectors are the same in both. */
function fileShape({ traits }: GraphLayer, shape: readonly number[]): number[] {
  if (traits.weights !== 'kernel' || shape.length === 1) return shape.length === 1 ? [sizeOf(shape)] : [...shape];
  return [shape[0], shape[shape.length - 1], ...shape.slice(1, -1)];
}
