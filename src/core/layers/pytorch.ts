/** What layers share that say what they are in PyTorch, for the script of `convscope export`. Tensors are NCHW there. */
import { channelsOf, spatialOf, type WindowGeometry } from '../geometry';
import type { FeatureShape } from '../tensor';
import { spread } from './window';

/** The shapes of one sample in a layer's place, channels last, for scripts in PyTorch and Keras. */
export interface ScriptContext {
  inputShapes: readonly FeatureShape[];
  outputShape: FeatureShape;
}

/** A layer in Python: the module it owns, if any, and the expression that it computes of the values `x`. */
export interface PyTorchForm {
  module?: string;
  /** The module's class, where it is none of PyTorch's. */
  helper?: string;
  /** @param own `self.NAME` of its module. */
  call(own: string, x: readonly string[]): string;
}

/** A layer that is a function of one value. */
export const expression = (call: (x: string) => string): PyTorchForm => ({ call: (_own, [x]) => call(x) });

/** A layer that is a module of its own. */
export const module = (text: string): PyTorchForm => ({ module: text, call: (own, [x]) => `${own}(${x})` });

export const tuple = (values: readonly number[]): string => `(${values.join(', ')}${values.length === 1 ? ',' : ''})`;

export const bool = (value: boolean): string => (value ? 'True' : 'False');

/** `F.pad` around the spatial axes, where there is anything to pad; it takes the last axis first, before and after. */
export function padded(x: string, before: readonly number[], after: readonly number[], value = '0.0'): string {
  if ([...before, ...after].every((cells) => cells === 0)) return x;
  const sides = [...before.keys()].reverse().flatMap((axis) => [before[axis], after[axis]]);
  return `F.pad(${x}, ${tuple(sides)}, value=${value})`;
}

/** `[:, :, 1:4]`: `sizes` cells of each spatial axis, from number `first` on. */
export const slices = (first: readonly number[], sizes: readonly number[]): string =>
  `[:, :, ${sizes.map((size, axis) => `${first[axis]}:${first[axis] + size}`).join(', ')}]`;

/** Padding before and after each axis. */
export function sidesOf(pad: readonly number[]): [before: readonly number[], after: readonly number[]] {
  return [pad.slice(0, pad.length / 2), pad.slice(pad.length / 2)];
}

/** Padding before each axis, and the cells behind it that the last window needs: more than its padding in ceil mode. */
export function neededSides(
  { kernel, stride, dilation, pad }: WindowGeometry,
  { inputShapes: [input], outputShape }: ScriptContext,
): { before: readonly number[]; after: number[] } {
  const [before] = sidesOf(pad);
  const after = kernel.map((size, axis) => {
    const end = (outputShape[axis] - 1) * stride[axis] + spread(size, dilation[axis]);
    return Math.max(0, end - input[axis] - before[axis]);
  });
  return { before, after };
}

/** `(2, 3)`: the spatial axes of a map. */
export const spatialDims = (shape: FeatureShape): string => tuple(spatialOf(shape).map((_, axis) => axis + 2));

interface ConvolutionSettings {
  filters: number;
  groups: number;
  bias: boolean;
}

/** Whether padding is the same on both sides of every axis, as a module of PyTorch's takes it. */
export function isEven(pad: readonly number[]): boolean {
  const [before, after] = sidesOf(pad);
  return before.every((cells, axis) => cells === after[axis]);
}

/** One of PyTorch's modules for convolutions; without padding where that is not even. @param more settings of this one alone. */
export function convolutionModule(
  name: 'Conv' | 'ConvTranspose',
  { kernel, stride, dilation, pad }: Pick<WindowGeometry, 'kernel' | 'stride' | 'dilation' | 'pad'>,
  { filters, groups, bias }: ConvolutionSettings,
  input: FeatureShape,
  more: readonly string[] = [],
): string {
  const settings = [
    channelsOf(input),
    filters,
    tuple(kernel),
    `stride=${tuple(stride)}`,
    `padding=${isEven(pad) ? tuple(sidesOf(pad)[0]) : '0'}`,
    `dilation=${tuple(dilation)}`,
    `groups=${groups}`,
    `bias=${bool(bias)}`,
    ...more,
  ];
  return `nn.${name}${kernel.length}d(${settings.join(', ')})`;
}

/** A convolution of PyTorch's. Padding that is not even is padded before. */
export function convolution(window: WindowGeometry, settings: ConvolutionSettings, input: FeatureShape): PyTorchForm {
  const { pad } = window;
  return {
    module: convolutionModule('Conv', window, settings, input),
    call: (own, [x]) => `${own}(${isEven(pad) ? x : padded(x, ...sidesOf(pad))})`,
  };
}
