import type { Engine, HostMethods } from '../shared/protocol';
import type { TrainingMethods } from '../shared/training';
import { DataSets } from './data-sets/data-sets';
import { dataMethods } from './data-sets/methods';
import { diffMethods } from './diff/methods';
import { evaluationMethods } from './evaluation/methods';
import type { Jobs } from './worker/jobs';
import { runMethods } from './runs/methods';
import { Runs } from './runs/runs';

type TrainingEngine = Pick<Engine, keyof TrainingMethods | keyof HostMethods>;

/** What the engine does for data sets, runs and evaluations. */
export interface Training {
  methods: TrainingEngine;
  /** A window is gone: what is held for it is released. */
  release(window: number): void;
  /** Cancels what is in progress. */
  close(): void;
}

export function createTraining(jobs: Jobs): Training {
  const dataSets: DataSets = new DataSets((data) => runs.needing(data));
  const runs = new Runs(dataSets);
  // Cleans up what an earlier process left unfinished.
  void dataSets.uploads.clear().catch((error: unknown) => console.error(error));
  const evaluations = evaluationMethods(dataSets, jobs);
  return {
    methods: {
      ...dataMethods(dataSets, jobs),
      ...runMethods(runs),
      ...evaluations.methods,
      ...diffMethods(dataSets, jobs),
    },
    release: (window) => evaluations.release(window),
    close() {
      runs.close();
      void dataSets.uploads.close();
    },
  };
}
