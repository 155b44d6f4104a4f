import type { Inspection, LayerInfo, ModelInfo } from '../../../shared/protocol';
import { drawnModel, firstLayer, isNonNegative, layerAt, mapsOf } from './layers';
import {
  start,
  stepInput,
  stepLayer,
  stepMap,
  stepUnit,
  strongest,
  toDepth,
  toLayer,
  within,
  type Selection,
} from './navigation';
import { layerScale, networkScale, scopeOf, scopes, type Scope } from './scale';
import type { InspectionTensors, ModelTensors } from './tensors.svelte';

/** The color scale of a map: ±`most` at its ends, and whose it is. */
export interface MapScale {
  most: number;
  scope: Scope;
}

/**
 * A network as it looked at one image, and where in it one looks: the current layer, map and unit, and the color scale. It opens
 * nothing; `Session` does.
 */
export class View {
  model = $state.raw<ModelInfo | null>(null);
  inspection = $state.raw<Inspection | null>(null);
  /** What has been fetched of the inspection and of the model. */
  tensors = $state.raw<InspectionTensors | null>(null);
  weights = $state.raw<ModelTensors | null>(null);

  selection = $state.raw<Selection>(start);
  scope = $state<Scope>('layer');

  readonly networkMost = $derived(this.model && this.inspection ? networkScale(this.model, this.inspection) : 0);
  /** The network as the overview draws it. */
  readonly drawing = $derived(this.model && drawnModel(this.model));
  readonly layer = $derived(this.model ? layerAt(this.model, this.selection.layer) : null);

  /** Whether the unit was chosen by hand. */
  protected placed = false;

  // ---- the current layer, map and unit ----

  layerAt(index: number): LayerInfo {
    if (!this.model) throw new Error('no network is open');
    return layerAt(this.model, index);
  }

  /** First click selects, the same again goes deeper, a sibling swaps in place. True where it went deeper. */
  activate(layer: number, channel: number, place?: { y: number; x: number }): boolean {
    const same = this.selection.layer === layer && this.selection.channel === channel;
    this.select(layer, channel, place);
    if (same) this.deeper();
    return same;
  }

  select(layer: number, channel: number, place?: { y: number; x: number }): void {
    if (!this.model) return;
    if (place) this.placed = true;
    // Without a place the same part of the picture stays selected in another layer's smaller or larger maps.
    const carried = layer === this.selection.layer ? this.selection : toLayer(this.model, this.selection, layer);
    this.selection = within(this.model, { ...carried, channel, ...place });
  }

  selectInput(inChannel: number): void {
    this.selection = { ...this.selection, inChannel };
  }

  /** Any part of the selection at once, kept inside the bounds. */
  look(change: Partial<Selection>): void {
    if (!this.model) return;
    if (change.y !== undefined || change.x !== undefined) this.placed = true;
    this.selection = within(this.model, { ...this.selection, ...change });
  }

  toLayer(index: number): void {
    if (this.model) this.selection = toLayer(this.model, this.selection, index);
  }

  deeper(): void {
    this.goTo(this.selection.depth + 1);
  }

  up(): void {
    this.goTo(this.selection.depth - 1);
  }

  /** Of a network, or a value, that cannot be computed there is only the overview. */
  goTo(depth: number): void {
    if (this.model?.foreign && (this.model.foreign.refused || !this.inspection || this.layer?.unavailable)) return;
    const selection = toDepth(this.selection, depth);
    const opens = selection.depth === 2 && this.selection.depth < 2;
    this.selection = opens && !this.placed ? { ...selection, ...this.#strongest(selection) } : selection;
  }

  /** The unit with the map's largest value, to a thumbnail's precision: pixel depth begins there unless a unit was chosen. */
  #strongest({ layer, channel }: Selection): { y: number; x: number } | null {
    const thumb = this.tensors?.sheet(layer).map(channel);
    if (!this.model || !thumb) return null;
    const [, height, width] = mapsOf(layerAt(this.model, layer));
    return strongest(thumb, height, width);
  }

  stepMap(step: number): void {
    if (this.model) this.selection = stepMap(this.model, this.selection, step);
  }

  stepLayer(step: number): void {
    if (this.model) this.selection = stepLayer(this.model, this.selection, step);
  }

  stepUnit(dy: number, dx: number): void {
    if (!this.model) return;
    this.placed = true;
    this.selection = stepUnit(this.model, this.selection, dy, dx);
  }

  stepInput(step: number): void {
    if (this.model) this.selection = stepInput(this.model, this.selection, step);
  }

  // ---- the color scale ----

  stepScope(): void {
    this.scope = scopes[(scopes.indexOf(this.scope) + 1) % scopes.length];
  }

  /** The scale of one map. `unitMost` is its own largest absolute value, for the scope of one unit. */
  scaleOf(layer: number, unitMost: number): MapScale {
    if (!this.model || !this.inspection) return { most: 0, scope: 'layer' };
    const scope = scopeOf(this.model, layer, this.scope);
    const most = scope === 'network' ? this.networkMost : scope === 'layer' ? this.layerMost(layer) : unitMost;
    return { most, scope };
  }

  /** Largest absolute value of a layer; of one that was not computed with the others once a map of it is here. */
  layerMost(layer: number): number {
    const known = this.inspection && layerScale(this.inspection, layer);
    return known ?? this.tensors?.sheet(layer).most ?? 0;
  }

  isNonNegative(layer: number): boolean {
    return this.model !== null && isNonNegative(this.model, layer);
  }
}

/** What a network shows first: map 0 of its first layer, the unit in its middle. */
export function firstLook(model: ModelInfo): Partial<Selection> {
  const first = firstLayer(model);
  const layer = model.foreign
    ? (model.foreign.drawn[0]?.layer ?? model.foreign.graph.boxes[0]?.layer ?? first)
    : Math.min(0, model.layers.length - 1);
  const [, height, width] = mapsOf(layerAt(model, layer));
  return { layer, channel: 0, y: Math.floor(height / 2), x: Math.floor(width / 2) };
}
