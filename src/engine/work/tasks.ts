import { train } from './train-task';

/** What a work process can be asked to do, by name. */
export const tasks = { train };

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
