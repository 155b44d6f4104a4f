import type { TensorValue } from '../../core/onnx/tensor-data';

/** To the process that runs a network (./runner-process): one answer each. */
export type ToRunner =
  /** Once: the file, by path or as bytes, and where its external data lies. */
  | {
      kind: 'file';
      file: { path: string } | { bytes: Uint8Array };
      folder: string | null;
      memory: number;
      threads: number;
    }
  /** A session of the file with bytes behind it. @see encodeOutputs; `without` are outputs that are taken out first. */
  | { kind: 'session'; id: number; behind: Uint8Array; without: readonly string[] }
  | { kind: 'drop'; id: number }
  | { kind: 'run'; id: number; inputs: Record<string, TensorValue>; wanted: readonly string[] };

/** What onnxruntime says of an input or output. */
export interface Described {
  name: string;
  /** In onnxruntime's words (`float32`); null for what is no tensor. */
  type: string | null;
  shape: readonly (number | string)[];
}

/** From that process. A run's tensors come one by one, before `done`. */
export type FromRunner =
  | { kind: 'ready' }
  | { kind: 'done' }
  | { kind: 'session'; inputs: Described[]; outputs: Described[] }
  | { kind: 'tensor'; name: string; value: TensorValue }
  /** In onnxruntime's words. */
  | { kind: 'failure'; text: string };

/** What the process writes to standard error before it ends itself for want of memory. */
export const OUT_OF_MEMORY = 'convscope: more memory than allowed\n';
