import { blockOf, cutsOf, readBy, repetitionsOf, type Block } from './blocks';
import type { FoldedGraph } from './fold';
import type { NetworkGraph } from './network';

/** Boxes in a row that can be shown as one. Since a box reads only what stands before it, no circle comes of that. */
export interface BoxGroup {
  /** The module that all of it came from (`layer1.0`), else its first box's name. */
  name: string;
  /** Indices of the first and last box. */
  first: number;
  last: number;
  /** Of equal groups in a row: how many it holds; else 1. */
  repeats: number;
  /** What it holds, without single boxes. */
  groups: readonly BoxGroup[];
}

/** A level of more groups and boxes than this is cut into pieces: nothing of that length is looked at as a whole. */
const LONGEST = 100;
const PIECE = 50;

/** A group or a single box of a level, while it is put together. */
interface Item {
  first: number;
  last: number;
  group: BoxGroup | null;
}

/**
 * The hierarchy of a folded graph: modules by the names of their nodes, within them (or where there are none) blocks that a single value
 * enters, and equal ones in a row together. Inputs stay outside.
 */
export function groupsOf(graph: NetworkGraph, folded: FoldedGraph): BoxGroup[] {
  const { boxes } = folded;
  const inputs = boxes.findIndex(({ nodes }) => nodes.length > 0);
  if (inputs < 0) return [];
  return new Grouping(graph, folded).level(inputs, boxes.length - 1, 0).flatMap(({ group }) => group ?? []);
}

class Grouping {
  private readonly cut: boolean[];
  private readonly before: Map<number, number[]>;
  private readonly scopes: (readonly string[])[];

  constructor(
    private readonly graph: NetworkGraph,
    private readonly folded: FoldedGraph,
  ) {
    this.cut = cutsOf(folded);
    this.before = readBy(folded);
    this.scopes = folded.boxes.map(({ nodes }) => sharedScope(nodes.map((node) => graph.nodes[node].scope)));
  }

  /** What stands side by side among the boxes `first` … `last`, whose modules share their first `depth` names. */
  level(first: number, last: number, depth: number): Item[] {
    let deeper = depth;
    while (last > first && this.sameAt(first, last, deeper)) deeper++;
    const runs = this.runs(first, last, deeper);
    const seen = new Map<string, number>();
    for (const { name } of runs) if (name !== null) seen.set(name, (seen.get(name) ?? 0) + 1);
    const items: Item[] = [];
    let loose = first;
    const flush = (end: number): void => {
      if (loose <= end) items.push(...this.blocks(loose, end));
    };
    for (const run of runs) {
      // A module whose boxes stand in several places is none that could be folded.
      if (run.name === null || run.first === run.last || seen.get(run.name)! > 1) continue;
      flush(run.first - 1);
      const name = pathName(this.scopes[run.first].slice(0, deeper + 1));
      items.push(this.group(name, run.first, run.last, this.level(run.first, run.last, deeper + 1)));
      loose = run.last + 1;
    }
    flush(last);
    return this.pieces(this.repeated(items));
  }

  private sameAt(first: number, last: number, depth: number): boolean {
    const name = this.scopes[first][depth] as string | undefined;
    if (name === undefined) return false;
    for (let at = first + 1; at <= last; at++) if (this.scopes[at][depth] !== name) return false;
    return true;
  }

  private runs(first: number, last: number, depth: number): { name: string | null; first: number; last: number }[] {
    const runs: { name: string | null; first: number; last: number }[] = [];
    for (let at = first; at <= last; at++) {
      const name = (this.scopes[at][depth] as string | undefined) ?? null;
      const run = runs[runs.length - 1] as (typeof runs)[number] | undefined;
      if (run && run.name === name) run.last = at;
      else runs.push({ name, first: at, last: at });
    }
    return runs;
  }

  /** From one place where a single value goes through to the next. */
  private blocks(first: number, last: number): Item[] {
    const items: Item[] = [];
    let start = first;
    for (let at = first; at <= last; at++) {
      if (!this.cut[at] && at < last) continue;
      // A cut-off end of a larger block stays loose.
      const whole = this.cut[at] && (start === 0 || this.cut[start - 1] || start === first);
      if (at > start && whole) items.push(this.group(this.folded.boxes[start].name, start, at, singles(start, at)));
      else items.push(...singles(start, at));
      start = at + 1;
    }
    return items;
  }

  private repeated(items: readonly Item[]): Item[] {
    const blocks = items.map(({ first, last }): Block =>
      blockOf(this.graph, this.folded.boxes, this.before, first, last),
    );
    const found: Item[] = [];
    let next = 0;
    for (const { first, period, count } of repetitionsOf(blocks)) {
      // All there is, said twice, is no news.
      found.push(...items.slice(next, first));
      const one = Array.from({ length: count }, (_, i) => {
        const own = items.slice(first + i * period, first + (i + 1) * period);
        return period === 1
          ? own[0]
          : this.group(blocks[first + i * period].name, own[0].first, own[period - 1].last, own);
      });
      const name = one[0].group?.name ?? blocks[first].name;
      found.push(this.group(name, one[0].first, one[count - 1].last, this.pieces(one), count));
      next = first + count * period;
    }
    return [...found, ...items.slice(next)];
  }

  private pieces(items: Item[]): Item[] {
    let all = items;
    while (all.length > LONGEST) {
      const pieces: Item[] = [];
      for (let at = 0; at < all.length; at += PIECE) {
        const own = all.slice(at, at + PIECE);
        const [start, end] = [own[0], own[own.length - 1]];
        pieces.push(this.group(this.nameOf(start), start.first, end.last, own));
      }
      all = pieces;
    }
    return all;
  }

  private nameOf = ({ group, first }: Item): string => group?.name ?? this.folded.boxes[first].name;

  private group(name: string, first: number, last: number, items: readonly Item[], repeats = 1): Item {
    // A group of nothing but one group is that one.
    const [only] = items;
    if (repeats === 1 && items.length === 1 && only.group) return { first, last, group: { ...only.group, name } };
    return { first, last, group: { name, first, last, repeats, groups: items.flatMap(({ group }) => group ?? []) } };
  }
}

const singles = (first: number, last: number): Item[] =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ first: first + i, last: first + i, group: null }));

/** A module's path as people write it; PyTorch's older exporter names the module around again (`/features/features.3`). */
const pathName = (scope: readonly string[]): string =>
  scope.reduce((path, part) => (path === '' || part.startsWith(`${path}.`) ? part : `${path}.${part}`), '');

/** What all scopes begin with. */
function sharedScope(scopes: readonly (readonly string[])[]): readonly string[] {
  const [first, ...others] = scopes;
  if (!first) return [];
  let length = first.length;
  for (const scope of others) {
    let same = 0;
    while (same < length && same < scope.length && scope[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length);
}
