import { surveyData } from '../data-sets/survey';
import { evaluateContenders } from '../evaluation/task';
import { verifyRun } from '../evaluation/verify-run';
import { train } from './train-task';

/** What a work process can be asked to do, by name. */
export const tasks = { survey: surveyData, evaluate: evaluateContenders, verifyRun, train };

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
