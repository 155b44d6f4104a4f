import { FailureError } from '../../shared/failures';
import type { Engine } from '../../shared/protocol';
import { recipes } from '../recipes';
import { describeNetwork } from './network';

export type RunMethods = Pick<
  Engine,
  | 'recipes'
  | 'describeNetwork'
  | 'runs'
  | 'startRun'
  | 'pauseRun'
  | 'continueRun'
  | 'stopRun'
  | 'resumeRun'
  | 'removeRun'
  | 'restoreRun'
  | 'runMetrics'
  | 'runFile'
>;

const absent = async (): Promise<never> => {
  throw new FailureError('internal', { reason: 'not there yet' });
};

export function runMethods(): RunMethods {
  return {
    recipes: () => recipes(),
    describeNetwork: ({ network, classes }) => describeNetwork(network, classes),
    runs: absent,
    startRun: absent,
    pauseRun: absent,
    continueRun: absent,
    stopRun: absent,
    resumeRun: absent,
    removeRun: absent,
    restoreRun: absent,
    runMetrics: absent,
    runFile: absent,
  };
}
