import { convtranspose } from '../../core/layers/convtranspose';
import { toChannelsLast } from '../../core/layers/layout';
import { sizeOf } from '../../core/tensor';
import { IT, paramsOfIt, runLayers } from '../core';
import { expectWindow, type Operator } from '../call';
import { fromCore, toCore, type View } from '../view';

/** Padding is given, or follows from the size of the output: then what is taken off is split in halves, an odd cell going to the start unless SAME_UPPER. */
export const convTranspose: Operator = async (call) => {
  const [x, w] = [call.floats(0), call.floats(1)];
  const bias = call.optionalFloats(2)?.data ?? null;
  expectWindow(x.shape);
  const [n, channels, ...sizes] = x.shape;
  const [, own, ...kernel] = w.shape;
  const ones = sizes.map(() => 1);
  const groups = call.number('group', 1);
  const filters = own * groups;
  const [stride, dilation] = [call.integersOf('strides') ?? ones, call.integersOf('dilations') ?? ones];
  const more = call.integersOf('output_padding') ?? sizes.map(() => 0);
  const whole = sizes.map(
    (size, axis) => (size - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 + more[axis],
  );
  const automatic = call.text('auto_pad', 'NOTSET');
  const same = automatic.startsWith('SAME') ? sizes.map((size, axis) => size * stride[axis]) : null;
  const wanted = call.integersOf('output_shape')?.slice(-sizes.length) ?? same;
  const upper = automatic === 'SAME_UPPER';
  const off = wanted?.map((size, axis) => whole[axis] - size);
  const padding = off
    ? [true, false].flatMap((start) =>
        off.map((cells) => Math.max(0, start === upper ? Math.floor(cells / 2) : Math.ceil(cells / 2))),
      )
    : (call.integersOf('pads') ?? [...sizes, ...sizes].map(() => 0));
  const outputPadding = more.map((cells, axis) => cells + Math.max(0, -(off?.[axis] ?? 0)));
  const view: View = { n, feature: [...sizes, channels] };
  const layer = {
    kind: convtranspose.kind,
    name: IT,
    filters,
    kernel,
    stride,
    dilation,
    padding,
    outputPadding,
    groups,
    bias: bias !== null,
  };
  // [C, F / g, k] to [F, k, C / g].
  const depth = channels / groups;
  const area = sizeOf(kernel);
  const planes = new Float32Array(w.data.length);
  for (let f = 0; f < filters; f++)
    for (let c = 0; c < depth; c++) {
      const from = ((Math.floor(f / own) * depth + c) * own + (f % own)) * area;
      planes.set(w.data.subarray(from, from + area), (f * depth + c) * area);
    }
  const weight = toChannelsLast(planes, filters, [...kernel, depth]);
  const params = paramsOfIt({ weight, bias });
  const { output, feature } = await runLayers(call.core, toCore(x, view), n, view.feature, { layers: [layer], params });
  return [fromCore(output, { n, feature }, [n, filters, ...feature.slice(0, -1)])];
};
