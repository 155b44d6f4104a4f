import type { Node } from './fuse';
import type { Halo, Layout } from './layout';
import type { Plan } from './plan';
import type { Activation, Gradient, Value } from './values';

/**
 * How the kernels of a layer access a tensor. The plan decides the layout of tensors; a lowering declares which layouts its kernels
 * support. A mismatch throws when the program is built.
 */
export interface Access {
  /** Rows may lie apart, with a halo between them. False: a kernel takes the rows of an image, or whole images, as one run. */
  readonly gaps: boolean;
  /** There may be more lanes than channels, the surplus being zero. */
  readonly lanes: boolean;
  /** Zeros that are read around the pixels. */
  readonly halo?: Halo;
}

/** How a gradient of an input is written. */
export interface GradientAccess extends Access {
  /** Adds where several readers join; otherwise it can only be the one reader. */
  readonly adds: boolean;
  /** Applies the ReLU that was fused into the producer, where that falls to the reader. */
  readonly masks: boolean;
}

/** What a lowering does with its tensors; all inputs alike. */
export interface Uses {
  readonly x: Access;
  readonly y: Access;
  readonly dy: Access;
  readonly dx: GradientAccess;
  /** Pixels of inputs and output must lie equally far apart. */
  readonly alike?: boolean;
  /** Gradients must hold the whole batch: the layer goes through it more than once. */
  readonly whole?: boolean;
}

/** A node's tensors, checked. Without `dy` the layer's gradients are not needed and it has no backward pass. */
export interface Tensors {
  readonly x: readonly Activation[];
  readonly y: Activation;
  readonly dy: Gradient | null;
  /** Per input; null if it is not needed. */
  readonly dx: readonly (Gradient | null)[];
}

/** Row by row, at any distance. */
export const ROWS: Access = { gaps: true, lanes: false };
/** Row by row, surplus lanes taken along. */
export const LANES: Access = { gaps: true, lanes: true };
/** All images as one run of floats. */
export const FLAT: Access = { gaps: false, lanes: false };

/** The same for x, y and dy, and a dx that is added to where branches join. */
export function uses(access: Access): Uses {
  return { x: access, y: access, dy: access, dx: { ...access, adds: true, masks: false } };
}

/** The tensors of a node. Throws if the lowering does not support the layout of one: an error in the plan or in the declaration. */
export function open(node: Node, plan: Plan, { x, y, dy, dx, alike, whole }: Uses): Tensors {
  const inputs = node.inputs.map((id) => valueOf(plan, id));
  const output = valueOf(plan, node.output);
  const check = (what: string, layout: Layout, access: Access): void => {
    const reason = mismatch(layout, access);
    if (reason) refuse(node, what, reason);
  };
  for (const input of inputs) check('its input', input.layout, x);
  check('its output', output.layout, y);
  const apart = alike && inputs.find((input) => input.layout.lanes !== output.layout.lanes);
  if (apart)
    refuse(
      node,
      'its input',
      `has ${apart.layout.lanes} lanes, its output ${output.layout.lanes}, and both are taken alike`,
    );
  const gradient = output.gradient;
  if (!gradient) return { x: inputs, y: output, dy: null, dx: inputs.map(() => null) };
  check('the gradient of its output', gradient.layout, dy);
  if (dy.halo && hasHalo(dy.halo) && gradient.border !== 'zeros')
    refuse(node, 'the gradient of its output', 'has a border that its reader spoils, and zeros are read there');
  for (const input of inputs) if (input.gradient) checkWritten(node, input.gradient, dx);
  const all = [gradient, ...inputs.flatMap((input) => input.gradient ?? [])];
  if (whole && all.some((each) => !each.whole))
    refuse(node, 'a gradient', 'holds one group of images, and the batch is taken');
  return { x: inputs, y: output, dy: gradient, dx: inputs.map((input) => input.gradient) };
}

/** Checks that a reader writes the gradient as its place expects: added or assigned, masked or not. */
function checkWritten(node: Node, gradient: Gradient, access: GradientAccess): void {
  const what = 'the gradient of its input';
  const reason = mismatch(gradient.layout, access);
  if (reason) refuse(node, what, reason);
  if (gradient.joined && !access.adds) refuse(node, what, 'is added up with others, and the layer only assigns');
  if (gradient.maskedBy === 'reader' && !access.masks)
    refuse(node, what, 'lacks the mask of the ReLU before it, and the layer applies none');
}

/** Why a layout does not support this access; null if it does. */
export function mismatch(layout: Layout, { gaps, lanes, halo }: Access): string | null {
  const { height, width, channels, lanes: stored, image } = layout;
  if (!lanes && stored !== channels) return `has ${stored} lanes, and ${channels} channels are taken`;
  if (!gaps && image !== height * width * stored)
    return `lies with a halo of ${sides(layout.halo)}, and is taken without gaps`;
  if (halo && !holds(layout.halo, halo))
    return `lies with a halo of ${sides(layout.halo)}, and zeros are read ${sides(halo)} around it`;
  return null;
}

const sides = ({ top, left, bottom, right }: Halo): string => [top, left, bottom, right].join('/');

const hasHalo = ({ top, left, bottom, right }: Halo): boolean => top + left + bottom + right > 0;

/** A kernel that starts `top` rows above and `left` columns before the pixels needs exactly that halo there; below and right it may be larger. */
const holds = (own: Halo, needed: Halo): boolean =>
  own.top >= needed.top && own.left >= needed.left && own.bottom >= needed.bottom && own.right >= needed.right;

function refuse(node: Node, what: string, reason: string): never {
  throw new Error(`layer '${node.spec.name}': ${what} ${reason}`);
}

function valueOf(plan: Plan, id: number): Value {
  const value = plan.values.get(id);
  if (!value) throw new Error(`no value ${id}`);
  return value;
}
