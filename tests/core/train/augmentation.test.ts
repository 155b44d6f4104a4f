import { describe, expect, it } from 'vitest';
import { augment, noAugmentation, type Augmentation, type Ground } from '../../../src/core/train/augmentation';

const frame = { height: 5, width: 6, channels: 2 };
const picture = Uint8Array.from({ length: 60 }, (_, i) => 40 + ((i * 37) % 180));

function vary(settings: Partial<Augmentation>, sample = 0, ground: Ground = 0, epoch = 0, seed = 1): Float32Array {
  const out = new Float32Array(60);
  augment({ ...noAugmentation, ...settings }, picture, frame, ground, seed, epoch, sample, out);
  return out;
}

const at = (values: ArrayLike<number>, y: number, x: number, c: number): number => values[(y * 6 + x) * 2 + c];
const many = Array.from({ length: 200 }, (_, i) => i);

/** The picture moved by whole pixels and mirrored, by hand. */
function moved(dx: number, dy: number, flipX: boolean, flipY: boolean, ground: Ground): number[] {
  const result: number[] = [];
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 6; x++) {
      for (let c = 0; c < 2; c++) {
        const [sy, sx] = [y - dy, x - dx];
        const inside = sy >= 0 && sy < 5 && sx >= 0 && sx < 6;
        if (!inside && ground !== 'edge') result.push(ground);
        else {
          const [cy, cx] = [Math.min(4, Math.max(0, sy)), Math.min(5, Math.max(0, sx))];
          result.push(at(picture, flipY ? 4 - cy : cy, flipX ? 5 - cx : cx, c));
        }
      }
    }
  }
  return result;
}

describe('augmentation', () => {
  it('leaves the picture as it is when everything is off', () => {
    expect([...vary({})]).toEqual([...picture]);
  });

  it.each([0, 255, 'edge'] as Ground[])('shifts by whole pixels in every direction, %s beside it', (ground) => {
    const wanted = new Map<string, string>();
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) wanted.set(moved(dx, dy, false, false, ground).join(), `${dx} ${dy}`);
    const seen = new Set(many.map((sample) => wanted.get([...vary({ shift: 2 }, sample, ground)].join())));
    expect(seen.has(undefined)).toBe(false);
    expect(seen.size).toBe(25);
  });

  it.each([
    ['horizontal', 2],
    ['vertical', 2],
    ['both', 4],
  ] as const)('flips %s half of the time', (flip, ways) => {
    const wanted = [
      moved(0, 0, false, false, 0),
      moved(0, 0, true, false, 0),
      moved(0, 0, false, true, 0),
      moved(0, 0, true, true, 0),
    ].map(String);
    const counts = new Map<number, number>();
    for (const sample of many) {
      const which = wanted.indexOf([...vary({ flip }, sample)].join());
      counts.set(which, (counts.get(which) ?? 0) + 1);
    }
    expect(counts.has(-1)).toBe(false);
    expect(counts.size).toBe(ways);
    for (const count of counts.values()) expect(Math.abs(count - 200 / ways)).toBeLessThan(40);
  });

  it('turns by 90 degrees exactly where the angle is so', () => {
    // A square picture with one bright pixel right of the middle: turned by a, it lies at angle a on the same circle.
    const square = { height: 9, width: 9, channels: 1 };
    const pixels = new Uint8Array(81);
    pixels[4 * 9 + 7] = 200;
    const angles = many.map((sample) => {
      const out = new Float32Array(81);
      augment({ ...noAugmentation, rotate: 90 }, pixels, square, 0, 1, 0, sample, out);
      let [x, y, sum] = [0, 0, 0];
      out.forEach((value, i) => {
        x += value * ((i % 9) - 4);
        y += value * (Math.floor(i / 9) - 4);
        sum += value;
      });
      expect(Math.hypot(x, y) / sum).toBeGreaterThan(2.6);
      expect(sum).toBeGreaterThan(120);
      expect(sum).toBeLessThan(280);
      return (Math.atan2(y, x) * 180) / Math.PI;
    });
    expect(Math.min(...angles)).toBeLessThan(-70);
    expect(Math.max(...angles)).toBeGreaterThan(70);
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(95);
  });

  it('scales about the middle: an even picture stays even inside', () => {
    const even = new Uint8Array(60).fill(100);
    const borders = many.map((sample) => {
      const out = new Float32Array(60);
      augment({ ...noAugmentation, scale: 0.3 }, even, frame, 0, 1, 0, sample, out);
      expect(at(out, 2, 2, 0)).toBeCloseTo(100, 4);
      return at(out, 0, 0, 0);
    });
    expect(Math.min(...borders)).toBeLessThan(60);
    expect(Math.max(...borders)).toBeCloseTo(100, 4);
  });

  it('crops to a part and fills the frame with it: no ground shows', () => {
    for (const sample of many) {
      const out = vary({ crop: 0.4 }, sample, 'edge');
      expect(Math.min(...out)).toBeGreaterThanOrEqual(40);
      // A ramp stays a ramp, less steep by the share that is kept.
      const ramp = Uint8Array.from({ length: 60 }, (_, i) => (Math.floor(i / 2) % 6) * 20);
      const cut = new Float32Array(60);
      augment({ ...noAugmentation, crop: 0.4 }, ramp, frame, 'edge', 1, 0, sample, cut);
      const slope = at(cut, 2, 3, 0) - at(cut, 2, 2, 0);
      expect(slope).toBeGreaterThanOrEqual(11.9);
      expect(slope).toBeLessThanOrEqual(20.1);
    }
  });

  it.each([0, 255])('crops without mixing the ground (%i) into the outermost pixels', (ground) => {
    const even = new Uint8Array(60).fill(100);
    for (const sample of many) {
      for (const settings of [{ crop: 0.4 }, { crop: 0.9, flip: 'both' as const }]) {
        const out = new Float32Array(60);
        augment({ ...noAugmentation, ...settings }, even, frame, ground, 1, 0, sample, out);
        expect(Math.max(...out.map((value) => Math.abs(value - 100)))).toBeLessThan(1e-3);
      }
    }
  });

  it('shows the ground beside a cropped picture that was moved away', () => {
    const even = new Uint8Array(60).fill(100);
    const grounds = many.map((sample) => {
      const out = new Float32Array(60);
      augment({ ...noAugmentation, crop: 0.2, shift: 2 }, even, frame, 0, 1, 0, sample, out);
      return Math.min(...out);
    });
    expect(Math.min(...grounds)).toBe(0);
  });

  it('changes brightness by one factor for the whole picture, up to white', () => {
    const factors = many.map((sample) => {
      const out = vary({ brightness: 0.5 }, sample);
      const factor = out[0] / picture[0];
      out.forEach((value, i) => expect(value).toBeCloseTo(Math.min(255, picture[i] * factor), 3));
      return factor;
    });
    expect(Math.min(...factors)).toBeLessThan(0.6);
    expect(Math.max(...factors)).toBeGreaterThan(1.4);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...factors)).toBeLessThanOrEqual(1.5);
  });

  it('changes contrast about the mean, by one factor', () => {
    const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length;
    const factors = many.map((sample) => {
      const out = vary({ contrast: 0.3 }, sample);
      const factor = (out[0] - mean) / (picture[0] - mean);
      out.forEach((value, i) =>
        expect(value).toBeCloseTo(Math.min(255, Math.max(0, mean + (picture[i] - mean) * factor)), 2),
      );
      return factor;
    });
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.69);
    expect(Math.max(...factors)).toBeGreaterThan(1.2);
  });

  it('changes saturation and hue of color pictures, and leaves grays and their brightness', () => {
    const colors = Uint8Array.of(120, 120, 120, 130, 110, 100, 100, 120, 140, 90, 130, 110);
    const square = { height: 2, width: 2, channels: 3 };
    const gray = (values: ArrayLike<number>, i: number): number =>
      0.299 * values[i] + 0.587 * values[i + 1] + 0.114 * values[i + 2];
    for (const settings of [{ saturation: 0.9 }, { hue: 180 }])
      for (const sample of many.slice(0, 30)) {
        const out = new Float32Array(12);
        augment({ ...noAugmentation, ...settings }, colors, square, 0, 1, 0, sample, out);
        for (let i = 0; i < 12; i += 3) expect(gray(out, i)).toBeCloseTo(gray(colors, i), 0);
        for (let c = 0; c < 3; c++) expect(out[c]).toBeCloseTo(120, 1);
        expect(Math.abs(out[3] - colors[3]) + Math.abs(out[5] - colors[5])).toBeGreaterThan(0);
      }
  });

  it('erases one rectangle with the probability that is set', () => {
    const large = { height: 20, width: 24, channels: 1 };
    const flat = new Uint8Array(480).fill(77);
    const counts = many.map((sample) => {
      const out = new Float32Array(480);
      augment({ ...noAugmentation, erase: 0.5 }, flat, large, 0, 1, 0, sample, out);
      const changed = [...out.keys()].filter((i) => out[i] !== 77);
      if (changed.length === 0) return 0;
      const [rows, columns] = [changed.map((i) => Math.floor(i / 24)), changed.map((i) => i % 24)];
      const sides = [rows, columns].map((places) => Math.max(...places) - Math.min(...places) + 1);
      // Noise that happens to be 77 is no hole.
      expect(changed.length / (sides[0] * sides[1])).toBeGreaterThan(0.9);
      return sides[0] * sides[1];
    });
    const erased = counts.filter((count) => count > 0);
    expect(erased.length).toBeGreaterThan(75);
    expect(erased.length).toBeLessThan(125);
    expect(Math.max(...erased)).toBeLessThan(480 * 0.37);
  });

  it('draws by (seed, epoch, sample) alone, and each use by itself', () => {
    const all = { shift: 2, flip: 'both', rotate: 20, scale: 0.2, crop: 0.2, brightness: 0.3 } as const;
    expect(vary(all, 7)).toEqual(vary(all, 7));
    expect(vary(all, 7)).not.toEqual(vary(all, 8));
    expect(vary(all, 7)).not.toEqual(vary(all, 7, 0, 1));
    expect(vary(all, 7)).not.toEqual(vary(all, 7, 0, 0, 2));
    const bright = vary({ shift: 2, brightness: 0.3 }, 7);
    const dull = vary({ shift: 2 }, 7);
    const factor = Math.max(...bright) / Math.max(...dull);
    dull.forEach((value, i) => expect(bright[i]).toBeCloseTo(Math.min(255, value * factor), 3));
  });
});
