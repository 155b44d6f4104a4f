import type { Inspection } from '../../shared/protocol';
import type { Activations } from './activations';
import type { NetworkValue } from './network';
import type { Tensor } from './tensor';

/** Values that are computed together only to learn their shapes. */
const TOGETHER = 32;

/** Whether a value's sizes are not all known before anything is computed. */
const isOpen = ({ dims }: NetworkValue): boolean => dims === null || dims.includes(null);

/** The shapes that are known only now that the network runs: of inputs and of values whose sizes the file leaves open. */
export async function openShapes(activations: Activations): Promise<Inspection['shapes']> {
  const { network, here } = activations;
  const shapes: Inspection['shapes'] = [];
  const tell = (index: number, { shape, axes }: Tensor): void => {
    shapes.push({ index, outputShape: [...shape], axes: [...axes] });
  };
  for (const [i, input] of network.inputs.entries()) {
    const tensor = here.get(-1 - i)!;
    if (isOpen(input) || tensor.axes.some((axis, at) => axis !== input.axes[at])) tell(-1 - i, tensor);
  }
  const open = network.values.flatMap((value, index) => (value.unavailable || !isOpen(value) ? [] : [index]));
  for (let at = 0; at < open.length; at += TOGETHER) {
    const some = open.slice(at, at + TOGETHER);
    const tensors = await Promise.all(some.map((index) => activations.get(index)));
    tensors.forEach((tensor, i) => tell(some[i], tensor));
  }
  return shapes;
}
