import type { OptimizerSettings } from '../executor';
import { createMemory } from '../../kernels/wasm/arena';
import { instantiateKernels, SCRATCH_BYTES, type CompiledKernels } from '../../kernels/wasm/instance';
import type { WasmMemory } from '../../kernels/wasm/webassembly';
import type { Graph } from '../../model/graph';
import { plainLoss, type LossSettings } from '../../train/class-loss';
import { measure, type Blueprint } from './compile';
import { Control } from './control';
import type { Keep } from './fuse';
import { Program } from './program';
import type { ThreadJob, ThreadPool } from './threads';
import { WasmExecutor } from './executor';

export interface WasmExecutorOptions {
  /** The most samples of one call: memory is laid out for them. */
  maxBatch: number;
  kernels: CompiledKernels;
  /** `all` keeps every layer's output (to look at); `training` is the fast one. */
  keep: Keep;
  /** Layers whose gradients can be read after a backward pass, −1 for the input. With keep `all` every layer's can. */
  keepGradients?: readonly number[];
  /** Needed for `trainStep`. */
  optimizer?: OptimizerSettings;
  /** Softmax cross-entropy where left out. */
  loss?: LossSettings;
  /** One thread, the caller, where left out. */
  threads?: ThreadPool;
}

/** The kernels' constants are below this address. */
const BASE = 65536;
const PAGE = 65536;

/**
 * An executor on the WASM kernels. Parameters are zero until `setParams`. With `threads` the caller is one of them: its calls
 * block until all are done. Throws RangeError where the graph needs more than 4 GiB at this batch.
 */
export async function createWasmExecutor(graph: Graph, options: WasmExecutorOptions): Promise<WasmExecutor> {
  const { executor, jobs, control } = prepare(graph, options, options.threads?.count ?? 1);
  try {
    await Promise.all(jobs.map((job) => options.threads?.start(job)));
  } catch (error) {
    control.fail('another did not start');
    throw error;
  }
  return executor;
}

interface Prepared {
  executor: WasmExecutor;
  control: Control;
  /** Of the other threads. */
  jobs: ThreadJob[];
}

function prepare(graph: Graph, options: WasmExecutorOptions, threads: number): Prepared {
  const { maxBatch, kernels, keep, keepGradients = [], optimizer = null, loss = plainLoss } = options;
  const blueprint: Blueprint = { graph, maxBatch, keep, keepGradients, optimizer, lossSettings: loss, threads };
  const memory = createMemory();
  const scratch = (thread: number): number => BASE + thread * (SCRATCH_BYTES + 128);
  const k = instantiateKernels(kernels.module, memory, BASE);
  const map = measure(blueprint, k, memory, scratch(threads));
  grow(memory, map.end + PAGE);
  const control = new Control(threads);
  const program = new Program(blueprint, k, memory, control, 0, map);
  const { build, module } = kernels;
  const shared = {
    spec: graph.spec,
    maxBatch,
    keep,
    keepGradients,
    optimizer,
    lossSettings: loss,
    threads,
    build,
    module,
    memory,
    control: control.buffer,
    map,
  };
  const jobs = Array.from({ length: threads - 1 }, (_, i) => ({ ...shared, thread: i + 1, scratch: scratch(i + 1) }));
  return { executor: new WasmExecutor(blueprint, memory, control, program, map.end), control, jobs };
}

function grow(memory: WasmMemory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (bytes > 2 ** 32)
    throw new RangeError(`needs ${bytes} bytes of memory, WebAssembly has ${2 ** 32}: a smaller batch would fit`);
  if (missing > 0) memory.grow(missing);
}

export type { WasmExecutor };
