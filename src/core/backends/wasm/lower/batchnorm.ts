import { batchnorm } from '../../../layers/batchnorm';
import { configOf } from '../../../model/graph';
import { SHARDS } from '../shards';
import { open, ROWS, uses } from '../access';
import { errors, pixels } from '../values';
import type { Lower, ShardStep } from './lowering';

/**
 * Batch norm: statistics of the whole batch, as partial sums of the shards that every thread combines in the shards' order. The
 * first thread alone keeps the running statistics and the parameters' gradients.
 */
export const lowerBatchNorm: Lower = (node, context) => {
  const { k, store, run, shared, own } = context;
  const tensors = open(node, context.plan, { ...uses(ROWS), whole: true });
  const { y, dy } = tensors;
  const [x] = tensors.x;
  const [dx] = tensors.dx;
  const { epsilon, momentum } = configOf(node.spec, batchnorm);
  const { height, width, lanes: channels, row } = x.layout;
  const [scale, shift] = [store.find(node.layer, 'scale'), store.find(node.layer, 'shift')];
  const runningMean = store.find(node.layer, 'mean').address;
  const runningVariance = store.find(node.layer, 'variance').address;
  const stride = channels * 16 + 64;
  const sums = shared.bytes(stride * SHARDS);
  const gradientSums = shared.bytes(stride * SHARDS);
  const [mean, inverse, means] = [own.floats(channels), own.floats(channels), own.floats(2 * channels)];
  const [lostScale, lostShift] = [own.floats(channels), own.floats(channels)];
  const leads = run.thread === 0;

  const addSums = (first: number, count: number, shard: number): void => {
    if (!run.training) return;
    k.fillZero({ pointer: sums + shard * stride, bytes: 16 * channels });
    for (let i = first; i < first + count; i++)
      k.batchNormSums({ x: pixels(x, i), xRow: row, rows: height, width, channels, sums: sums + shard * stride });
  };
  const combine = (): void => {
    if (run.training) {
      const [keptMean, keptVariance] = leads ? [runningMean, runningVariance] : [0, 0];
      const count = run.n * height * width;
      k.batchNormStatistics({
        sums,
        shards: SHARDS,
        shardStride: stride,
        channels,
        count,
        epsilon,
        momentum,
        mean,
        inverse,
        runningMean: keptMean,
        runningVariance: keptVariance,
      });
    } else k.batchNormInverse({ variance: runningVariance, channels, epsilon, inverse });
  };
  const normalize = (first: number, count: number): void => {
    const centre = run.training ? mean : runningMean;
    for (let i = first; i < first + count; i++) {
      const [from, to] = [pixels(x, i), pixels(y, i)];
      k.batchNormForward({
        x: from,
        xRow: row,
        y: to,
        yRow: y.layout.row,
        rows: height,
        width,
        channels,
        mean: centre,
        inverse,
        scale: scale.address,
        shift: shift.address,
        relu: 0,
      });
    }
  };
  const forward: ShardStep[] = [
    { grouped: false, shard: addSums },
    { grouped: true, begin: combine, shard: normalize },
  ];
  if (!dy) return { batch: { forward, backward: [] } };

  const addGradientSums = (first: number, count: number, shard: number): void => {
    const centre = run.training ? mean : runningMean;
    const target = gradientSums + shard * stride;
    k.fillZero({ pointer: target, bytes: 16 * channels });
    for (let i = first; i < first + count; i++) {
      k.batchNormGradientSums({
        x: pixels(x, i),
        xRow: row,
        dy: errors(dy, i, 0),
        dyRow: dy.layout.row,
        rows: height,
        width,
        channels,
        mean: centre,
        inverse,
        sums: target,
      });
    }
  };
  const combineGradients = (): void => {
    const [dScale, dShift] = leads ? [scale.gradient, shift.gradient] : [lostScale, lostShift];
    k.batchNormGradients({
      sums: gradientSums,
      shards: SHARDS,
      shardStride: stride,
      channels,
      count: run.n * height * width,
      dScale,
      dShift,
      means,
    });
  };
  const propagate = (first: number, count: number): void => {
    if (!dx) return;
    const [centre, shared] = run.training ? [mean, means] : [runningMean, 0];
    const accumulate = dx.joined ? 1 : 0;
    for (let i = first; i < first + count; i++) {
      const [error, target] = [errors(dy, i, 0), errors(dx, i, 0)];
      k.batchNormBackward({
        x: pixels(x, i),
        xRow: row,
        dy: error,
        dyRow: dy.layout.row,
        dx: target,
        dxRow: dx.layout.row,
        rows: height,
        width,
        channels,
        mean: centre,
        inverse,
        scale: scale.address,
        means: shared,
        accumulate,
      });
    }
  };
  const backward: ShardStep[] = [
    { grouped: false, shard: addGradientSums },
    { grouped: true, begin: combineGradients, shard: propagate },
  ];
  return { batch: { forward, backward } };
};
