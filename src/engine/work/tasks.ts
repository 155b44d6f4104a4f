import { surveyData } from '../data-sets/survey';
import { diffTask } from '../diff/task';
import { evaluateContenders } from '../evaluation/task';
import { tryPreprocessings } from '../evaluation/preprocessings';
import { verifyRun } from '../evaluation/verify-run';
import { head, train } from './train-task';

/** What a work process can be asked to do, by name. */
export const tasks = {
  survey: surveyData,
  evaluate: evaluateContenders,
  tryPreprocessings,
  diff: diffTask,
  verifyRun,
  train,
  head,
};

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
