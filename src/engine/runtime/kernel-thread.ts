/**
 * A thread of an executor: blocks on its commands until the executor is disposed of. Started without a job it takes one
 * after the other by messages. Loads nothing native.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { runThread, type ThreadJob } from '../../core/backends/wasm/threads';
import { allowRelaxedSimd } from './kernels';

allowRelaxedSimd();
const run = (job: ThreadJob): void => runThread(job, () => parentPort?.postMessage('ready'));
const job = workerData as ThreadJob | null;
if (job) run(job);
else parentPort?.on('message', run);
