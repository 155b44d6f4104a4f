import { open, ROWS, uses } from '../access';
import { planeOf, windowFields } from '../plane';
import { errors, pixels } from '../values';
import { zeroGradient } from './gradient-writer';
import { shardGradient, type Lower } from './lowering';

/** Weights of its own at each place: a group of images goes through a place together. */
export const lowerLocalConv: Lower = (node, context) => {
  const { k, store } = context;
  const window = planeOf(node.spec);
  if (!window) throw new Error(`layer '${node.spec.name}' has no window over rows and columns`);
  const {
    x: [x],
    y,
    dy,
    dx: [dx],
  } = open(node, context.plan, uses(ROWS));
  const weights = store.find(node.layer, 'kernels');
  const bias = node.spec.params.some(({ name }) => name === 'bias') ? store.find(node.layer, 'bias') : null;
  const common = {
    ...windowFields(window),
    padTop: window.pad[0],
    padLeft: window.pad[1],
    channels: x.layout.channels,
    height: x.layout.height,
    width: x.layout.width,
    outHeight: y.layout.height,
    outWidth: y.layout.width,
    filters: y.layout.channels,
  };
  return {
    local: {
      forward(first, images) {
        k.localForward({
          ...common,
          images,
          x: pixels(x, first),
          xRow: x.layout.row,
          xImage: x.layout.image,
          weights: weights.address,
          bias: bias?.address ?? 0,
          y: pixels(y, first),
          yRow: y.layout.row,
          yImage: y.layout.image,
        });
      },
      backward(first, images) {
        if (!dy) return;
        const error = { dy: errors(dy, first, first), dyRow: dy.layout.row, dyImage: dy.layout.image };
        k.localWeightGradient({
          ...common,
          ...error,
          images,
          x: pixels(x, first),
          xRow: x.layout.row,
          xImage: x.layout.image,
          dWeights: shardGradient(context, weights.gradient),
          dBias: bias ? shardGradient(context, bias.gradient) : 0,
        });
        if (!dx) return;
        if (!dx.joined) zeroGradient(dx, context, first, images);
        k.localInputGradient({
          ...common,
          ...error,
          images,
          weights: weights.address,
          dx: errors(dx, first, first),
          dxRow: dx.layout.row,
          dxImage: dx.layout.image,
        });
      },
    },
  };
};
