import { isMessage, MessageError, say, type Message } from '../../words';
import type { FeatureShape } from '../tensor';

/** A layer as people write it: `{ "kind": "conv", "filters": 6, "kernel": 5, "padding": 2 }`. */
export interface LayerSpec {
  /** One of the registry's kinds (`src/core/layers/registry.ts`). */
  kind: string;
  /** Unique in the model; made from the kind and a running number (`conv1`) where it is left out. */
  name?: string;
  /** Names of the layers that feed this one (`input` is the image); the layer before it where left out. */
  inputs?: string[];
  /** The layer's own settings: see the layer's file. */
  [setting: string]: unknown;
}

/** A model as data, JSON-able: the size of its input and a graph of named layers in topological order. */
export interface ModelSpec {
  input: { height: number; width: number; channels: 1 | 3 | number };
  layers: LayerSpec[];
}

/** The name by which layers refer to the image. No layer may take it. */
export const INPUT = 'input';

/** Thrown for a spec that does not hold: names the layer and the field, what was found and what was expected. */
export class SpecError extends MessageError {
  override name = 'SpecError';
  constructor(layer: string, field: string, found: unknown, expected: Message) {
    super(say('spec.field', { layer, field, found: isMessage(found) ? found : show(found), expected }));
  }
}

/** As JSON, NaN and infinities by name, cut where it is long. */
function show(found: unknown): string | Message {
  const text = typeof found === 'number' ? String(found) : JSON.stringify(found);
  if (text === undefined) return say('spec.nothing');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

export type { FeatureShape };
