import { say } from '../../words';
import { explainSoftmax } from '../explain/softmax';
import {
  axisOf,
  softmaxBackward,
  softmaxForward,
  type SoftmaxAxis,
  type SoftmaxRows,
} from '../kernels/reference/softmax';
import { SpecError } from '../model/spec';
import { sizeOf, type FeatureShape } from '../tensor';
import type { LayerDefinition } from './layer';
import { expression } from './pytorch';
import { wholeRegion } from '../geometry';
import { plainTraits } from './traits';

export interface SoftmaxConfig {
  axis: SoftmaxAxis;
}

/** Number of units along the axis, and how far apart they are in NHWC order. */
export function softmaxRows(axis: SoftmaxAxis, n: number, shape: FeatureShape): SoftmaxRows {
  const along = axisOf(axis, shape);
  return { outer: n * sizeOf(shape.slice(0, along)), count: shape[along], inner: sizeOf(shape.slice(along + 1)) };
}

/** Softmax, or with `log` its logarithm. */
function family(kind: string, opType: string, log: boolean): LayerDefinition<SoftmaxConfig> {
  return {
    kind,
    arity: 'one',

    parse: (settings) => ({ axis: settings.oneOf<SoftmaxAxis>('axis', 'channel', ['channel', 'height', 'width']) }),
    settings: ({ axis }) => ({ axis }),

    outputShape({ axis }, [input], name) {
      if (axisOf(axis, input) < 0) {
        throw new SpecError(name, 'axis', axis, say(input.length === 1 ? 'spec.channel-axis' : 'spec.no-rows'));
      }
      return input;
    },

    params: () => [],
    macs: () => 0,

    traits: ({ axis }) => ({
      ...plainTraits,
      negative: log ? 'always' : 'never',
      maps: axis === 'channel' ? 'mixed' : 'own',
      probability: axis !== 'channel' ? null : log ? 'log share' : 'share',
    }),

    forward({ axis }, { n, inputShapes, x, y }) {
      softmaxForward(softmaxRows(axis, n, inputShapes[0]), log, x[0], y);
    },
    backward({ axis }, { n, inputShapes, y, dy, dx }) {
      if (dx[0]) softmaxBackward(softmaxRows(axis, n, inputShapes[0]), log, y, dy, dx[0]);
    },

    toOnnx: ({ axis }, { name, inputs, inputShapes: [input] }) => {
      const attributes = { axis: axis === 'channel' ? 1 : axisOf(axis, input) + 2 };
      return [{ opType, inputs: [inputs[0]], outputs: [name], attributes }];
    },

    toPyTorch({ axis }, { inputShapes: [input] }) {
      const dim = axis === 'channel' ? 1 : axisOf(axis, input) + 2;
      return expression((x) => `F.${log ? 'log_softmax' : 'softmax'}(${x}, dim=${dim})`);
    },

    toKeras({ axis }, { inputShapes: [input] }) {
      const place = axis === 'channel' ? -1 : axisOf(axis, input) + 1;
      return expression((x) => `ops.${log ? 'log_softmax' : 'softmax'}(${x}, axis=${place})`);
    },

    reads({ axis }, region, _input, [input]) {
      const { start, end, first, last } = wholeRegion(input);
      if (axis === 'channel') return { ...region, first, last };
      const along = axisOf(axis, input);
      const whole = (places: readonly number[], all: readonly number[]): number[] =>
        places.map((place, i) => (i === along ? all[i] : place));
      return { ...region, start: whole(region.start, start), end: whole(region.end, end) };
    },
    explain: ({ axis }, context) => explainSoftmax(axis, log, context),
  };
}

/**
 * y = e^x ÷ Σ e^x along an axis: values that sum to one. Any shape. Settings: axis 'channel' (or 'height', 'width' of a map).
 * Source: Bridle 1990; ONNX Softmax 13.
 */
export const softmax = family('softmax', 'Softmax', false);

/** y = x − ln Σ e^x along an axis. Any shape. Settings as softmax. Source: ONNX LogSoftmax 13. */
export const logsoftmax = family('logsoftmax', 'LogSoftmax', true);
