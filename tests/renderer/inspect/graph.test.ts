import { expect, it } from 'vitest';
import { Generator } from '../../../src/core/random';
import { placeNested, type NestedPlaces, type Rectangle } from '../../../src/core/onnx-graph/nested';
import { operatorWords } from '../../../src/words/operators';
import { roomOf } from '../../../src/renderer/src/inspect/graph/sizes';
import { GraphTree, isBranched } from '../../../src/renderer/src/inspect/graph/tree';
import type { GraphGroup, GraphInfo } from '../../../src/shared/protocol';

const size = { width: 100, height: 30 };
const room = roomOf(1, false);

/** A chain of `count` boxes with branches, and groups within groups. */
function random(seed: number, count: number): GraphInfo {
  const draws = new Generator(seed, 1);
  const boxes = Array.from({ length: count }, (_, at) => ({
    layer: at - 1,
    name: `b${at}`,
    operators: at === 0 ? [] : ['Relu'],
    values: [at - 1],
    reads: at === 0 ? [] : [...new Set([at - 1, draws.integer(at)])],
  }));
  const groups = (first: number, last: number): GraphGroup[] => {
    const own: GraphGroup[] = [];
    for (let at = first; at + 2 <= last;) {
      const end = Math.min(last, at + 1 + draws.integer(8));
      if (end - at < last - first)
        own.push({ name: `g${at}`, first: at, last: end, repeats: 1, groups: end - at > 4 ? groups(at, end) : [] });
      at = end + 1 + draws.integer(3);
    }
    return own;
  };
  return { boxes, groups: groups(1, count - 1) };
}

const place = (tree: GraphTree, open: ReadonlySet<number>) => {
  const { shown, parts, edges } = tree.visible(open, () => size);
  return { shown, edges, placed: placeNested(parts, edges, room)! };
};

const inside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 1e-6 &&
  inner.y + inner.height <= outer.y + outer.height + 1e-6;
const apart = (a: Rectangle, b: Rectangle): boolean =>
  a.x + a.width <= b.x + 1e-6 ||
  b.x + b.width <= a.x + 1e-6 ||
  a.y + a.height <= b.y + 1e-6 ||
  b.y + b.height <= a.y + 1e-6;

function expectReadable(
  tree: GraphTree,
  open: ReadonlySet<number>,
  { places, lines, width, height }: NestedPlaces,
): void {
  const all = new Map(places);
  for (const [id, one] of all) {
    expect(inside(one, { x: 0, y: 0, width: width + 1e-6, height: height + 1e-6 })).toBe(true);
    const frame = tree.frameOf(id, open);
    if (frame !== null) expect(inside(one, all.get(frame)!)).toBe(true);
    for (const [other, two] of all) {
      if (other <= id) continue;
      const within = (a: number, b: number): boolean => {
        for (let at = tree.frameOf(a, open); at !== null; at = tree.frameOf(at, open)) if (at === b) return true;
        return false;
      };
      if (!within(id, other) && !within(other, id)) expect(apart(one, two), `${id} and ${other}`).toBe(true);
    }
  }
  for (const { points } of lines)
    for (let at = 1; at < points.length; at++) expect(points[at].y).toBeGreaterThanOrEqual(points[at - 1].y - 1e-6);
}

it('places what is folded and unfolded: nothing on anything else, frames around what they hold, lines downward', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const tree = new GraphTree(random(seed, 40));
    const ids = [...tree.groups.keys()];
    for (const open of [
      new Set<number>(),
      tree.opened(),
      new Set(ids),
      new Set(ids.filter((id) => id % 2 === seed % 2)),
    ]) {
      const { shown, placed } = place(tree, open);
      expect(new Set(placed.places.map(([id]) => id))).toEqual(new Set(shown.map(({ id }) => id)));
      expectReadable(tree, open, placed);
    }
  }
});

it('keeps every connection: what is drawn joins what stands for the boxes that are joined', () => {
  const tree = new GraphTree(random(3, 60));
  const open = tree.opened();
  const { edges, shown } = place(tree, open);
  const drawn = new Set(edges.map(({ from, to }) => `${from} ${to}`));
  const boxes = new Set(shown.flatMap(({ id, form }) => (form === 'frame' ? [] : [id])));
  tree.graph.boxes.forEach(({ reads }, to) => {
    for (const from of reads) {
      const [a, b] = [tree.standsFor(from, open), tree.standsFor(to, open)];
      expect(boxes.has(a) && boxes.has(b)).toBe(true);
      if (a !== b) expect(drawn.has(`${a} ${b}`)).toBe(true);
    }
  });
  const last = tree.graph.boxes.length - 1;
  expect(tree.standsFor(last, tree.reveal(last, open))).toBe(last);
});

it('draws chains as columns of maps, and as a graph what branches or is long', () => {
  const chain = (count: number): GraphInfo => ({
    boxes: random(1, count).boxes.map((box, at) => ({ ...box, reads: at === 0 ? [] : [at - 1] })),
    groups: [],
  });
  expect([isBranched(chain(20)), isBranched(chain(100)), isBranched(random(1, 20))]).toEqual([false, true, true]);
});

it('has a sentence for every operator, in both languages', () => {
  expect(operatorWords.size).toBeGreaterThanOrEqual(150);
  for (const [name, { en, zh }] of operatorWords) {
    expect(en, name).toMatch(/^[^\n]+\.$/);
    expect(zh, name).toMatch(/^[^\n]+。$/);
  }
});
