import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnnxError } from '../core/onnx/error';
import { readModel } from '../core/onnx/read';
import { valueOfTensor } from '../core/onnx/tensor-data';
import { nodeCosts } from '../core/onnx-graph/costs';
import { blocksOf, repetitionsOf } from '../core/onnx-graph/blocks';
import { foldGraph } from '../core/onnx-graph/fold';
import { layOut } from '../core/onnx-graph/layout';
import { elementTypes } from '../core/onnx-graph/element-types';
import { readNetwork } from '../core/onnx-graph/network';
import { loadData } from '../engine/data/load';
import { Decoder } from '../engine/image/decoder';
import { FailureError } from '../shared/failures';
import { makeInputs, type Input, type Kind } from './inputs';

/** What the process is asked: to read an input, or to give its files. */
export interface Asked {
  kind: Kind;
  seed: number;
  index: number;
}

/** How it was read: `taken`, `refused` as intended, or any other error that was thrown. */
export interface Told {
  outcome: 'taken' | 'refused' | 'fault';
  what: string;
  /** Bytes of memory that the process holds. */
  memory: number;
}

const TARGET = { height: 8, width: 8, channels: 1, fit: 'crop', resize: 'linear' } as const;

/** Reads inputs by the product's own readers, one after the other, for the process that forked it. */
export async function serve(): Promise<void> {
  const inputOf = await makeInputs();
  const folder = mkdtempSync(join(tmpdir(), 'convscope-fuzz-'));
  // Nothing made here stays in the user's cache.
  process.env.CONVSCOPE_CACHE = join(folder, 'cache');
  const decoder = new Decoder();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.on('disconnect', () => {
    decoder.close();
    process.exit(0);
  });
  process.on('message', ({ kind, seed, index }: Asked) => {
    void read(kind, inputOf(kind, seed, index), folder, decoder).then((told) => process.send!(told));
  });
  process.send!('ready');
}

/** Reads one input as the product does. @param folder where its files may lie. */
export async function read(
  kind: Kind,
  input: Input,
  folder: string,
  decoder: Pick<Decoder, 'thumbnail'>,
): Promise<Told> {
  let outcome: Told['outcome'] = 'taken';
  let what = '';
  try {
    if (kind === 'onnx') readModel(input.bytes);
    else if (kind === 'foreign') readForeign(input.bytes);
    else if (kind === 'pictures') await decoder.thumbnail(input.bytes, input.name, 64);
    else await loadData(put(join(folder, 'set'), input), TARGET, { purpose: 'look' });
  } catch (error) {
    const expected = error instanceof OnnxError || (error instanceof FailureError && error.code !== 'internal');
    outcome = expected ? 'refused' : 'fault';
    what = expected ? (error as Error).message : String((error as Error)?.stack ?? error);
  }
  return { outcome, what, memory: process.memoryUsage().rss };
}

/** All that is shown of a foreign network without anything being computed. @throws OnnxError where it or a weight is damaged. */
function readForeign(bytes: Uint8Array): void {
  const network = readNetwork(bytes);
  const { graph } = network;
  elementTypes(graph);
  const folded = foldGraph(graph);
  repetitionsOf(blocksOf(graph, folded));
  layOut(
    folded.boxes.map(() => ({ width: 100, height: 30 })),
    folded.edges,
  );
  nodeCosts(network, (name) => graph.initializers.get(name)?.dims ?? null);
  for (const tensor of graph.initializers.values()) if (!tensor.external) valueOfTensor(tensor);
}

/** Writes an input's files into a fresh folder. */
export function put(folder: string, { name, bytes, beside }: Input): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of [{ name, bytes }, ...beside]) writeFileSync(join(folder, file.name), file.bytes);
  return folder;
}
