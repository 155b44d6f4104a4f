import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logMarks, marks } from '../../../src/renderer/src/widgets/chart/marks';
import {
  extent,
  firstFrom,
  nearestKnown,
  smoothed,
  steadyRange,
  thin,
  type Point,
} from '../../../src/renderer/src/widgets/chart/points';
import { dotted, structureOf, type ChartSeries } from '../../../src/renderer/src/widgets/chart/series';
import { apart } from '../../../src/renderer/src/widgets/chart/tags';
import { movedTo, zoomed } from '../../../src/renderer/src/widgets/chart/zoom';

const line = (n: number, y: (i: number) => number): Point[] => Array.from({ length: n }, (_, i) => ({ x: i, y: y(i) }));

describe('a thinned line', () => {
  it('is itself where there is room for every point', () => {
    const points = line(100, (i) => Math.sin(i));
    expect(thin(points, 0, 99, 500)).toEqual([points.map(({ x }) => x), points.map(({ y }) => y)]);
  });

  it('keeps every peak of a long line, however narrow', () => {
    const points = line(300_000, (i) => (i === 123_456 ? 9 : i === 222_222 ? -9 : Math.sin(i) * 0.1));
    const [xs, ys] = thin(points, 0, 299_999, 500);
    expect(xs.length).toBeLessThanOrEqual(4 * 501 + 2);
    expect(ys[xs.indexOf(123_456)]).toBe(9);
    expect(ys[xs.indexOf(222_222)]).toBe(-9);
    expect(xs[0]).toBe(0);
    expect(xs[xs.length - 1]).toBe(299_999);
  });

  it('holds true points only, in order, none twice, with the least and the greatest of all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
          minLength: 1,
          maxLength: 800,
        }),
        fc.integer({ min: 1, max: 60 }),
        (steps, columns) => {
          let x = 0;
          const points = steps.map(([by, y]) => ({ x: (x += by), y }));
          const [xs, ys] = thin(points, points[0].x, x, columns);
          const at = new Map(points.map((point) => [point.x, point.y]));
          for (let i = 0; i < xs.length; i++) {
            expect(at.get(xs[i])).toBe(ys[i]);
            if (i > 0) expect(xs[i]).toBeGreaterThan(xs[i - 1]);
          }
          expect(Math.max(...ys)).toBe(Math.max(...points.map(({ y }) => y)));
          expect(Math.min(...ys)).toBe(Math.min(...points.map(({ y }) => y)));
        },
      ),
    );
  });

  it('takes one point beyond either side, so that the line goes on to the edge', () => {
    const [xs] = thin(
      line(1000, (i) => i),
      400.5,
      410.5,
      300,
    );
    expect(xs[0]).toBe(400);
    expect(xs[xs.length - 1]).toBe(412);
  });

  it('leaves out what is no number, and on a logarithmic axis what is not above 0', () => {
    const points = [1, NaN, 0, -1, 2, Infinity].map((y, x) => ({ x, y }));
    expect(thin(points, 0, 5, 100)[0]).toEqual([0, 2, 3, 4]);
    expect(thin(points, 0, 5, 100, true)[0]).toEqual([0, 4]);
  });

  it('of nothing is nothing', () => {
    expect(thin([], 0, 1, 100)).toEqual([[], []]);
    expect(extent([{ points: [] }])).toBeNull();
  });
});

describe('reading a chart', () => {
  it('finds places by halves', () => {
    const points = line(10, (i) => i);
    expect([-1, 0, 3, 3.5, 9, 9.5].map((x) => firstFrom(points, x))).toEqual([0, 0, 3, 4, 9, 10]);
  });
  it('takes the nearest known value in x, not in columns', () => {
    const xs = [0, 1, 1.1, 1.2, 1.3, 2];
    const column = [5, undefined, undefined, undefined, undefined, 7];
    expect(nearestKnown(xs, column, 1)).toBe(0);
    expect(nearestKnown(xs, column, 4)).toBe(5);
  });
  it('reads no line far beyond its end', () => {
    const xs = [0, 1, 2, 3, 4, 5];
    const column = [1, 1, 1, null, null, null];
    expect(nearestKnown(xs, column, 3)).toBe(2);
    expect(nearestKnown(xs, column, 5)).toBeNull();
    expect(nearestKnown(xs, [null, null, null, null, null, null], 2)).toBeNull();
  });
  it('marks an axis with as many places as tell two marks apart', () => {
    expect(marks([0, 0.5, 1])).toEqual(['0', '0.5', '1.0']);
    expect(marks([-20, 0, 20])).toEqual(['−20', '0', '20']);
    expect(marks([0.02, 0.04])).toEqual(['0.02', '0.04']);
    expect(logMarks([0.0001, 0.01, 0.02, 1, 1000, 1e5, null])).toEqual(['10⁻⁴', '0.01', '', '1', '1000', '10⁵', '']);
  });
});

describe('a part of a chart', () => {
  const whole = { min: 0, max: 100 };
  it('is zoomed to about a place, never beyond the whole', () => {
    expect(zoomed(whole, null, 50, 0.5)).toEqual({ min: 25, max: 75 });
    expect(zoomed(whole, null, 0, 0.5)).toEqual({ min: 0, max: 50 });
    expect(zoomed(whole, { min: 10, max: 20 }, 10, 2)).toEqual({ min: 10, max: 30 });
    expect(zoomed(whole, { min: 90, max: 100 }, 95, 4)).toEqual({ min: 75, max: 100 });
  });
  it('is the whole again, and stays where nothing more could be told apart', () => {
    expect(zoomed(whole, { min: 20, max: 80 }, 50, 2)).toBeNull();
    const least = { min: 10, max: 10.0015 };
    expect(zoomed(whole, least, 10, 0.5)).toBe(least);
  });
  it('is read point by point, ten with Shift, and no further than what is seen', () => {
    const xs = line(40, (i) => i).map(({ x }) => x);
    const moved = (read: number | null, key: string, shiftKey = false, seen = { min: 5, max: 30 }) =>
      movedTo(xs, seen, read, { key, shiftKey });
    expect(moved(7, 'ArrowRight')).toBe(8);
    expect(moved(7, 'ArrowLeft')).toBe(6);
    expect(moved(7, 'ArrowRight', true)).toBe(17);
    expect(moved(28, 'ArrowRight', true)).toBe(30);
    expect(moved(5, 'ArrowLeft')).toBe(5);
    expect(moved(7, 'Home')).toBe(5);
    expect(moved(7, 'End')).toBe(30);
    // What was read before the zoom lies outside.
    expect(moved(35, 'ArrowRight')).toBe(30);
    expect(moved(2, 'ArrowLeft')).toBe(5);
  });
  it('is read from the end that is moved away from, where nothing was read yet', () => {
    const moved = (key: string) => movedTo([1, 2, 3], { min: 0, max: 9 }, null, { key, shiftKey: false });
    expect([moved('ArrowRight'), moved('ArrowLeft'), moved('Home'), moved('End')]).toEqual([1, 3, 1, 3]);
    expect(moved('x')).toBeNull();
    expect(movedTo([1, 2], { min: 5, max: 9 }, null, { key: 'End', shiftKey: false })).toBeNull();
  });
});

describe('tags at the ends of lines', () => {
  it('that would touch are moved apart and stay above the bottom, others stay', () => {
    const tags = [
      { tag: 'a', x: 100, y: 50 },
      { tag: 'b', x: 100, y: 48 },
      { tag: 'c', x: 20, y: 49 },
    ];
    const at = (bottom: number) => new Map(apart(tags, 12, bottom).map(({ tag, y }) => [tag, y]));
    expect(at(200)).toEqual(
      new Map([
        ['b', 48],
        ['c', 49],
        ['a', 60],
      ]),
    );
    expect(at(60).get('a')).toBe(54);
    expect(at(60).get('b')).toBe(42);
    expect(tags[0].y).toBe(50);
  });
});

describe('what makes another plot', () => {
  const series = (n: number, change: Partial<ChartSeries> = {}): ChartSeries[] => [
    { name: 'loss', tone: 'current', points: line(n, () => 1), ...change },
  ];
  it('is another set of lines, but not more points, another value or name', () => {
    const structure = structureOf(series(10), false);
    for (const same of [series(39, { name: 'Verlust' }), series(40), series(0)])
      expect(structureOf(same, false)).toBe(structure);
    for (const other of [series(10, { dash: true }), series(10, { tone: 'older' }), []])
      expect(structureOf(other, false)).not.toBe(structure);
    expect(structureOf(series(10), true)).not.toBe(structure);
  });

  it('marks points while they are few', () => {
    expect([0, 1, 39, 40].map((n) => dotted(series(n)[0]))).toEqual([false, true, true, false]);
    expect([0, 1, 2].map((n) => dotted(series(n, { tone: 'older' })[0]))).toEqual([false, true, false]);
  });
});

describe('the range of a chart', () => {
  it('is not pressed flat by a few values that lie far out, and else shows all', () => {
    const losses = Array.from({ length: 200 }, (_, i) => 2 - i / 200);
    const { min, max } = steadyRange([20, ...losses])!;
    expect([min >= 1, max <= 2]).toEqual([true, true]);
    expect(steadyRange(losses)).toEqual({ min: losses[199], max: 2 });
    expect(steadyRange([3, 3, 3])).toEqual({ min: 3, max: 3 });
    expect(steadyRange([])).toBeNull();
  });
});

describe('smoothing', () => {
  it('keeps a constant line and the mean of a noisy one, and every place on x', () => {
    const line = (y: (i: number) => number) => Array.from({ length: 300 }, (_, x) => ({ x, y: y(x) }));
    expect(
      smoothed(
        line(() => 4),
        10,
      ).every(({ y }) => Math.abs(y - 4) < 1e-12),
    ).toBe(true);
    const calm = smoothed(
      line((i) => 1 + (i % 2 ? 1 : -1)),
      20,
    ).slice(60);
    expect(calm.every(({ y }) => Math.abs(y - 1) < 0.1)).toBe(true);
    expect(
      smoothed(
        line(() => NaN),
        10,
      )[0].y,
    ).toBeNaN();
  });
});
