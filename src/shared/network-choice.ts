import { list, object, oneOf, optional, text, type Infer } from '../core/schema';
import type { TrainOptions } from '../core/train/options';
import type { Message } from '../words';
import type { LayerInfo } from './inspect';
import { SIDES } from './network-inputs';

/** `twin`: dense layers only, about as many parameters; `dense-128-64`: the course notes' plain network. Both on the same input. */
const networkVariant = oneOf('itself', 'twin', 'dense-128-64');
export type NetworkVariant = Infer<typeof networkVariant>;

/** Another input size than the network's own. */
const networkInput = object({ side: oneOf(...SIDES), channels: oneOf(1, 3) });
export type NetworkInput = Infer<typeof networkInput>;

/**
 * An architecture, by the ID of a bundled network or of a recipe with its own network, whose weights are trained from scratch; or a
 * bundled network that stays as it is and gets a new head (`body`).
 */
export const networkChoice = object({
  source: object({ kind: oneOf('bundled', 'recipe', 'body'), id: text() }),
  variant: networkVariant,
  /** Its own where left out. */
  input: optional(networkInput),
  /** Ideas of its spec that are switched off (`NetworkInfo.ideas`). */
  without: optional(list(text(), 0, 16)),
});
export type NetworkChoice = Infer<typeof networkChoice>;

/**
 * What a head is trained with where nothing else is asked for. A linear head on standardized features is a convex problem: it needs
 * neither a schedule nor luck. The penalty keeps the weights of features that happen to tell a few pictures apart small.
 */
export const headOptions: TrainOptions = {
  epochs: 60,
  batch: 16,
  lr: 0.001,
  optimizer: 'adam',
  weightDecay: 0.01,
  patience: 15,
  validation: 0.2,
};

export interface NetworkInfo {
  title: string;
  /** `[C, H, W]`. */
  inputShape: number[];
  layers: LayerInfo[];
  totals: { params: number; trainable: number; macs: number };
  /** What was changed to fit the classes. */
  changes: Message[];
  /** What the network brought that can be switched off: `skip`, `1x1`, …; none of most. */
  ideas: string[];
}
