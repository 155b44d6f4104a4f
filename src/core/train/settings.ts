import type { OptimizerSettings } from '../executor';
import type { Augmentation } from './augmentation';
import type { Schedule } from './schedule';

/** Everything that decides how a run goes, besides network and data. JSON-able. The number of threads is not among it: it changes nothing. */
export interface TrainSettings {
  epochs: number;
  batch: number;
  learningRate: number;
  optimizer: OptimizerSettings;
  schedule: Schedule;
  /** Epochs in which the learning rate rises to its base. */
  warmup: number;
  seed: number;
  initializer: 'he' | 'glorot' | 'normal' | 'uniform' | 'zeros';
  augmentation: Augmentation;
  normalize: 'standard' | 'unit';
  /** Epochs without a lower validation loss after which the run ends; 0: never. */
  patience: number;
  /** Updates between two lines of step metrics. */
  logEvery: number;
}
