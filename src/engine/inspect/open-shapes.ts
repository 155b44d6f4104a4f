import type { Inspection } from '../../shared/protocol';
import type { Activations } from './activations';
import type { NetworkValue } from './network';
import type { Tensor } from './tensor';

/** Values that are computed together at first only to learn their shapes; twice as many each time as long as they are small. */
const TOGETHER = 32;
/** Numbers of all values that are computed together. */
const SMALL = 2 ** 22;

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
    if (tensor.data.length > 0 && (isOpen(input) || tensor.axes.some((axis, at) => axis !== input.axes[at])))
      tell(-1 - i, tensor);
  }
  const open = network.values.flatMap((value, index) => (value.unavailable || !isOpen(value) ? [] : [index]));
  let together = TOGETHER;
  for (let at = 0; at < open.length;) {
    const some = open.slice(at, at + together);
    const tensors = await Promise.all(some.map((index) => activations.get(index)));
    tensors.forEach((tensor, i) => tell(some[i], tensor));
    at += some.length;
    const numbers = tensors.reduce((sum, { data }) => sum + data.length, 0);
    together = numbers < SMALL / 4 ? 2 * together : TOGETHER;
  }
  return shapes;
}
