import { formats } from './list';

/** The names of files that hold data, of any format: a regular expression, to be used without regard to capitals. */
export const dataFiles = (): string => formats.flatMap(({ files }) => files?.source ?? []).join('|');
/** Whether a file of such a name belongs to one of the formats. */
export const isDataFile = (name: string): boolean => formats.some(({ files }) => files?.test(name));
/** Whether it shows that the folder around it is a data set: some lie beside any data. */
export const marksData = (name: string): boolean => formats.some(({ files, beside }) => !beside && files?.test(name));
