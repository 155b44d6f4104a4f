import type { Session } from '../../state/session.svelte';
import { peek } from '../side/peek.svelte';
import type { Node } from './connections';
import { channelAt, type Layout } from './geometry';
import { Lit } from './lit.svelte';
import type { Panning } from './panning.svelte';
import { probe } from './probe';

/** What the pointer does over the maps: lights what feeds the one below it, selects it, opens it. */
export class Pointer {
  readonly lit = new Lit();
  hovered = $state.raw<Node | null>(null);

  constructor(
    readonly session: Session,
    readonly layout: () => Layout | null,
    readonly pan: Panning,
  ) {}

  readonly over = (event: PointerEvent): void => {
    const { session } = this;
    if (this.pan.active || !session.model) return;
    const at = this.#under(event);
    if (at?.layer !== this.hovered?.layer || at?.channel !== this.hovered?.channel) {
      this.hovered = at && { layer: at.layer, channel: at.channel };
      if (this.hovered) {
        this.light(this.hovered);
        peek.over(this.hovered.layer, this.hovered.channel);
      } else {
        this.lit.dark();
        peek.out();
      }
    }
    const still = (): boolean => at !== null && this.hovered?.layer === at.layer && this.hovered.channel === at.channel;
    probe(session, event, at, still);
  };

  readonly leave = (): void => {
    this.hovered = null;
    this.lit.dark();
    peek.out();
    this.session.status.probe = '';
  };

  readonly click = (event: MouseEvent): void => {
    if (this.pan.swallowed()) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const at = this.#under(event);
    if (!at) return;
    event.preventDefault();
    this.session.activate(at.layer, at.channel);
    if (this.session.selection.depth > 0) {
      this.lit.clear();
      peek.clear();
    }
  };

  /** Lights what feeds a map. The softmax's own connections stay inside the answer: its rows light what their logits are made of. */
  light(node: Node): void {
    const answer = this.layout()?.answer;
    const start =
      answer && node.layer === answer.softmax && answer.logits !== null ? { ...node, layer: answer.logits } : node;
    if (this.session.drawing) this.lit.light(this.session.drawing, start);
  }

  /** The map at a place of the window, and the element that draws it. */
  #under(event: PointerEvent | MouseEvent): (Node & { element: Element }) | null {
    const target = event.target instanceof Element ? event.target : null;
    const tile = target?.closest<HTMLElement>('[data-l]');
    if (tile) return { layer: Number(tile.dataset.l), channel: Number(tile.dataset.c), element: tile };
    const units = target?.closest<HTMLElement>('[data-units]');
    const layout = this.layout();
    if (!units || !layout) return null;
    const layer = Number(units.dataset.units);
    const group = layout.byLayer.get(layer);
    if (!group) return null;
    const box = units.getBoundingClientRect();
    const channel = channelAt(group, group.box.x + event.clientX - box.left, group.box.y + event.clientY - box.top);
    return channel === null ? null : { layer, channel, element: units };
  }
}
