import type { TrainOptions } from '../core/train/settings';
import type { ModelSpec } from '../core/model/spec';

/** An experiment of the course notes: data, network and settings, and what the notes report. */
export interface Recipe {
  id: string;
  title: { en: string; zh: string };
  group: 'colours' | 'shapes' | 'mnist' | 'fashion' | 'cifar';
  /** Generated data comes by itself; for the others people name a folder, and `hint` says which. */
  data: {
    kind: 'builtin:colors' | 'builtin:shapes' | 'mnist' | 'fashion-mnist' | 'cifar10';
    hint: { en: string; zh: string };
  };
  /** ID of a bundled network, or the architecture itself. */
  model: string | ModelSpec;
  options: TrainOptions;
  /** So many runs, seeds apart, that vote by averaging their probabilities; left out: one. */
  members?: number;
  notes: {
    /** 0 … 1, null where the notes give none. */
    accuracy: number | null;
    part: 'train' | 'test';
    remark?: { en: string; zh: string };
  };
}
