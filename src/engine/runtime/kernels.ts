import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import { accepts, compileKernels, type CompiledKernels, type KernelBuild } from '../../core/kernels/wasm/instance';
import type { ThreadJob, ThreadPool } from '../../core/backends/wasm/threads';
import { MessageError, say } from '../../words';
import { built } from '../system/root';

/** Node 20 has relaxed SIMD only behind this flag; newer engines no longer know it, and ignore it. */
const RELAXED_FLAG = '--experimental-wasm-relaxed-simd';

const read = (name: KernelBuild): Uint8Array => readFileSync(built('kernels', `${name}.wasm`));

let supported: KernelBuild[] | undefined;

/** The builds of `out/kernels` that this JavaScript engine takes, the fastest first. */
export function supportedBuilds(): readonly KernelBuild[] {
  if (supported) return supported;
  allowRelaxedSimd();
  return (supported = (['relaxed', 'simd'] as const).filter((build) => accepts(read(build))));
}

const compiled = new Map<KernelBuild, CompiledKernels>();

/**
 * Lets V8 compile relaxed SIMD. Call it in every thread before it uses the kernels. V8's flags belong to the process,
 * but they only take effect everywhere if set before the first compilation.
 */
export function allowRelaxedSimd(): void {
  if (Number(process.versions.node.split('.')[0]) < 22) v8.setFlagsFromString(RELAXED_FLAG);
}

/**
 * The kernels of `out/kernels`, compiled once a process: the relaxed build where the engine takes it.
 * @param build this one instead. Throws where it was not built, or the engine does not take it.
 */
export function loadKernels(build: KernelBuild = supportedBuilds()[0] ?? 'simd'): CompiledKernels {
  const known = compiled.get(build);
  if (known) return known;
  allowRelaxedSimd();
  const kernels = compileKernels({ relaxed: read('relaxed'), simd: read('simd') }, build);
  compiled.set(build, kernels);
  return kernels;
}

/**
 * Threads for one executor: Node workers that run `out/main/kernel-thread.js`.
 * @param count threads in all, the caller included.
 */
export function createThreads(count: number, script = built('main', 'kernel-thread.js')): ThreadPool {
  const workers: Worker[] = [];
  const ends: Promise<void>[] = [];
  return {
    count,
    start(job: ThreadJob) {
      const worker = new Worker(script, { workerData: job });
      workers.push(worker);
      ends.push(new Promise((resolve) => worker.once('exit', () => resolve())));
      return new Promise((resolve, reject) => {
        worker.once('message', () => {
          // An executor that was never disposed of does not keep the process alive.
          worker.unref();
          resolve();
        });
        worker.once('error', reject);
        worker.once('exit', (code) => reject(new MessageError(say('work.kernel-thread', { exitCode: String(code) }))));
      });
    },
    async ended() {
      for (const worker of workers) worker.ref();
      await Promise.all(ends);
    },
  };
}
