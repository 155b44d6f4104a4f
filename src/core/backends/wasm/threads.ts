import type { KernelBuild } from '../../kernels/wasm/instance';
import type { OptimizerSettings } from '../executor';
import { instantiateKernels } from '../../kernels/wasm/instance';
import type { WasmMemory, WasmModule } from '../../kernels/wasm/webassembly';
import { buildGraph } from '../../model/build';
import type { LossSettings } from '../../train/class-loss';
import type { ModelSpec } from '../../model/spec';
import type { MemoryMap } from './compile';
import { Command, Control, ThreadFailure } from './control';
import type { Keep } from './fuse';
import { Program } from './program';

/** What a thread needs to build the same program over the same memory. Can be posted to a worker. */
export interface ThreadJob {
  readonly spec: ModelSpec;
  readonly maxBatch: number;
  readonly keep: Keep;
  readonly keepGradients: readonly number[];
  readonly optimizer: OptimizerSettings | null;
  readonly lossSettings: LossSettings;
  readonly threads: number;
  /** 1 … threads − 1; the caller is thread 0. */
  readonly thread: number;
  readonly build: KernelBuild;
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly control: SharedArrayBuffer;
  readonly map: MemoryMap;
  /** This thread's scratch for the kernels. */
  readonly scratch: number;
}

/** Where threads come from: `src/engine/runtime/kernels.ts` makes Node's. */
export interface ThreadPool {
  /** Threads in all, the caller included. */
  readonly count: number;
  /** Starts one thread on a job, which it runs by `runThread`. Resolves when its program is built. */
  start(job: ThreadJob): Promise<void>;
  /** Resolves when every thread that was asked to exit has ended. */
  ended(): Promise<void>;
}

/** The body of a thread: builds its program, reports that it is ready, and runs commands until the one to exit. */
export function runThread(job: ThreadJob, ready: () => void): void {
  const control = new Control(job.threads, job.control);
  try {
    const kernels = instantiateKernels(job.module, job.memory, job.scratch);
    const blueprint = { ...job, graph: buildGraph(job.spec) };
    const program = new Program(blueprint, kernels, job.memory, control, job.thread, job.map);
    let generation = control.generation;
    ready();
    for (;;) {
      const command = control.next(generation);
      if (command === Command.Exit || control.failed) return;
      generation++;
      program.execute(command);
    }
  } catch (error) {
    control.fail(error instanceof Error ? error.message : String(error));
    if (!(error instanceof ThreadFailure)) throw error;
  }
}
