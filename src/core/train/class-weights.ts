import type { DataSet, Split } from '../data/dataset';
import type { LossSettings } from './class-loss';
import type { TrainSettings } from './settings';

/** The loss of a run. @param data whose training split tells how many pictures each class has. */
export function lossOf(
  settings: Pick<TrainSettings, 'loss' | 'labelSmoothing' | 'focalGamma' | 'classWeights'>,
  { train, labels }: Pick<DataSet, 'train' | 'labels'>,
): LossSettings {
  const { loss, labelSmoothing, focalGamma, classWeights } = settings;
  return {
    kind: loss,
    smoothing: labelSmoothing,
    gamma: focalGamma,
    weights: classWeights === 'balanced' ? balancedWeights(train, labels.length) : null,
  };
}

/** Weights by which every class of a training split counts the same: pictures ÷ (classes · pictures of the class); 1 for a class without pictures. */
export function balancedWeights({ images, samples }: Split, classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  for (const sample of samples) counts[images.labels[sample % images.count]]++;
  return counts.map((count) => (count > 0 ? samples.length / (classes * count) : 1));
}
