import { FailureError } from '../shared/failures';
import type { Engine, HostMethods } from '../shared/protocol';
import type { TrainingMethods } from '../shared/training';
import { DataSets } from './data-sets/data-sets';
import { dataMethods, type DataMethods } from './data-sets/methods';
import type { Jobs } from './jobs';
import { runMethods, type RunMethods } from './runs/methods';
import { Runs } from './runs/runs';

type TrainingEngine = Pick<Engine, keyof TrainingMethods | keyof HostMethods>;
type EvaluationMethods = Omit<TrainingEngine, keyof RunMethods | keyof DataMethods>;

const absent = async (): Promise<never> => {
  throw new FailureError('internal', { reason: 'not there yet' });
};

/** What the engine does for data sets, runs and evaluations. */
export interface Training {
  methods: TrainingEngine;
  /** Gives up what is on its way. */
  close(): void;
}

export function createTraining(jobs: Jobs): Training {
  const dataSets: DataSets = new DataSets((data) => runs.needing(data));
  const runs = new Runs((id) => dataSets.find(id));
  // What an earlier process left half done.
  void dataSets.uploads.clear().catch((error: unknown) => console.error(error));
  return {
    methods: { ...dataMethods(dataSets, jobs), ...runMethods(runs), ...evaluationMethods() },
    close() {
      runs.close();
      void dataSets.uploads.close();
    },
  };
}

function evaluationMethods(): EvaluationMethods {
  return { evaluate: absent, evaluatedPictures: absent, evaluatedImage: absent, verifyRun: absent };
}
