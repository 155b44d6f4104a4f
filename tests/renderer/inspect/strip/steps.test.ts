import { expect, it } from 'vitest';
import { picturesOf } from '../../../../src/renderer/src/inspect/strip/steps';
import type { Inspection, ModelInfo, Picture } from '../../../../src/shared/protocol';
import { inputLayer } from '../../traits';

const picture = (width: number, height: number, level = 90): Picture => ({
  width,
  height,
  rgba: new Uint8ClampedArray(4 * width * height).fill(level),
});

/** A network for pictures of 6 × 8 in so many channels, and one that fits as it is but for `change`. */
function shown(channels: number, change: Partial<Inspection['strip']> & { mean?: number; inverted?: boolean } = {}) {
  const { mean = 0, inverted = false, ...strip } = change;
  const shape = [channels, 6, 8];
  const model = { inputShape: shape, layers: [], preprocessing: { mean: [mean], deviation: [1] } };
  const pictures = { original: picture(8, 6), oriented: picture(8, 6), fitted: picture(8, 6), ...strip };
  const { width, height } = pictures.oriented;
  const inspection = { input: { width, height }, strip: pictures, options: {}, inverted };
  const asInput = { ...model, inputs: [inputLayer(shape)], foreign: null };
  return picturesOf(asInput as unknown as ModelInfo, inspection as unknown as Inspection);
}

it('shows one picture where no step changes it, and none above the map that is the picture', () => {
  expect(shown(1)).toBe(0);
  expect(shown(3)).toBe(1);
  expect(shown(1, { mean: 0.5 })).toBe(1);
  expect(shown(1, { inverted: true })).toBe(1);
});

it('shows every step of a picture that is turned, also upside down, resized, or filled where it was transparent', () => {
  expect(shown(1, { original: picture(6, 8) })).toBe(3);
  expect(shown(1, { original: picture(8, 6, 91) })).toBe(3);
  expect(shown(1, { original: picture(16, 12), oriented: picture(16, 12) })).toBe(3);
  expect(shown(1, { fitted: picture(8, 6, 255) })).toBe(3);
});
