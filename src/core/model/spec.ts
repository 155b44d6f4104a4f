import { isMessage, MessageError, say, type Message } from '../../words';
import { asMap } from '../geometry';
import type { FeatureShape } from '../tensor';

/** A layer as written in a spec: `{ "kind": "conv", "filters": 6, "kernel": 5, "padding": 2 }`. */
export interface LayerSpec {
  /** One of the registry's kinds (`src/core/layers/registry.ts`). */
  kind: string;
  /** Unique in the model; if missing, made from the kind and a running number (`conv1`). */
  name?: string;
  /** Names of the layers that feed this one (`input` is the image); if missing, the layer before it. */
  inputs?: string[];
  /** The layer's own settings: see the layer's file. */
  [setting: string]: unknown;
}

/** A model as data, JSON-able: the size of its input and a graph of named layers in topological order. */
export interface ModelSpec {
  input: InputSpec;
  layers: LayerSpec[];
}

export interface PictureInput {
  height: number;
  width: number;
  channels: number;
}

/** A picture, a signal of one spatial axis, or a volume of three. */
export type InputSpec = PictureInput | { length: number; channels: number } | (PictureInput & { depth: number });

/** The fields that an input has, and no others, in the order of its shape `[...spatial, C]`. */
export function inputOf(input: InputSpec): InputSpec {
  const { channels } = input;
  if ('length' in input) return { length: input.length, channels };
  const { height, width } = input;
  return { ...('depth' in input && { depth: input.depth }), height, width, channels };
}

export function inputFields(input: InputSpec): [field: string, size: number][] {
  return Object.entries({ ...inputOf(input) });
}

/** The picture that stands for an input: a signal is a row, a volume's slices lie below each other (`asMap`). */
export function pictureOf(input: InputSpec): PictureInput {
  const [height, width, channels] = asMap(inputFields(input).map(([, size]) => size));
  return { height, width, channels };
}

/** The name by which layers refer to the image. No layer may take it. */
export const INPUT = 'input';

/** Thrown for an invalid spec: names the layer and the field, what was found and what was expected. */
export class SpecError extends MessageError {
  override name = 'SpecError';
  /** @param layer its name; of a layer without one its number, from 1; null for the network as a whole. */
  constructor(layer: string | number | null, field: string, found: unknown, expected: Message) {
    const what = { field, found: isMessage(found) ? found : show(found), expected };
    if (layer === null) super(say('spec.field-of-network', what));
    else if (layer === INPUT) super(say('spec.field-of-input', what));
    else super(say(typeof layer === 'number' ? 'spec.field-of' : 'spec.field', { layer, ...what }));
  }
}

/** Whether a value of a spec has fields. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as JSON for messages: NaN and infinities by name, long text cut. */
function show(found: unknown): string | Message {
  const text = typeof found === 'number' ? String(found) : JSON.stringify(found);
  if (text === undefined) return say('spec.nothing');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

export type { FeatureShape };
