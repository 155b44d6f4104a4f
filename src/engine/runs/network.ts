import { ideasOf } from '../../core/model/blocks';
import { buildGraph, limits } from '../../core/model/build';
import type { Preprocessing } from '../../core/model/model';
import type { InputSpec } from '../../core/model/spec';
import { widthOf } from '../../core/onnx-graph/head';
import { say } from '../../words';
import { readBody } from '../head/body';
import { headGraph } from '../head/graph';
import { networkBytes } from '../models/models';
import { FailureError } from '../../shared/failures';
import type { NetworkChoice, NetworkInfo } from '../../shared/network-choice';
import { describeGraph } from '../models/describe';
import type { Architecture } from '../train/architecture';
import { architectureChosen } from '../train/architecture-chosen';
import { fitToClasses } from '../train/fit-classes';

/** What a network takes: pictures are read so. @throws FailureError as `architectureChosen`. */
export async function inputChosen(
  choice: NetworkChoice,
): Promise<{ name: string; input: InputSpec; preprocessing: Preprocessing | null }> {
  if (choice.source.kind === 'body') {
    const { input, preprocessing } = await bodyChosen(choice.source.id);
    return { name: choice.source.id, input, preprocessing };
  }
  const { name, spec, preprocessing } = await architectureChosen(choice);
  return { name, input: spec.input, preprocessing };
}

interface BodyFacts {
  tensor: string;
  /** How many numbers of each picture a head reads. */
  width: number;
  input: InputSpec & { height: number; width: number };
  preprocessing: Preprocessing;
}

/** What is known of bodies that were read: a bundled one stays the same. */
const bodies = new Map<string, BodyFacts>();

/** @throws FailureError `model.unknown`, and as `readBody`. */
async function bodyChosen(id: string): Promise<BodyFacts> {
  const known = bodies.get(id);
  if (known) return known;
  const { bytes } = await networkBytes({ kind: 'bundled', id });
  const { network, tensor, color, preprocessing } = readBody(id, bytes);
  const width = widthOf(network.graph, tensor);
  if (width === null) throw new FailureError('model.invalid', { file: id, reason: say('head.no-proposal') });
  const input = { height: preprocessing.height, width: preprocessing.width, channels: color === 'gray' ? 1 : 3 };
  const facts = { tensor, width, input, preprocessing };
  bodies.set(id, facts);
  return facts;
}

/** A new head on a body that stays as it is: what is listed is the head, which is all that is trained. */
async function describeHead(id: string, classes: number | null): Promise<NetworkInfo> {
  const { tensor, width, input } = await bodyChosen(id);
  const inputShape = [input.channels, input.height, input.width];
  const graph = headGraph(width, classes ?? 2, 0);
  return {
    title: id,
    ...describeGraph(graph),
    inputShape,
    changes: [say('head.frozen', { body: id, tensor })],
    ideas: [],
  };
}

/** @param classes null: as many as it has by itself. @throws FailureError as `architectureChosen` and `fitToClasses`. */
export async function describeNetwork(choice: NetworkChoice, classes: number | null): Promise<NetworkInfo> {
  if (choice.source.kind === 'body') return describeHead(choice.source.id, classes);
  const architecture = await architectureChosen(choice);
  const { graph, changes } = fitToClasses(architecture, classes ?? ownClasses(architecture));
  const ideas = ideasOf(architecture.spec, limits.layers);
  return { title: architecture.title ?? architecture.name, ...describeGraph(graph), changes, ideas };
}

function ownClasses({ spec }: Architecture): number {
  const { outputShape } = buildGraph(spec).layers.at(-1)!;
  return outputShape[outputShape.length - 1];
}
