import type { ConvPlan } from '../conv-plan';
import type { Node } from '../fuse';
import { pixels, type Value } from '../values';
import type { Lowering } from './lowering';

export function convPlan(node: Node, context: Lowering): ConvPlan {
  const plan = context.plan.convs.get(node);
  if (!plan) throw new Error(`layer '${node.spec.name}' is no convolution`);
  return plan;
}

/** The bias and its gradient; a row of zeros that nobody trains where the layer has none. */
export function biasOf(node: Node, context: Lowering): { address: number; gradient: number } {
  if (node.spec.params.some((param) => param.name === 'bias')) return context.store.find(node.layer, 'bias');
  return { address: context.shared.floats(Math.ceil(convPlan(node, context).filters / 8) * 8 + 8), gradient: 0 };
}

/** Address of the first float of image i with its padding. */
export function inputBlock(x: Value, plan: ConvPlan): (i: number) => number {
  const [top, left] = plan.window.pad;
  const back = (top * x.layout.row + left * x.layout.lanes) * 4;
  return (i) => pixels(x, i) - back;
}

/** The part of the output that is computed. */
export function outputBlock({ outHeight, outWidth, filters }: ConvPlan): {
  outHeight: number;
  outWidth: number;
  filters: number;
} {
  return { outHeight, outWidth, filters };
}
