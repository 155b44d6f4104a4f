import { channelsOf } from '../../../geometry';
import { connectedPlaces, partialconv } from '../../../layers/partialconv';
import { configOf, isOf } from '../../../model/graph';
import type { Node } from '../fuse';
import { flattenedPlaces, somePlaces, windowPlaces, type ParamRequest } from '../params';
import { planeOf } from '../plane';
import { isWholeBatch, type Plan } from '../plan';
import { lowerBatchNorm } from './batchnorm';
import { lowerConv } from './conv';
import { lowerConvTranspose } from './convtranspose';
import { lowerDense } from './dense';
import { lowerDepthToSpace } from './depthtospace';
import { lowerDropout } from './dropout';
import { activationKinds, lowerElementwise, lowerPrelu, lowerSoftmax } from './elementwise';
import { lowerFallback } from './fallback';
import { lowerAdd, lowerConcat, lowerFlatten } from './joins';
import { lowerLocalConv } from './localconv';
import type { Lower } from './lowering';
import { lowerLrn } from './lrn';
import { lowerCrop, lowerPad } from './margin';
import { lowerMaxout } from './maxout';
import { lowerMultiply } from './multiply';
import { lowerPartialConv } from './partialconv';
import { lowerAveragePool, lowerGlobalAveragePool, lowerGlobalMaxPool, lowerMaxPool } from './pool';
import { lowerRrelu } from './rrelu';
import { lowerGroupNorm, lowerLayerNorm } from './sample-norm';
import { lowerSpatialPyramid } from './spatialpyramid';
import { lowerSubsampling } from './subsampling';
import { lowerUpsample } from './upsample';

/** Pooling whose one window is the whole map: over rows and columns it is over all axes. */
const GLOBAL = new Set(['globalavgpool', 'globalmaxpool']);

/** The layers that have kernels; any other runs as its reference does. */
const lowerings: ReadonlyMap<string, Lower> = new Map([
  ...activationKinds.map((kind): [string, Lower] => [kind, lowerElementwise]),
  ['conv', lowerConv],
  ['partialconv', lowerPartialConv],
  ['localconv', lowerLocalConv],
  ['subsampling', lowerSubsampling],
  ['spatialpyramid', lowerSpatialPyramid],
  ['maxout', lowerMaxout],
  ['dense', lowerDense],
  ['prelu', lowerPrelu],
  ['softmax', lowerSoftmax],
  ['logsoftmax', lowerSoftmax],
  ['maxpool', lowerMaxPool],
  ['avgpool', lowerAveragePool],
  ['globalavgpool', lowerGlobalAveragePool],
  ['globalmaxpool', lowerGlobalMaxPool],
  ['batchnorm', lowerBatchNorm],
  ['layernorm', lowerLayerNorm],
  ['groupnorm', lowerGroupNorm],
  ['instancenorm', lowerGroupNorm],
  ['lrn', lowerLrn],
  ['zeropadding', lowerPad],
  ['cropping', lowerCrop],
  ['upsample', lowerUpsample],
  ['depthtospace', lowerDepthToSpace],
  ['convtranspose', lowerConvTranspose],
  ['dropout', lowerDropout],
  ['rrelu', lowerRrelu],
  ['add', lowerAdd],
  ['multiply', lowerMultiply],
  ['concat', lowerConcat],
  ['flatten', lowerFlatten],
]);

export function lowerNode(node: Node): Lower {
  // Kernels slide windows over rows and columns; a volume's conv and pooling run as their reference does.
  const volume = node.spec.window !== null && planeOf(node.spec) === null && !GLOBAL.has(node.spec.kind);
  return (!volume && lowerings.get(node.spec.kind)) || lowerFallback;
}

/** How a node's parameters lie in memory. @param fuses whether dense weights are updated as their gradient is computed. */
export function requestParams(node: Node, plan: Plan, fuses: boolean): ParamRequest[] {
  const { layer, spec } = node;
  return spec.params.map(({ name }): ParamRequest => {
    const common = { layer, name, fused: false };
    if (spec.traits.weights === 'matrix') {
      const input = plan.values.get(node.inputs[0])?.layout;
      if (!input) throw new Error(`layer '${spec.name}' has no input`);
      const ownership = isWholeBatch(spec) ? 'batch' : 'sharded';
      if (name !== 'weight') return { ...common, ownership, packing: { kind: 'plain' } };
      const { height, width, channels, lanes, image } = input;
      const place = flattenedPlaces(height, width, channels, lanes);
      const packing = { kind: 'panels', groups: 1, outputs: spec.outputShape[0], depth: image, place } as const;
      return { ...common, fused: fuses && ownership === 'batch', ownership, packing };
    }
    if (spec.definition.inTraining === 'batch') return { ...common, ownership: 'batch', packing: { kind: 'plain' } };
    const conv = plan.convs.get(node);
    if (!conv || name !== 'weight') return { ...common, ownership: 'sharded', packing: { kind: 'plain' } };
    const [kh, kw] = conv.window.kernel;
    const filters = channelsOf(spec.outputShape);
    const groupChannels = channelsOf(spec.inputShapes[0]) / conv.groups;
    if (conv.forward === 'depthwise') {
      return { ...common, ownership: 'sharded', packing: { kind: 'transposed', outputs: filters, depth: kh * kw } };
    }
    // Surplus lanes exist only without groups.
    const lanes = conv.channels / conv.groups;
    const place = windowPlaces(kh * kw, groupChannels, lanes);
    const packing = { kind: 'panels', groups: conv.groups, outputs: filters, depth: kh * kw * lanes, place } as const;
    if (!isOf(spec, partialconv)) return { ...common, ownership: 'sharded', packing };
    const connected = connectedPlaces(configOf(spec, partialconv), groupChannels);
    return { ...common, ownership: 'sharded', packing: somePlaces(packing, connected) };
  });
}
