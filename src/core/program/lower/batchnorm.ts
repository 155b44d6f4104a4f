import { SHARDS, shardRange } from '../shards';
import { errors, gradientOf, pixels } from '../values';
import { valueOf, type Lower, type Step } from './lowering';

/**
 * Batch norm: statistics of the whole batch, as partial sums of the shards that every thread combines in the shards' order. The
 * first thread alone keeps the running statistics and the parameters' gradients.
 */
export const lowerBatchNorm: Lower = (node, context) => {
  const { k, store, run, shared, own } = context;
  const [x, y] = [valueOf(context, node.inputs[0]), valueOf(context, node.output)];
  const { epsilon, momentum } = node.spec.config as { epsilon: number; momentum: number };
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

  /** Calls `visit` for each of this thread's shards. */
  const eachShard = (visit: (first: number, count: number, shard: number) => void): void => {
    for (let shard = run.thread; shard < SHARDS; shard += run.threads) {
      const { first, count } = shardRange(run.n, shard);
      visit(first, count, shard);
    }
  };
  const addSums = (): void => {
    if (!run.training) return;
    eachShard((first, count, shard) => {
      k.fillZero(sums + shard * stride, 16 * channels);
      for (let i = first; i < first + count; i++)
        k.batchNormSums(pixels(x, i), row, height, width, channels, sums + shard * stride);
    });
  };
  const normalise = (): void => {
    if (run.training) {
      const [keptMean, keptVariance] = leads ? [runningMean, runningVariance] : [0, 0];
      const count = run.n * height * width;
      k.batchNormStatistics(
        sums,
        SHARDS,
        stride,
        channels,
        count,
        epsilon,
        momentum,
        mean,
        inverse,
        keptMean,
        keptVariance,
      );
    } else k.batchNormInverse(runningVariance, channels, epsilon, inverse);
    const centre = run.training ? mean : runningMean;
    eachShard((first, count) => {
      for (let i = first; i < first + count; i++) {
        const [from, to] = [pixels(x, i), pixels(y, i)];
        k.batchNormForward(
          from,
          row,
          to,
          y.layout.row,
          height,
          width,
          channels,
          centre,
          inverse,
          scale.address,
          shift.address,
          0,
        );
      }
    });
  };
  const forward = [alone(addSums), combined(normalise)];
  if (!y.gradient) return { batch: { forward, backward: [] } };

  const dy = gradientOf(y);
  const addGradientSums = (): void => {
    const centre = run.training ? mean : runningMean;
    eachShard((first, count, shard) => {
      const target = gradientSums + shard * stride;
      k.fillZero(target, 16 * channels);
      for (let i = first; i < first + count; i++) {
        k.batchNormGradientSums(
          pixels(x, i),
          row,
          errors(dy, i, 0),
          dy.layout.row,
          height,
          width,
          channels,
          centre,
          inverse,
          target,
        );
      }
    });
  };
  const propagate = (): void => {
    const [dScale, dShift] = leads ? [scale.gradient, shift.gradient] : [lostScale, lostShift];
    k.batchNormGradients(gradientSums, SHARDS, stride, channels, run.n * height * width, dScale, dShift, means);
    const { gradient: dx } = x;
    if (!dx) return;
    const [centre, shared] = run.training ? [mean, means] : [runningMean, 0];
    const accumulate = dx.joined ? 1 : 0;
    eachShard((first, count) => {
      for (let i = first; i < first + count; i++) {
        const [error, target] = [errors(dy, i, 0), errors(dx, i, 0)];
        k.batchNormBackward(
          pixels(x, i),
          row,
          error,
          dy.layout.row,
          target,
          dx.layout.row,
          height,
          width,
          channels,
          centre,
          inverse,
          scale.address,
          shared,
          accumulate,
        );
      }
    });
  };
  return { batch: { forward, backward: [alone(addGradientSums), combined(propagate)] } };
};

/** Of a thread's own shards. */
const alone = (run: () => void): Step => ({ run, meets: false, leaves: false });

/** Reads all shards' sums, writes a thread's own shards. */
const combined = (run: () => void): Step => ({ run, meets: true, leaves: false });
