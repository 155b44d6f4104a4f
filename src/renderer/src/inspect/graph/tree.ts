import type { ForeignInfo, GraphGroup, GraphInfo } from '../../../../shared/protocol';
import type { Part } from '../../../../core/onnx-graph/nested';
import type { Size } from '../../../../core/onnx-graph/layout';

/** A group with its number: groups go by numbers behind those of the boxes. */
export interface Group extends Omit<GraphGroup, 'groups'> {
  id: number;
  /** The group around it; null at the top. */
  parent: number | null;
  /** Boxes and groups inside, by their numbers, in order. */
  items: readonly number[];
}

/** What stands in the drawing: a box, a folded group, or the frame of an unfolded one. */
export interface Shown {
  id: number;
  form: 'box' | 'group' | 'frame';
}

/** So many things are shown at first at least, where there are as many. */
const LEAST = 8;
/** And no more, where folding helps: about what fits one screen. */
const MOST = 16;
/** Boxes up to which a chain is drawn as today's overview. */
const LONGEST_CHAIN = 64;

/** Whether a network is better drawn as a graph: it branches, or is too long for a row of columns. */
export function isBranched({ boxes }: GraphInfo): boolean {
  const inner = boxes.filter(({ operators }) => operators.length > 0);
  const readers = new Map<number, number>();
  for (const { reads } of inner) for (const from of reads) readers.set(from, (readers.get(from) ?? 0) + 1);
  return (
    inner.length > LONGEST_CHAIN ||
    inner.some(({ reads }) => reads.length > 1) ||
    [...readers.values()].some((count) => count > 1)
  );
}

/** Whether a network is drawn as a graph: as one chose, else as suits it. */
export const drawnAsGraph = ({ graph, refused }: ForeignInfo, chosen: boolean | null): boolean =>
  refused !== null || (chosen ?? isBranched(graph));

/** A network's boxes and groups, and what is to be seen of them as they are folded. */
export class GraphTree {
  readonly groups = new Map<number, Group>();
  readonly top: readonly number[];
  /** For each box the groups around it, the outermost first. */
  private readonly around: number[][];

  constructor(readonly graph: GraphInfo) {
    const { boxes, groups } = graph;
    this.around = boxes.map(() => []);
    let next = boxes.length;
    const level = (own: readonly GraphGroup[], first: number, last: number, parent: number | null): number[] => {
      const items: number[] = [];
      let at = first;
      for (const group of own) {
        while (at < group.first) items.push(at++);
        const id = next++;
        items.push(id);
        for (let box = group.first; box <= group.last; box++) this.around[box].push(id);
        const { name, repeats } = group;
        const entry: Group = { id, parent, name, repeats, first: group.first, last: group.last, items: [] };
        this.groups.set(id, entry);
        entry.items = level(group.groups, group.first, group.last, id);
        at = group.last + 1;
      }
      while (at <= last) items.push(at++);
      return items;
    };
    this.top = level(groups, 0, boxes.length - 1, null);
  }

  /** What is unfolded at first: enough to see how the network goes, and no more than a screen holds. */
  opened(): Set<number> {
    const open = new Set<number>();
    let count = this.top.length;
    const waiting = [...this.top];
    while (count < LEAST) {
      const [largest] = waiting
        .flatMap((id) => this.groups.get(id) ?? [])
        .filter(({ items }) => count - 1 + items.length <= MOST)
        .sort((a, b) => b.last - b.first - (a.last - a.first));
      if (!largest) break;
      open.add(largest.id);
      count += largest.items.length - 1;
      waiting.splice(waiting.indexOf(largest.id), 1, ...largest.items);
    }
    return open;
  }

  /** What stands for a box: itself, or the outermost folded group around it. */
  standsFor(box: number, open: ReadonlySet<number>): number {
    return this.around[box].find((id) => !open.has(id)) ?? box;
  }

  /** The innermost unfolded group around what is shown; null where none is. */
  frameOf(id: number, open: ReadonlySet<number>): number | null {
    const group = this.groups.get(id);
    if (group) return group.parent;
    const inner = this.around[id].filter((each) => open.has(each));
    return inner[inner.length - 1] ?? null;
  }

  /** What has to be unfolded for a box to be seen. */
  reveal(box: number, open: ReadonlySet<number>): Set<number> {
    return new Set([...open, ...this.around[box]]);
  }

  /** The box whose value stands for what is shown: of a group its last. */
  boxOf(id: number): number {
    return this.groups.get(id)?.last ?? id;
  }

  /** What is to be placed, in order, and what is drawn. */
  visible(
    open: ReadonlySet<number>,
    sizeOf: (id: number) => Size,
  ): { shown: Shown[]; parts: Part[]; edges: { from: number; to: number }[] } {
    const shown: Shown[] = [];
    const parts = (items: readonly number[]): Part[] =>
      items.map((id) => {
        const group = this.groups.get(id);
        if (!group || !open.has(id)) {
          shown.push({ id, form: group ? 'group' : 'box' });
          return { id, size: sizeOf(id) };
        }
        shown.push({ id, form: 'frame' });
        return { id, parts: parts(group.items) };
      });
    const top = parts(this.top);
    const seen = new Set<string>();
    const edges: { from: number; to: number }[] = [];
    this.graph.boxes.forEach(({ reads }, box) => {
      const to = this.standsFor(box, open);
      for (const read of reads) {
        const from = this.standsFor(read, open);
        const key = `${from} ${to}`;
        if (from === to || seen.has(key)) continue;
        seen.add(key);
        edges.push({ from, to });
      }
    });
    return { shown, parts: top, edges };
  }
}
