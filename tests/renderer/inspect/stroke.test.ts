import { describe, expect, it } from 'vitest';
import { massCentre, rasterise, SIDE, type Stroke } from '../../../src/renderer/src/inspect/image/stroke';

const line = (x0: number, y0: number, x1: number, y1: number): Stroke =>
  Array.from({ length: 21 }, (_, i) => ({ x: x0 + ((x1 - x0) * i) / 20, y: y0 + ((y1 - y0) * i) / 20 }));
const box = (pixels: Uint8Array): { top: number; bottom: number; left: number; right: number } => {
  const inked = [...pixels].flatMap((v, i) => (v > 0 ? [i] : []));
  const ys = inked.map((i) => Math.floor(i / SIDE));
  const xs = inked.map((i) => i % SIDE);
  return { top: Math.min(...ys), bottom: Math.max(...ys), left: Math.min(...xs), right: Math.max(...xs) };
};

describe('a drawn digit', () => {
  it('is nothing on an empty pad', () => expect(rasterise([])).toBeNull());
  it('fills 20 × 20 in 28 × 28 whatever its size on the pad, its mass in the middle', () => {
    for (const size of [0.2, 0.5, 0.9]) {
      const at = 0.05;
      const seven = [line(at, at, at + size, at), line(at + size, at, at + size / 2, at + size)];
      const pixels = rasterise(seven)!;
      const { top, bottom, left, right } = box(pixels);
      expect(Math.max(bottom - top, right - left) + 1).toBeGreaterThanOrEqual(19);
      expect(Math.max(bottom - top, right - left) + 1).toBeLessThanOrEqual(22);
      const centre = massCentre(pixels);
      expect(Math.abs(centre.x - SIDE / 2)).toBeLessThan(0.6);
      expect(Math.abs(centre.y - SIDE / 2)).toBeLessThan(0.6);
    }
  });
  it('is anti-aliased ink as thick as MNIST’s', () => {
    const pixels = rasterise([line(0.5, 0.1, 0.55, 0.9)])!;
    expect(pixels.some((v) => v > 0 && v < 255)).toBe(true);
    const middle = [...pixels.subarray(14 * SIDE, 15 * SIDE)].reduce((sum, v) => sum + v / 255, 0);
    expect(middle).toBeGreaterThan(2);
    expect(middle).toBeLessThan(3.5);
  });
  it('keeps a dot a dot', () => {
    const pixels = rasterise([[{ x: 0.9, y: 0.9 }]])!;
    const { top, bottom, left, right } = box(pixels);
    expect(Math.max(bottom - top, right - left)).toBeLessThan(6);
    expect(massCentre(pixels).x).toBeCloseTo(14, 0);
  });
});
