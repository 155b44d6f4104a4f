import { numberFrom, object, oneOf, optional, orNull, type Infer } from '../core/schema';

/** onnxruntime's execution providers for Node, by its own names; DirectML is `dml`. */
export const providerNames = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'qnn'] as const;
export type Provider = (typeof providerNames)[number];
const provider = oneOf(...providerNames);

/** What providers are called by those who make them. */
export const PROVIDER_TITLES: Readonly<Record<Provider, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  dml: 'DirectML',
  coreml: 'Core ML',
  qnn: 'QNN',
};

/** MiB that a network may be allowed: less does not start a process. */
export const MEMORY = { least: 256, most: 1024 * 1024 };

/** How foreign networks are computed, for all windows of the app. */
export const computeSettings = object({
  provider,
  /** MiB of memory that a foreign network may take; null for the default. */
  memory: orNull(numberFrom(MEMORY.least, MEMORY.most)),
});
export type ComputeSettings = Infer<typeof computeSettings>;
export const computeChange = {
  provider: optional(provider),
  memory: optional(orNull(numberFrom(MEMORY.least, MEMORY.most))),
};

export const DEFAULT_SETTINGS: ComputeSettings = { provider: 'cpu', memory: null };

/** The settings, and what they may be on this machine. */
export interface ComputeChoices extends ComputeSettings {
  /** What onnxruntime offers here. Of those that are not bundled a library of the system has to be there. */
  providers: { name: Provider; bundled: boolean }[];
  /** MiB that it may take where nothing is set. */
  memoryDefault: number;
  /** MiB by the environment variable CONVSCOPE_MEMORY, which goes before what is set here; null without it. */
  memoryForced: number | null;
}
