import type { Component } from 'svelte';
import type { Explanation, ExplanationBody } from '../../../../core/explain/types';
import DenseBody from './DenseBody.svelte';
import ElementwiseBody from './ElementwiseBody.svelte';
import JoinBody from './JoinBody.svelte';
import NormBody from './NormBody.svelte';
import PoolBody from './PoolBody.svelte';
import SoftmaxBody from './SoftmaxBody.svelte';

type Kind = ExplanationBody['kind'];

interface BodyProps<K extends Kind> {
  explanation: Explanation;
  body: Extract<ExplanationBody, { kind: K }>;
  /** Pixels that there are. */
  width: number;
  /** Looks at a unit of the source. */
  onopen(channel: number, y: number, x: number): void;
  /** Looks at a unit of any layer. */
  onopenunit(layer: number, channel: number, y: number, x: number): void;
}

/** How each arithmetic is drawn, below its formula: no view knows a kind of layer. A sum over a window is `SumBody`'s, which needs the planes too. */
const bodies: { [K in Kind]: Component<BodyProps<K>> } = {
  sum: DenseBody,
  pick: PoolBody,
  mean: PoolBody,
  function: ElementwiseBody,
  normalize: NormBody,
  share: SoftmaxBody,
  join: JoinBody,
  copy: JoinBody,
};

/** The view that fits a body; it is given that body. */
export const viewOf = (body: ExplanationBody): Component<BodyProps<Kind>> =>
  bodies[body.kind] as Component<BodyProps<Kind>>;
