import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainConv } from '../../../src/core/explain/window';
import type { Explanation } from '../../../src/core/explain/types';
import { planeFor, sceneFor, addressFor } from '../../../src/renderer/src/inspect/explain/in-learn';
import { outputs, slidingWindow } from '../../../src/renderer/src/learn/scenes/sliding-window/scene';
import { decode } from '../../../src/renderer/src/learn/state/link';

/** A unit of a convolution over `channels` maps of `size` × `size`, explained as Inspect has it. */
function explained(setting: {
  size: number;
  kernel: number;
  stride: number;
  pad: number;
  channels: number;
  seed: number;
}) {
  const { size, kernel, stride, pad, channels, seed } = setting;
  const out = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const number = (i: number): number => Math.fround(Math.sin(seed + i * 1.7));
  const values = Float32Array.from({ length: size * size * channels }, (_, i) => number(i));
  const weights = Float32Array.from({ length: kernel * kernel * channels }, (_, i) => number(i + 0.5));
  const [y, x] = [seed % out, (seed * 7) % out];
  const shape = [size, size, channels];
  const window = { kernel: [kernel, kernel], stride: [stride, stride], dilation: [1, 1], pad: [pad, pad, pad, pad] };
  const { value, body } = explainConv(window, { filters: 1, groups: 1 }, {
    inputs: [{ layer: 0, shape, values, origin: { layer: 0, shape } }],
    outputShape: [out, out, 1],
    params: [weights, Float32Array.of(0.25)],
    channel: 0,
    y,
    x,
  }); // prettier-ignore
  return { explanation: { channel: 0, y, x, body } as Explanation, value, values, out };
}

it('opens the sliding window on the layer’s kernel and the patch at hand, with the very sum of the unit', () => {
  fc.assert(
    fc.property(
      fc.record({
        size: fc.integer({ min: 7, max: 30 }),
        kernel: fc.integer({ min: 1, max: 7 }),
        stride: fc.integer({ min: 1, max: 3 }),
        pad: fc.integer({ min: 0, max: 3 }),
        channels: fc.integer({ min: 1, max: 3 }),
        seed: fc.integer({ min: 0, max: 999 }),
      }),
      (setting) => {
        const { explanation, value, values, out } = explained(setting);
        const { size, channels } = setting;
        let sum = 0;
        for (let c = 0; c < channels; c++) {
          const plane = planeFor(explanation, c)!;
          const data = Float32Array.from({ length: size * size }, (_, i) => values[i * channels + c]);
          const kept = sceneFor(explanation, plane, { height: size, width: size, data }, out, out);
          // Through the address, as one gets there.
          const found = decode(slidingWindow, addressFor(kept).split('?')[1]);
          if (found.problem) throw new Error(JSON.stringify(found.problem));
          const share = outputs(found.state)[found.at];
          expect(share).toBeCloseTo(plane.sum + (channels === 1 ? 0.25 : 0), 9);
          sum += share;
        }
        expect(sum + (channels === 1 ? 0 : 0.25)).toBeCloseTo(value, 9);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

it('does not offer what the scene has no room for', () => {
  const setting = { size: 20, kernel: 11, stride: 4, pad: 0, channels: 1, seed: 3 };
  expect(planeFor(explained(setting).explanation, 0)).toBeNull();
});
