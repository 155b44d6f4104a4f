import type { Inspection, ModelInfo, Picture } from '../../../../shared/protocol';
import { mapsOf, layerAt } from '../../state/layers';

/** What the steps from a picture to the network's input change, as far as one can see. */
export interface StepsTaken {
  turned: boolean;
  /** Whether its size changes. */
  resized: boolean;
  /** Whether something shows through what was transparent: no other step changes pixels of a picture that fits. */
  filled: boolean;
}

export function stepsTaken(model: ModelInfo, { strip, input, options }: Inspection): StepsTaken {
  const { original, oriented, fitted } = strip;
  const size = options.picture ?? { height: model.inputShape[1], width: model.inputShape[2] };
  const resized = input.width !== size.width || input.height !== size.height;
  return { turned: !alike(original, oriented), resized, filled: !resized && !alike(oriented, fitted) };
}

/**
 * How many pictures the strip shows above the network's input: three; one, where the steps before normalizing change nothing; none,
 * where the input's map itself is the picture, in other colors.
 */
export function picturesOf(model: ModelInfo, inspection: Inspection): 0 | 1 | 3 {
  if (model.foreign && !model.foreign.picture) return 3;
  const { turned, resized, filled } = stepsTaken(model, inspection);
  if (turned || resized || filled) return 3;
  const { mean, deviation } = inspection.options.picture ?? model.preprocessing;
  const scaledOnly = mean.every((m) => m === 0) && deviation.every((d) => d === 1);
  return scaledOnly && !inspection.inverted && mapsOf(layerAt(model, -1))[0] === 1 ? 0 : 1;
}

const alike = (a: Picture, b: Picture): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  (a.rgba === b.rgba || a.rgba.every((value, i) => value === b.rgba[i]));
