import { expect, it } from 'vitest';
import { photoNetworkFor } from '../../../../src/renderer/src/inspect/strip/photo';
import type { BundledModelInfo, Inspection } from '../../../../src/shared/protocol';

const bundled = [{ id: 'lenet5-mnist' }, { id: 'efficientnet-lite0', foreign: true }] as BundledModelInfo[];
const own = { bundled: true, foreign: null };
/** Of gray pixels, `colored` of a hundred of them red. */
const shown = (colored: number, side = 200): Pick<Inspection, 'input' | 'strip'> => {
  const rgba = Uint8ClampedArray.from({ length: 400 }, (_, i) => (i % 4 === 0 && i / 4 < colored ? 220 : 120));
  const input = { width: 300, height: side } as Inspection['input'];
  return { input, strip: { original: { width: 10, height: 10, rgba } } as unknown as Inspection['strip'] };
};

it('offers the network for photos for large color pictures, before a bundled network of ours only', () => {
  expect(photoNetworkFor(own, shown(30), bundled)?.id).toBe('efficientnet-lite0');
  expect(photoNetworkFor(own, shown(3), bundled)).toBeNull();
  expect(photoNetworkFor(own, shown(30, 40), bundled)).toBeNull();
  expect(photoNetworkFor({ ...own, bundled: false }, shown(30), bundled)).toBeNull();
  expect(photoNetworkFor({ bundled: true, foreign: {} as never }, shown(30), bundled)).toBeNull();
  expect(photoNetworkFor(own, null, bundled)).toBeNull();
});
