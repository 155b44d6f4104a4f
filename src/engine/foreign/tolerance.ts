import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { ElementType } from '../../core/onnx/proto';
import type { FloatArray } from '../../core/tensor';

/** How far our answers may be from onnxruntime's, as a share of the largest: rounding of float32, or of the float16 that the file computes in. */
export const toleranceOf = ({ graph }: OnnxNetwork): number =>
  [...graph.initializers.values()].some(({ elementType }) => elementType === ElementType.float16) ? 2 ** -7 : 1e-4;

/** The largest difference ÷ the largest of `theirs`; infinite where the lengths differ, or one alone is no number. */
export function differenceOf(ours: FloatArray, theirs: FloatArray): number {
  if (ours.length !== theirs.length) return Infinity;
  let [largest, difference] = [1e-30, 0];
  for (let i = 0; i < ours.length; i++) {
    if (Number.isFinite(theirs[i])) largest = Math.max(largest, Math.abs(theirs[i]));
    const apart = ours[i] === theirs[i] ? 0 : Math.abs(ours[i] - theirs[i]);
    // What is no number on one side alone is no agreement.
    if (!(Number.isNaN(ours[i]) && Number.isNaN(theirs[i])))
      difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
  }
  return difference / largest;
}
