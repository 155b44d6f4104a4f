/** A box to place, in pixels. */
export interface Size {
  width: number;
  height: number;
}

export interface Placed {
  /** Left and top of each box. */
  boxes: { x: number; y: number }[];
  /** For each edge the points it goes through, from the bottom of one box to the top of the other. */
  edges: { x: number; y: number }[][];
  width: number;
  height: number;
}

/** Room between boxes of a layer, and between layers, in pixels. */
export interface Gaps {
  across: number;
  down: number;
}
const GAPS: Gaps = { across: 20, down: 28 };
/** Width that an edge takes where it passes through a layer. */
const LANE = 8;
/** Layers that an edge passes at most with a place in each; a longer one goes straight, so that no graph has more lanes than boxes by far. */
const LONGEST_LANES = 60;
/** Boxes and lanes that all sweeps together may visit. */
const WORK = 400_000;

/** A box or a lane in a layer. */
interface Item {
  width: number;
  height: number;
  up: number[];
  down: number[];
  /** Left edge. */
  x: number;
  lane: boolean;
}

/**
 * Places the boxes of a graph without circles in layers, top to bottom, as Sugiyama, Tagawa and Toda (1981) do: layers by longest
 * paths, order within a layer by the means of neighbors, and then the nearest places to the means that do not overlap (by pooling
 * adjacent violators, exact for each layer). The same graph gives the same picture.
 * @param edges from box to box, each `from < to`. @param stopped asked now and then; where it says yes the result is null.
 */
export function layOut(
  sizes: readonly Size[],
  edges: readonly { from: number; to: number }[],
  stopped: () => boolean = () => false,
  gaps: Gaps = GAPS,
): Placed | null {
  const layer = layersOf(sizes.length, edges);
  const count = layer.reduce((most, each) => Math.max(most, each + 1), 0);
  const items: Item[] = sizes.map((size) => ({ ...size, up: [], down: [], x: 0, lane: false }));
  const layers: number[][] = Array.from({ length: count }, () => []);
  layer.forEach((at, index) => layers[at].push(index));
  const lanes = edges.map(({ from, to }) => {
    const between: number[] = [];
    const passes = layer[to] - layer[from] - 1;
    let above = from;
    for (let at = layer[from] + 1; passes <= LONGEST_LANES && at < layer[to]; at++) {
      const lane = items.push({ width: LANE, height: 0, up: [above], down: [], x: 0, lane: true }) - 1;
      items[above].down.push(lane);
      layers[at].push(lane);
      between.push(lane);
      above = lane;
    }
    items[above].down.push(to);
    items[to].up.push(above);
    return between;
  });

  const sweeps = Math.max(2, Math.min(12, Math.floor(WORK / (items.length + 1))));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    if (stopped()) return null;
    order(layers, items, sweep % 2 === 0);
  }
  for (const row of layers)
    compact(
      row,
      items,
      row.map(() => 0),
      gaps.across,
    );
  for (let sweep = 0; sweep < sweeps; sweep++) {
    if (stopped()) return null;
    const down = sweep % 2 === 0;
    for (const row of down ? layers : [...layers].reverse()) {
      const wanted = row.map((index) => {
        const item = items[index];
        const near = down ? item.up : item.down;
        if (near.length === 0) return item.x + item.width / 2;
        return near.reduce((sum, other) => sum + items[other].x + items[other].width / 2, 0) / near.length;
      });
      compact(row, items, wanted, gaps.across);
    }
  }
  return placed(sizes, edges, { layer, layers, items, lanes, gap: gaps.down });
}

/** Longest path from above; what nothing leads to moves down to just above what it leads to. */
function layersOf(count: number, edges: readonly { from: number; to: number }[]): number[] {
  const layer = Array<number>(count).fill(0);
  const bySource: number[][] = Array.from({ length: count }, () => []);
  const fed = Array<boolean>(count).fill(false);
  for (const { from, to } of edges) {
    bySource[from].push(to);
    fed[to] = true;
  }
  for (let at = 0; at < count; at++) for (const to of bySource[at]) layer[to] = Math.max(layer[to], layer[at] + 1);
  for (let at = count - 1; at >= 0; at--)
    if (!fed[at] && bySource[at].length > 0)
      layer[at] = bySource[at].reduce((least, to) => Math.min(least, layer[to] - 1), Infinity);
  return layer;
}

/** Sorts each layer by the mean place of what its items are joined to in the layer before (or after, upwards). */
function order(layers: number[][], items: readonly Item[], down: boolean): void {
  const place = new Float64Array(items.length);
  for (const row of layers) row.forEach((index, at) => (place[index] = at));
  const key = new Float64Array(items.length);
  for (const row of down ? layers : [...layers].reverse()) {
    for (const index of row) {
      const near = down ? items[index].up : items[index].down;
      let sum = 0;
      for (const other of near) sum += place[other];
      key[index] = near.length === 0 ? place[index] : sum / near.length;
    }
    row.sort((a, b) => key[a] - key[b] || place[a] - place[b]);
    row.forEach((index, at) => (place[index] = at));
  }
}

/**
 * Places a layer's items in their order as near as can be to where their centers are wanted: least squares under the order, by pooling
 * adjacent violators. Lanes weigh more, so that long edges are straight.
 */
function compact(row: readonly number[], items: Item[], wanted: readonly number[], gap: number): void {
  // With the room of all that stands before taken off, items may touch but not pass each other.
  const pools: { sum: number; weight: number; size: number }[] = [];
  const offsets: number[] = [];
  let offset = 0;
  row.forEach((index, at) => {
    const { width, lane } = items[index];
    offsets.push(offset);
    const weight = lane ? 4 : 1;
    let pool = { sum: weight * (wanted[at] - width / 2 - offset), weight, size: 1 };
    while (pools.length > 0) {
      const before = pools[pools.length - 1];
      if (before.sum / before.weight <= pool.sum / pool.weight) break;
      pools.pop();
      pool = { sum: before.sum + pool.sum, weight: before.weight + pool.weight, size: before.size + pool.size };
    }
    pools.push(pool);
    offset += width + gap;
  });
  let at = 0;
  for (const { sum, weight, size } of pools)
    for (let i = 0; i < size; i++, at++) items[row[at]].x = sum / weight + offsets[at];
}

function placed(
  sizes: readonly Size[],
  edges: readonly { from: number; to: number }[],
  {
    layer,
    layers,
    items,
    lanes,
    gap,
  }: { layer: number[]; layers: number[][]; items: Item[]; lanes: number[][]; gap: number },
): Placed {
  const left = items.reduce((least, { x }) => Math.min(least, x), Infinity);
  const right = items.reduce((most, { x, width }) => Math.max(most, x + width), -Infinity);
  const tops: number[] = [];
  let y = 0;
  const heights = layers.map((row) => row.reduce((most, index) => Math.max(most, items[index].height), 0));
  for (const height of heights) {
    tops.push(y);
    y += height + gap;
  }
  const boxes = sizes.map(({ height }, index) => ({
    x: items[index].x - left,
    y: tops[layer[index]] + (heights[layer[index]] - height) / 2,
  }));
  const middle = (index: number): number => items[index].x - left + items[index].width / 2;
  const lines = edges.map(({ from, to }, at) => [
    { x: middle(from), y: boxes[from].y + sizes[from].height },
    ...lanes[at].flatMap((lane, passed) => {
      const row = layer[from] + 1 + passed;
      return [
        { x: middle(lane), y: tops[row] },
        { x: middle(lane), y: tops[row] + heights[row] },
      ];
    }),
    { x: middle(to), y: boxes[to].y },
  ]);
  return { boxes, edges: lines, width: sizes.length === 0 ? 0 : right - left, height: Math.max(0, y - gap) };
}
