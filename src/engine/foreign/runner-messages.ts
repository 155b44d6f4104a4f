import type { TensorValue } from '../../core/onnx/tensor-data';
import type { Provider } from '../../shared/settings';

/** A provider of onnxruntime's, with its own options. */
export interface ProviderOptions {
  name: Provider;
  preferredLayout?: 'NCHW' | 'NHWC';
}

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
  /**
   * A session of the file with bytes behind it. @see encodeOutputs; `without` are outputs that are taken out first; `optimized` where
   * nodes may be fused; `provider` computes it, and the CPU what that cannot.
   */
  | {
      kind: 'session';
      id: number;
      behind: Uint8Array;
      without: readonly string[];
      optimized: boolean;
      provider: ProviderOptions;
    }
  /** Which providers there are; needs no file. */
  | { kind: 'providers' }
  | { kind: 'drop'; id: number }
  | { kind: 'run'; id: number; inputs: Record<string, TensorValue>; wanted: readonly string[] };

/** What onnxruntime says of an input or output. */
export interface Described {
  name: string;
  /** In onnxruntime's words (`float32`); null for what is no tensor. */
  type: string | null;
  shape: readonly (number | string)[];
}

/** From that process. A run's tensors come one by one, before `ran`. */
export type FromRunner =
  | { kind: 'ready' }
  | { kind: 'done' }
  /** After a run's tensors; its time is onnxruntime's alone. */
  | { kind: 'ran'; milliseconds: number }
  | { kind: 'session'; inputs: Described[]; outputs: Described[] }
  /** By onnxruntime's names. */
  | { kind: 'providers'; providers: { name: string; bundled: boolean }[] }
  | { kind: 'tensor'; name: string; value: TensorValue }
  /** In onnxruntime's words. */
  | { kind: 'failure'; text: string };

/** What the process writes to standard error before it ends itself for want of memory. */
export const OUT_OF_MEMORY = 'convscope: more memory than allowed\n';
