import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { asMap } from '../../core/geometry';
import type { WrittenSpec } from '../../core/model/blocks';
import { buildGraph, totalParameters } from '../../core/model/build';
import { macsOf, type Graph } from '../../core/model/graph';
import { initParams } from '../../core/model/init';
import { plainMetadata, type Model, type Preprocessing } from '../../core/model/model';
import { object, oneOf, optional, text, whole, type Infer } from '../../core/schema';
import { channelsFirst } from '../../core/tensor';
import { chapters, type ClassicInfo } from '../../shared/classics';
import { FailureError } from '../../shared/failures';
import { reasonOf } from '../../words';
import { readWholeFile } from '../system/files';
import { parseJsonBytes } from '../system/json';
import { resource } from '../system/root';

const about = object({
  title: text(),
  year: whole(1980, 2100),
  /** Where the course notes have it: what its networks have in common. */
  chapter: oneOf(...chapters),
  paper: text(),
  /** Numbers in all parameters, and in those that are learned, where the paper or its authors' tools give them. */
  parameters: optional(whole(1)),
  trainable: optional(whole(1)),
  /** The ID of the original, and what was changed from it. */
  adapts: optional(text()),
  adapted: optional(object({ en: text(), zh: text() })),
});
export type ZooAbout = Infer<typeof about>;

/** A classic network: its architecture without weights. */
export interface ZooNetwork {
  id: string;
  about: ZooAbout;
  spec: WrittenSpec;
}

/** The IDs of the classic networks in `resources/zoo`, sorted. */
export async function zooIds(): Promise<string[]> {
  const names = await readdir(resource('zoo'));
  return names.flatMap((name) => (name.endsWith('.json') ? [basename(name, '.json')] : [])).sort();
}

/** Null for an ID that is not one of the zoo's. @throws FailureError `model.invalid` */
export async function zooNetwork(id: string): Promise<ZooNetwork | null> {
  if (!(await zooIds()).includes(id)) return null;
  const file = `${id}.json`;
  try {
    const { about: told, ...spec } = parseJsonBytes(await readWholeFile(resource('zoo', file))) as WrittenSpec & {
      about: unknown;
    };
    return { id, about: about.read(told, 'about'), spec };
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError('model.invalid', { file, reason: reasonOf(error) });
  }
}

/** What a list shows of each, counted from its spec: chapter by chapter, the originals before those that adapt them, by year. */
export async function classics(): Promise<ClassicInfo[]> {
  const found: ClassicInfo[] = [];
  for (const id of await zooIds()) {
    const { about: told, spec } = (await zooNetwork(id))!;
    const graph = buildGraph(spec);
    const { title, year, chapter, adapted } = told;
    // Without the receptive fields of a whole description, which take seconds for all of them.
    const totals = { params: totalParameters(graph), trainable: totalParameters(graph, true), macs: macsOf(graph) };
    const inputShape = channelsFirst(graph.inputShape);
    found.push({ id, title, year, chapter, adapted: adapted ?? null, inputShape, totals });
    // Others are answered between two networks.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const place = ({ chapter, adapted, year }: ClassicInfo): number =>
    chapters.indexOf(chapter) * 1e6 + (adapted ? 1e5 : 0) + year;
  return found.sort((a, b) => place(a) - place(b));
}

/** A network of the zoo with new initial weights (He, seed 1), and classes that go by their numbers. */
export function untrained({ about: { title }, spec }: ZooNetwork): Model {
  const graph = buildGraph(spec);
  return withParams(graph, initParams(graph, 1), title);
}

/** A classic network with weights; its classes go by their numbers. */
export function withParams(graph: Graph, params: Model['params'], title: string): Model {
  const metadata = { ...plainMetadata(graph), preprocessing: usualPreprocessing(graph), title };
  return { graph, params, metadata };
}

/** Color pictures are centered as ImageNet's are for most published weights; gray ones go from 0 to 1. */
function usualPreprocessing({ inputShape }: Graph): Preprocessing {
  const [height, width, channels] = asMap(inputShape);
  const color = channels === 3;
  return {
    colour: color ? 'rgb' : 'grey',
    height,
    width,
    fit: 'crop',
    resize: 'linear',
    scale: 1 / 255,
    mean: color ? [0.485, 0.456, 0.406] : Array<number>(channels).fill(0),
    deviation: color ? [0.229, 0.224, 0.225] : Array<number>(channels).fill(1),
    ground: 'mixed',
  };
}
