import { FailureError } from '../shared/failures';
import type { Engine, HostMethods } from '../shared/protocol';
import type { TrainingMethods } from '../shared/training';

type Training = Pick<Engine, keyof TrainingMethods | keyof HostMethods>;

const absent = async (): Promise<never> => {
  throw new FailureError('internal', { reason: 'not there yet' });
};

/** What the engine does for data sets, runs and evaluations. */
export function createTraining(): Training {
  return {
    dataSets: absent,
    addData: absent,
    forgetData: absent,
    survey: absent,
    beginUpload: absent,
    upload: absent,
    endUpload: absent,
    cancelUpload: absent,
    recipes: absent,
    describeNetwork: absent,
    runs: absent,
    startRun: absent,
    pauseRun: absent,
    continueRun: absent,
    stopRun: absent,
    resumeRun: absent,
    removeRun: absent,
    restoreRun: absent,
    runMetrics: absent,
    evaluate: absent,
    evaluatedPictures: absent,
    evaluatedImage: absent,
    verifyRun: absent,
    runFile: absent,
  };
}
