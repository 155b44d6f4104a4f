import { FailureError } from '../shared/failures';
import type { Engine, HostMethods } from '../shared/protocol';
import type { TrainingMethods } from '../shared/training';
import { runMethods, type RunMethods } from './runs/methods';

type Training = Pick<Engine, keyof TrainingMethods | keyof HostMethods>;
type DataMethods = Omit<Training, keyof RunMethods | keyof EvaluationMethods>;
type EvaluationMethods = Pick<Engine, 'evaluate' | 'evaluatedPictures' | 'evaluatedImage' | 'verifyRun'>;

const absent = async (): Promise<never> => {
  throw new FailureError('internal', { reason: 'not there yet' });
};

/** What the engine does for data sets, runs and evaluations. */
export function createTraining(): Training {
  return { ...dataMethods(), ...runMethods(), ...evaluationMethods() };
}

function dataMethods(): DataMethods {
  return {
    dataSets: absent,
    addData: absent,
    forgetData: absent,
    survey: absent,
    beginUpload: absent,
    upload: absent,
    endUpload: absent,
    cancelUpload: absent,
  };
}

function evaluationMethods(): EvaluationMethods {
  return { evaluate: absent, evaluatedPictures: absent, evaluatedImage: absent, verifyRun: absent };
}
