import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { paramKey, type Graph } from '../../core/model/graph';
import { initParams } from '../../core/model/init';
import type { Preprocessing } from '../../core/model/model';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { modelNamed } from '../models/models';
import { ownOrTaken } from './architecture';

/** Trained weights that a run starts from. */
export interface Weights {
  /** As it was asked for. */
  name: string;
  /** Its ID where it is bundled, else its whole path. */
  file: string;
  /** SHA-256 of the file. */
  digest: string;
  params: ReadonlyMap<string, Float32Array>;
  preprocessing: Preprocessing;
}

/** @param name the ID of a bundled network, or a file. @throws FailureError */
export async function readWeights(name: string): Promise<Weights> {
  const { model, bytes, bundled } = await ownOrTaken(name, await modelNamed(name));
  const digest = createHash('sha256').update(bytes()).digest('hex');
  const { preprocessing } = model.metadata;
  return { name, file: bundled ? name : resolve(name), digest, params: model.params, preprocessing };
}

/**
 * What a run starts from: new initial weights, and in their place those of `given` that match by name and size.
 * @returns also which layers keep new weights. @throws FailureError if none of the given ones matches.
 */
export function startParams(
  graph: Graph,
  { seed, initializer }: Pick<TrainSettings, 'seed' | 'initializer'>,
  given: Weights | null,
): { params: Map<string, Float32Array>; changes: Message[] } {
  const params = initParams(graph, seed, initializer);
  if (!given) return { params, changes: [] };
  const fresh: string[] = [];
  let taken = 0;
  for (const layer of graph.layers) {
    let all = true;
    for (const param of layer.params) {
      const key = paramKey(layer.name, param.name);
      const own = given.params.get(key);
      if (own?.length === params.get(key)!.length) {
        params.set(key, own.slice());
        taken++;
      } else all = false;
    }
    if (!all) fresh.push(layer.name);
  }
  if (taken === 0) throw new FailureError('model.invalid', { file: given.name, reason: say('train.fresh.all') });
  return { params, changes: fresh.length > 0 ? [say('train.fresh', { layers: fresh, file: given.name })] : [] };
}
