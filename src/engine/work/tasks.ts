import { surveyData } from '../data-sets/survey';
import { train } from './train-task';

/** What a work process can be asked to do, by name. */
export const tasks = { survey: surveyData, train };

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
