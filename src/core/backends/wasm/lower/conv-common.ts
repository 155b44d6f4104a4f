import type { ConvPlan } from '../conv-plan';
import type { Node } from '../fuse';
import { LANES, open } from '../access';
import { makeLayout, type Layout } from '../layout';
import { pixels, type Activation, type Gradient } from '../values';
import type { Lowering } from './lowering';

/** A convolution's tensors: it reads zeros around its input and around its error, as far as its plan says. */
export function openConv(
  node: Node,
  context: Lowering,
): { x: Activation; y: Activation; dy: Gradient | null; dx: Gradient | null } {
  const { inputHalo, errorHalo } = convPlan(node, context);
  const tensors = open(node, context.plan, {
    x: { ...LANES, halo: inputHalo },
    y: LANES,
    dy: { ...LANES, halo: errorHalo },
    // A gradient written together with its padding goes through a GradientWriter.
    dx: { ...LANES, adds: true, masks: convPlan(node, context).paddedGradient },
  });
  return { ...tensors, x: tensors.x[0], dx: tensors.dx[0] };
}

/** dX with the padding of x, as most kernels write it. */
export function paddedLayout({ height, width, channels, inputHalo }: ConvPlan, { layout }: Activation): Layout {
  if (channels !== layout.lanes) throw new Error(`planned for ${channels} lanes, found ${layout.lanes}`);
  return makeLayout([height, width, layout.channels], layout.lanes, inputHalo);
}

export function convPlan(node: Node, context: Lowering): ConvPlan {
  const plan = context.plan.convs.get(node);
  if (!plan) throw new Error(`layer '${node.spec.name}' is no convolution`);
  return plan;
}

/** The bias and its gradient; for a layer without bias a row of zeros that is not trained. */
export function biasOf(node: Node, context: Lowering): { address: number; gradient: number } {
  if (node.spec.params.some((param) => param.name === 'bias')) return context.store.find(node.layer, 'bias');
  return { address: context.shared.floats(Math.ceil(convPlan(node, context).filters / 8) * 8 + 8), gradient: 0 };
}

/** Address of the first float of image i with its padding. */
export function inputBlock(x: Activation, plan: ConvPlan): (i: number) => number {
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
