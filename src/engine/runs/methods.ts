import type { CallContext, Engine, Params, Result } from '../../shared/protocol';
import { recipes } from '../models/recipes';
import { keptFilters } from './kept-filters';
import { readModelFile } from './model-file';
import { describeNetwork } from './network';
import type { Runs } from './runs';

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
  | 'annotateRun'
  | 'runMetrics'
  | 'runFilters'
  | 'runFile'
>;

/** The engine's methods for runs. Events of a run go to where the last call came from: an engine has one host. */
export function runMethods(runs: Runs): RunMethods {
  const telling =
    <M extends keyof RunMethods>(answer: (params: Params<M>) => Promise<Result<M>>) =>
    (params: Params<M>, context: CallContext): Promise<Result<M>> => {
      runs.tell(context);
      return answer(params);
    };
  return {
    recipes: () => recipes(),
    describeNetwork: ({ network, classes }) => describeNetwork(network, classes),
    runs: telling<'runs'>(() => runs.list()),
    startRun: telling<'startRun'>((request) => runs.start(request)),
    pauseRun: telling<'pauseRun'>(({ run }) => runs.pause(run)),
    continueRun: telling<'continueRun'>(({ run }) => runs.continue(run)),
    stopRun: telling<'stopRun'>(({ run }) => runs.stop(run)),
    resumeRun: telling<'resumeRun'>(({ run, epochs }) => runs.resume(run, epochs)),
    removeRun: telling<'removeRun'>(async ({ run }) => {
      await runs.remove(run);
      return {};
    }),
    restoreRun: telling<'restoreRun'>(({ run }) => runs.restore(run)),
    annotateRun: telling<'annotateRun'>(({ run, notes }) => runs.annotate(run, notes)),
    runMetrics: ({ run }) => runs.metrics(run),
    runFilters: ({ run }) => keptFilters(run),
    runFile: ({ run }) => readModelFile(run),
  };
}
