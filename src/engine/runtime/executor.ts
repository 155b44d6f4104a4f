import { availableParallelism } from 'node:os';
import type { Executor, OptimizerSettings, TrainingExecutor } from '../../core/backends/executor';
import { ReferenceTrainer } from '../../core/backends/reference/trainer';
import { createWasmExecutor, type WasmExecutorOptions } from '../../core/backends/wasm/create';
import type { KernelBuild } from '../../core/kernels/wasm/instance';
import type { Graph } from '../../core/model/graph';
import type { LossSettings } from '../../core/train/class-loss';
import { optimizerDefaults } from '../../core/train/optimizers';
import type { TrainSettings } from '../../core/train/settings';
import { FailureError } from '../../shared/failures';
import type { TrainingExecutorName } from '../../shared/runs';
import { reasonOf, say, type Message } from '../../words';
import { createThreads, loadKernels, supportedBuilds } from './kernels';

/** More threads than this do not speed a batch up. */
const MOST_THREADS = 8;

/** As many as the machine has cores. */
export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism());

/** What a machine supports. */
export interface Machine {
  /** Builds of the kernels that its JavaScript engine supports, the fastest first. */
  readonly builds: readonly KernelBuild[];
  /** Whether threads can share memory. */
  readonly sharedMemory: boolean;
}

/** What runs a network, and how. */
export interface Backend {
  readonly name: TrainingExecutorName;
  /** Null for the reference. */
  readonly build: KernelBuild | null;
  readonly threads: number;
  /** Why it is not the fastest that there is. */
  readonly notes: readonly Message[];
}

const probe = (): Machine => ({
  builds: supportedBuilds(),
  sharedMemory: typeof SharedArrayBuffer !== 'undefined',
});

/**
 * What runs networks on this machine: the WASM executor with its fastest kernels, the reference where it has none.
 * @param name asks for one of them. @param threads one by default. @throws FailureError if that one cannot run here.
 */
export function chooseBackend(
  { name, threads = 1 }: { name?: TrainingExecutorName; threads?: number } = {},
  { builds, sharedMemory } = probe(),
): Backend {
  const [build] = builds;
  if (name === 'reference') return { name, build: null, threads: 1, notes: [say('backend.reference')] };
  if (!build || !sharedMemory) {
    const missing = say(build ? 'backend.no-memory' : 'backend.no-simd');
    if (name) throw new FailureError('internal', { reason: say('backend.missing', { reason: missing }) });
    return { name: 'reference', build: null, threads: 1, notes: [missing, say('backend.reference')] };
  }
  return { name: 'wasm', build, threads, notes: build === 'relaxed' ? [] : [say('backend.no-relaxed')] };
}

/** Why networks are computed slowly on this machine; nothing where the fast executor runs them. */
export function slowNotes(): readonly Message[] {
  const { name, notes } = chooseBackend();
  return name === 'reference' ? notes : [];
}

type Wanted = Pick<WasmExecutorOptions, 'maxBatch' | 'keep' | 'keepGradients'>;

/** An executor of a backend. @throws RangeError where the network needs more memory than there is. */
export async function openExecutor(
  graph: Graph,
  wanted: Wanted & { optimizer?: OptimizerSettings; loss?: LossSettings },
  { build, threads }: Backend,
): Promise<TrainingExecutor> {
  const { maxBatch, optimizer = { kind: 'sgd', ...optimizerDefaults }, loss } = wanted;
  if (!build) return new ReferenceTrainer(graph, maxBatch, optimizer, loss);
  const pool = threads > 1 ? createThreads(threads) : undefined;
  return createWasmExecutor(graph, { ...wanted, kernels: loadKernels(build), threads: pool });
}

/**
 * Makes the executor for views and verification, which keeps every layer's output. It has one thread: a single picture
 * takes milliseconds, less than waking more threads.
 * @throws FailureError where the network needs more memory than there is.
 */
export async function makeExecutor(graph: Graph, maxBatch: number): Promise<Executor> {
  try {
    return await openExecutor(graph, { maxBatch, keep: 'all' }, chooseBackend());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FailureError('internal', { reason: say('engine.memory', { reason: reasonOf(error) }) });
  }
}

/** The executor that trains a graph. @throws FailureError where network and batch need more memory than there is. */
export async function openTrainer(
  graph: Graph,
  { batch: maxBatch, optimizer }: Pick<TrainSettings, 'batch' | 'optimizer'>,
  backend: Backend,
  loss?: LossSettings,
): Promise<TrainingExecutor> {
  try {
    return await openExecutor(graph, { maxBatch, keep: 'training', optimizer, loss }, backend);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FailureError('train.invalid', {
      reason: say('train.memory', { batch: maxBatch, reason: reasonOf(error) }),
    });
  }
}

/** What the bits of a run depend on besides its settings, for the record. */
export function versions(): Record<string, string> {
  const { node, v8 } = process.versions;
  const kernels = chooseBackend().build ?? 'none';
  return { node, v8, kernels, platform: `${process.platform} ${process.arch}` };
}
