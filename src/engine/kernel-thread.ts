/** A thread of an executor: blocks on its commands until the executor is disposed of. Loads nothing native. */
import { parentPort, workerData } from 'node:worker_threads';
import { runThread, type ThreadJob } from '../core/program/threads';
import { allowRelaxedSimd } from './kernels';

allowRelaxedSimd();
runThread(workerData as ThreadJob, () => parentPort?.postMessage('ready'));
