import type { Entries } from './message';

/** ONNX files, their metadata, and what verifying them finds. */
export const modelWords = {} as const satisfies Entries;
