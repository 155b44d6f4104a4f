/** What max and average pooling share: settings, geometry, shapes. */
import { say } from '../../words';
import { channelsOf, spatialOf } from '../geometry';
import type { WindowedShapes } from '../kernels/reference/windows';
import { SpecError } from '../model/spec';
import type { FeatureShape } from '../tensor';
import { type SettingsReader, shortPadding, shortPerAxis } from './settings';
import { mapShape, spread, windowGeometry, windowOutput, WINDOW_LIMIT, type WindowSettings } from './window';

export interface PoolConfig extends WindowSettings {
  /** Round the output size up, so that the last window may be ragged. */
  ceil: boolean;
}

/** Settings size, stride (the size where left out: windows side by side), padding 'valid', dilation 1, ceil false. */
export function parsePool(settings: SettingsReader, name: string): PoolConfig {
  const kernel = settings.perAxis('size', undefined, 1, WINDOW_LIMIT);
  const config = {
    kernel,
    stride: settings.perAxis('stride', kernel, 1, WINDOW_LIMIT),
    padding: settings.padding('padding', WINDOW_LIMIT),
    dilation: settings.perAxis('dilation', 1, 1, WINDOW_LIMIT),
    ceil: settings.boolean('ceil', false),
  };
  const { padding } = config;
  if (typeof padding !== 'string' && padding.some((cells, side) => cells >= kernel[side % kernel.length])) {
    throw new SpecError(name, 'padding', shortPadding(padding), say('spec.less-padding', { size: kernel.join(' × ') }));
  }
  return config;
}

export function poolSettings({ kernel, stride, padding, dilation, ceil }: PoolConfig): Record<string, unknown> {
  return {
    size: shortPerAxis(kernel),
    stride: shortPerAxis(stride),
    padding: shortPadding(padding),
    dilation: shortPerAxis(dilation),
    ceil,
  };
}

export function poolOutput(config: PoolConfig, input: FeatureShape, name: string): FeatureShape {
  const places = windowOutput(windowGeometry(config, mapShape(input, name)), input, config.ceil, name, 'size');
  return [...places, channelsOf(input)];
}

/** How the output size of an axis was rounded: down, or up by one more window, which reaches beyond the padding. */
type Rounding = 'down' | 'up';

/**
 * ONNX's `ceil_mode` for this pooling. ONNX's shape inference counts a last window that begins beyond the input and its leading
 * padding; the operator itself, and ours, leave it out. Where such a window exists, rounding down gives the same result in both.
 * @returns `ceil_mode` for all axes; null where one axis must round down and another up.
 */
export function poolRounding(config: PoolConfig, input: FeatureShape, output: FeatureShape): 0 | 1 | null {
  if (!config.ceil) return 0;
  const { kernel, stride, dilation, pad } = windowGeometry(config, input);
  const axes = spatialOf(input).map((size, axis): Rounding | 'either' => {
    const room = size + pad[axis] + pad[axis + kernel.length] - spread(kernel[axis], dilation[axis]);
    if (room % stride[axis] === 0) return 'either';
    return output[axis] === Math.floor(room / stride[axis]) + 1 ? 'down' : 'up';
  });
  if (!axes.includes('down')) return 1;
  return axes.includes('up') ? null : 0;
}

export function poolGeometry(
  config: WindowSettings,
  n: number,
  input: FeatureShape,
  output: FeatureShape,
): WindowedShapes {
  return { window: windowGeometry(config, input), n, input, output };
}

/** Global pooling is one window as large as the map. */
export function globalWindow(input: FeatureShape): WindowSettings {
  const sizes = spatialOf(input);
  return { kernel: sizes, stride: sizes, dilation: sizes.map(() => 1), padding: 'valid' };
}

/** One place along every axis. */
export function globalOutput(input: FeatureShape, name: string): FeatureShape {
  return [...spatialOf(mapShape(input, name)).map(() => 1), channelsOf(input)];
}
