import type { ModelInfo } from '../../../../shared/protocol';
import { litPath, type LitLine, type Node } from './connections';

/** What is lit for one map: its lines, the maps on them and the layers that they belong to. */
export interface LitSet {
  start: Node;
  lines: LitLine[];
  nodes: ReadonlySet<string>;
  layers: ReadonlySet<number>;
}

export const nodeKey = (node: Node): string => `${node.layer}:${node.channel}`;

const after = 60;
const back = 40;

/** Lights the path of the map under the pointer after 60 ms, lets it go 40 ms after the pointer left. */
export class Lit {
  /** Kept while it fades out. */
  set = $state.raw<LitSet | null>(null);
  on = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  light(model: ModelInfo, node: Node): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const lines = litPath(model, node);
      const nodes = new Set([nodeKey(node)]);
      const layers = new Set([node.layer]);
      for (const { from, to } of lines) {
        for (const each of [from, to]) {
          nodes.add(nodeKey(each));
          layers.add(each.layer);
        }
      }
      this.set = { start: node, lines, nodes, layers };
      this.on = true;
    }, after);
  }

  dark(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.on = false), back);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.on = false;
    this.set = null;
  }
}
