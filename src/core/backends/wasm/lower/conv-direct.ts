import type { Node } from '../fuse';
import { errors } from '../values';
import { convPlan, inputBlock, openConv } from './conv-common';
import { shardGradient, type Lowering, type Preparation } from './lowering';
import type { GradientWriter } from './gradient-writer';

interface InputGradient {
  readonly prepare: readonly Preparation[];
  run(first: number, count: number): void;
}

/** dW of one image, as an outer product. */
export function directWeightGradient(node: Node, context: Lowering): (i: number, first: number) => void {
  const plan = convPlan(node, context);
  const { k, store } = context;
  const { channels, filters, outHeight, outWidth } = plan;
  const [kh, kw] = plan.window.kernel;
  const { x, dy } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const at = inputBlock(x, plan);
  return (i, first) => {
    const dw = shardGradient(context, weight.gradient);
    k.convWeightGradient({
      x: at(i),
      xRow: x.layout.row,
      channels,
      kernelHeight: kh,
      kernelWidth: kw,
      outHeight,
      outWidth,
      dWeights: dw,
      filters,
      dy: errors(dy, i, first),
      dyRow: dy.layout.row,
    });
  };
}

/** dX as the convolution of dY, with a halo, and the kernels turned by 180°. */
export function rotatedInputGradient(node: Node, context: Lowering): InputGradient {
  const plan = convPlan(node, context);
  const { k, store, shared, own } = context;
  const { channels, filters, height, width, errorHalo } = plan;
  const [kh, kw] = plan.window.kernel;
  const { dy, dx } = openConv(node, context);
  if (!dy || !dx) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const rotated = shared.floats(Math.ceil(channels / 8) * 8 * kh * kw * filters);
  const back = (errorHalo.top * dy.layout.row + errorHalo.left * dy.layout.lanes) * 4;
  const zeroRows = Math.min(errorHalo.top, errorHalo.bottom);
  const length = width * channels;
  const stage = dx.joined ? own.floats(height * length) : 0;
  return {
    prepare: [
      {
        cost: 4 * kh * kw * channels * filters,
        forward: false,
        run: () =>
          k.packRotated({ weights: weight.address, channels, kernelHeight: kh, kernelWidth: kw, filters, rotated }),
      },
    ],
    run(first, count) {
      for (let i = first; i < first + count; i++) {
        const to = errors(dx, i, first);
        const [target, row] = stage ? [stage, length] : [to, dx.layout.row];
        k.convForward({
          x: errors(dy, i, first) - back,
          xRow: dy.layout.row,
          channels: filters,
          kernelHeight: kh,
          kernelWidth: kw,
          outHeight: height,
          outWidth: width,
          weights: rotated,
          bias: 0,
          filters: channels,
          y: target,
          yRow: row,
          relu: 0,
          zeroRows,
        });
        if (stage) k.addRows({ x: stage, xRow: length, y: to, yRow: dx.layout.row, rows: height, length });
      }
    },
  };
}

/** dX as a GEMM whose columns are scattered. */
export function scatterInputGradient(node: Node, context: Lowering, padded: GradientWriter | null): InputGradient {
  if (!padded) throw new Error('the scattered gradient comes with its padding');
  const plan = convPlan(node, context);
  const { k, store, shared, own } = context;
  const { channels, filters, outHeight, outWidth } = plan;
  const [kh, kw] = plan.window.kernel;
  const { dy } = openConv(node, context);
  if (!dy) throw new Error(`layer '${node.spec.name}' has no gradient`);
  const weight = store.find(node.layer, 'weight');
  const strip = Math.ceil((kw * channels) / 8) * 8;
  const packed = shared.floats(kh * strip * filters);
  const columns = own.scratch((outWidth + 4) * kh * strip * 4);
  return {
    prepare: [
      {
        cost: 4 * kh * strip * filters,
        forward: false,
        run: () =>
          k.packScatter({ weights: weight.address, channels, kernelHeight: kh, kernelWidth: kw, filters, packed }),
      },
    ],
    run(first, count) {
      padded.begin(first, count);
      for (let i = first; i < first + count; i++) {
        const from = errors(dy, i, first);
        k.convInputScatter({
          dy: from,
          dyRow: dy.layout.row,
          filters,
          outHeight,
          outWidth,
          kernelHeight: kh,
          kernelWidth: kw,
          channels,
          packed,
          dx: padded.at(i, first),
          dxRow: padded.row,
          columns,
        });
      }
      padded.end(first, count);
    },
  };
}
