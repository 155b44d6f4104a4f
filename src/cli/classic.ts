import { buildGraph } from '../core/model/build';
import { plainMetadata } from '../core/model/model';
import { describeGraph } from '../engine/models/describe';
import type { OpenedModel } from '../engine/models/models';
import { networkNamed } from '../engine/models/verify-gradients';
import { zooIds, zooNetwork, type ZooAbout } from '../engine/models/zoo';
import { architectureNamed } from '../engine/train/architecture';
import type { ModelInfo } from '../shared/protocol';
import { thousands } from './table';

type About = ZooAbout & { original?: ModelInfo['totals'] };

/** The network to tell of. A classic one, or one without an idea, comes without weights, since counting needs none. @throws FailureError */
export async function networkFor(word: string, without?: string): Promise<Pick<OpenedModel, 'id' | 'model'>> {
  const classic = (await zooIds()).includes(word);
  if (!classic && without === undefined) return networkNamed(word);
  const { name, spec, title } = await architectureNamed(word, without?.split(','));
  const graph = buildGraph(spec);
  const metadata = { ...plainMetadata(graph), ...(title && { title }) };
  return { id: name, model: { graph, params: new Map(), metadata } };
}

/** What the zoo tells of a network, with the counts of the original that it adapts; null for others. */
export async function aboutOf(word: string): Promise<About | null> {
  const network = await zooNetwork(word);
  if (!network) return null;
  const { adapts } = network.about;
  const original = adapts === undefined ? null : await zooNetwork(adapts);
  return { ...network.about, ...(original && { original: describeGraph(buildGraph(original.spec)).totals }) };
}

export function linesOf({ title, year, paper, adapts, adapted, original }: About): string[] {
  const lines = [`${title}, ${year}. ${paper}.`];
  if (adapted) lines.push(`Adapted from ${adapts}: ${adapted.en}.`);
  if (original) {
    lines.push(
      `The original has ${thousands(original.trainable)} trainable parameters, ${thousands(original.macs)} multiply-adds.`,
    );
  }
  return lines;
}
