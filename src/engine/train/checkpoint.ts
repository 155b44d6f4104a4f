import type { TrainingExecutor } from '../../core/backends/executor';
import { parseJson } from '../../core/json';
import { paramKey, type Graph } from '../../core/model/graph';
import { number, object, orNull, whole, type Schema } from '../../core/schema';
import type { LoopState } from '../../core/train/loop';
import { FailureError } from '../../shared/failures';
import { MessageError, reasonOf, say } from '../../words';
import { readIfThere, writeFileAtomically } from '../system/files';
import { decodeSafeTensors, encodeSafeTensors, type SafeTensors } from './safetensors';

/** A run at one moment: all that it needs to resume to the same bits. */
export interface Checkpoint {
  state: LoopState;
  params: Map<string, Float32Array>;
  optimizer: Map<string, Float32Array>;
  /** Weights of the best epoch so far; null before the first one has ended. */
  best: Map<string, Float32Array> | null;
}

const BEST = 'best/';

const loopState: Schema<LoopState> = object({
  epoch: whole(),
  step: whole(),
  update: whole(),
  lossSum: number,
  correct: whole(),
  seen: whole(),
  best: orNull(object({ epoch: whole(), loss: number, accuracy: number })),
});

/** The state between two updates. */
export async function takeCheckpoint(
  executor: TrainingExecutor,
  state: LoopState,
  best: Checkpoint['best'],
): Promise<Checkpoint> {
  const params = await executor.getParams();
  return { state: structuredCloneOf(state), params, optimizer: await executor.optimizerState(), best };
}

const structuredCloneOf = (state: LoopState): LoopState => ({ ...state, best: state.best && { ...state.best } });

/**
 * Writes a checkpoint completely or not at all: weights as `conv1.weight`, optimizer state as `conv1.weight/velocity`,
 * the best weights as `best/conv1.weight`. Random draws have no state of their own: they follow from the seed and the
 * position in the run, which is in the metadata.
 */
export async function writeCheckpoint(path: string, graph: Graph, seed: number, checkpoint: Checkpoint): Promise<void> {
  const shapes = shapesOf(graph);
  const tensors: SafeTensors['tensors'] = new Map();
  const add = (prefix: string, from: ReadonlyMap<string, Float32Array>): void => {
    for (const [key, data] of from)
      tensors.set(prefix + key, { shape: shapes.get(key.split('/')[0]) ?? [data.length], data });
  };
  add('', checkpoint.params);
  add('', checkpoint.optimizer);
  if (checkpoint.best) add(BEST, checkpoint.best);
  const { epoch, step, update } = checkpoint.state;
  const metadata = {
    format: 'convscope-checkpoint-1',
    state: JSON.stringify(checkpoint.state),
    generator: JSON.stringify({ seed, epoch, step, update }),
  };
  await writeFileAtomically(path, encodeSafeTensors({ tensors, metadata }));
}

/** @returns null where there is none. @throws FailureError if it does not belong to this network or is damaged. */
export async function readCheckpoint(path: string, graph: Graph): Promise<Checkpoint | null> {
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  try {
    const { tensors, metadata } = decodeSafeTensors(bytes);
    if (metadata.format !== 'convscope-checkpoint-1') throw new MessageError(say('run.checkpoint.format'));
    const checkpoint: Checkpoint = {
      state: loopState.read(parseJson(metadata.state), 'state'),
      params: new Map(),
      optimizer: new Map(),
      best: null,
    };
    for (const [name, { data }] of tensors) {
      if (name.startsWith(BEST)) (checkpoint.best ??= new Map()).set(name.slice(BEST.length), data);
      else if (name.includes('/')) checkpoint.optimizer.set(name, data);
      else checkpoint.params.set(name, data);
    }
    for (const [key, shape] of shapesOf(graph)) {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const found = checkpoint.params.get(key)?.length;
      if (found !== size)
        throw new MessageError(say('run.checkpoint.parameter', { name: key, found: found ?? 0, expected: size }));
    }
    return checkpoint;
  } catch (error) {
    throw new FailureError('run.invalid', {
      run: path,
      reason: say('run.checkpoint', { reason: reasonOf(error) }),
    });
  }
}

function shapesOf(graph: Graph): Map<string, readonly number[]> {
  return new Map(
    graph.layers.flatMap((layer) =>
      layer.params.map((param) => [paramKey(layer.name, param.name), param.shape] as const),
    ),
  );
}
