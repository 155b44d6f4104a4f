import type { FoldedGraph } from './fold';
import type { NetworkGraph } from './network';

/** Boxes that belong together: from one place where a single value goes through to the next. */
export interface Block {
  /** Indices of boxes, in their order. */
  boxes: readonly number[];
  /** The module that all its nodes came from, as `layer1.0`; the first box's name where there is none. */
  name: string;
  /** Same for blocks of the same operators, joined in the same way. */
  signature: string;
}

/** Blocks that come several times in a row: `period` of them, `count` times. */
export interface Repetition {
  first: number;
  period: number;
  count: number;
}

/** Blocks that are compared in a row; a transformer's layer has two, an Inception stage some. */
const LONGEST_PERIOD = 8;

/**
 * Cuts a folded graph into blocks: a residual block, a dense layer, an attention. A place between two boxes is a cut where only one
 * value passes it.
 */
export function blocksOf(graph: NetworkGraph, folded: FoldedGraph): Block[] {
  const cut = cutsOf(folded);
  const before = readBy(folded);
  const blocks: Block[] = [];
  let start = 0;
  for (let at = 0; at < folded.boxes.length; at++) {
    if (!cut[at]) continue;
    blocks.push(blockOf(graph, folded.boxes, before, start, at));
    start = at + 1;
  }
  return blocks;
}

/** For each box, whether only one value goes on behind it, or none. Inputs but the first do not count: a mask is read everywhere. */
export function cutsOf({ boxes, edges }: FoldedGraph): boolean[] {
  const counts = boxes.map(({ nodes }, index) => index === 0 || nodes.length > 0);
  // Box by box, how many boxes before it are read from it on or later.
  const last = boxes.map((_, index) => index);
  for (const { from, to } of edges) if (counts[from]) last[from] = Math.max(last[from], to);
  const closes = boxes.map(() => 0);
  for (const end of last) closes[end]++;
  let open = 0;
  return boxes.map((_, at) => {
    open += 1;
    open -= closes[at];
    // What is read by no box closes at once; else the box itself is the one value that goes on.
    return at === boxes.length - 1 || (open === 1 && last[at] > at) || open === 0;
  });
}

/** For each box the boxes that it reads. */
export function readBy({ edges }: Pick<FoldedGraph, 'edges'>): Map<number, number[]> {
  const before = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const known = before.get(to);
    if (known) known.push(from);
    else before.set(to, [from]);
  }
  return before;
}

/** Boxes `start` … `end` as a block. */
export function blockOf(
  graph: NetworkGraph,
  boxes: FoldedGraph['boxes'],
  before: ReadonlyMap<number, readonly number[]>,
  start: number,
  end: number,
): Block {
  const indices = Array.from({ length: end - start + 1 }, (_, i) => start + i);
  const parts = indices.map((index) => {
    const inputs = (before.get(index) ?? []).map((from) => (from < start ? 'x' : from - start)).sort();
    return `${boxes[index].operators.join('+')}(${inputs.join(',')})`;
  });
  const scopes = indices.flatMap((index) => boxes[index].nodes.map((node) => graph.nodes[node].scope));
  return { boxes: indices, name: common(scopes) || boxes[start].name, signature: parts.join(';') };
}

/** What all scopes begin with, as people write it. */
function common(scopes: readonly (readonly string[])[]): string {
  if (scopes.length === 0) return '';
  let length = Math.min(...scopes.map((scope) => scope.length));
  for (let depth = 0; depth < length; depth++)
    if (scopes.some((scope) => scope[depth] !== scopes[0][depth])) length = depth;
  return scopes[0].slice(0, length).join('.');
}

/**
 * Runs of equal blocks, in their order. Those of a short period come first, so that equal blocks in a row are one run wherever they stand;
 * a run of single boxes is none.
 */
export function repetitionsOf(blocks: readonly Block[]): Repetition[] {
  const found: Repetition[] = [];
  const taken = blocks.map(() => false);
  const equal = (one: number, other: number): boolean =>
    other < blocks.length && !taken[other] && blocks[one].signature === blocks[other].signature;
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    for (let first = 0; first < blocks.length;) {
      const large = period > 2 || blocks.slice(first, first + period).some(({ boxes }) => boxes.length > 1);
      let same = 0;
      while (large && !taken[first + same] && equal(first + same, first + period + same)) same++;
      const count = 1 + Math.floor(same / period);
      if (count < 2) {
        first++;
        continue;
      }
      found.push({ first, period, count });
      taken.fill(true, first, first + count * period);
      first += count * period;
    }
  }
  return found.sort((a, b) => a.first - b.first);
}
