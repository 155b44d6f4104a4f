import type { Explained, ExplanationBody } from '../../../../core/explain/types';
import type { LayerInfo } from '../../../../shared/protocol';
import type { Values } from '../../../../words';
import type { Key } from '../../i18n/en';
import { exact, int, shape } from '../../format';
import { isFlat, mapsOf } from '../../state/layers';

export interface Said {
  key: Key;
  values: Values;
}

const times = ([a, b]: readonly [number, number]): string => (a === b ? String(a) : `${a} × ${b}`);

const joinKeys = { sum: 'explain.join', product: 'explain.join.product', largest: 'explain.join.largest' } as const;
const unitJoinKeys = {
  sum: 'explain.unit.join',
  product: 'explain.unit.join.product',
  largest: 'explain.unit.join.largest',
} as const;

/** Of a sum over a window: which maps it takes in, and whether all places share their weights. */
function windowKey({ traits: { weights, maps, groups } }: LayerInfo): Key {
  if (weights === 'kernel') {
    if (maps === 'some') return 'explain.sum.partial';
    return groups > 1 ? 'explain.sum.groups' : 'explain.sum.window';
  }
  return maps === 'own' ? 'explain.sum.own' : 'explain.sum.unshared';
}

/** Of a normalization: whose mean and variance it takes, of `maps` channels and `values` numbers in all. */
function normKey({ by, count }: Extract<ExplanationBody, { kind: 'normalize' }>, maps: number, values: number): Key {
  if (by !== 'layer') return `explain.normalize.${by}`;
  if (count === values) return 'explain.normalize.layer';
  return count === maps ? 'explain.normalize.place' : 'explain.normalize.axes';
}

/**
 * What a layer does, with its numbers, told from the arithmetic of one of its units and its traits; `layerAt` gives a layer by its
 * index, −1 for the input. Null while no unit of it is explained.
 */
export function layerSaid(unit: Explained, layer: LayerInfo, layerAt: (index: number) => LayerInfo): Said {
  const { body } = unit;
  const [maps, rows, columns] = mapsOf(layer);
  const output = shape([rows, columns]);
  const values = int(maps * rows * columns);
  const params = int(layer.params);
  const source = layer.inputs.map((index) => layerAt(index).name).join(', ');
  const [channels, height, width] = mapsOf(layerAt(layer.inputs[0] ?? -1));
  const before = shape([height, width]);
  const common = { maps, output, values, params, source, before };
  switch (body?.kind) {
    case 'sum': {
      const { window } = body;
      const { groups, weights } = layer.traits;
      if (!window && weights === 'matrix')
        return { key: 'explain.sum.dense', values: { ...common, inputs: int(channels * height * width) } };
      if (!window) return { key: 'explain.sum.places', values: common };
      return {
        key: windowKey(layer),
        values: {
          ...common,
          channels: channels / groups,
          size: shape([window.height, window.width]),
          stride: times(window.stride),
          // Rows and columns before the map that the first unit's window takes in.
          padding: times([
            Math.max(0, (unit.y || 0) * window.stride[0] - window.top),
            Math.max(0, (unit.x || 0) * window.stride[1] - window.left),
          ]),
        },
      };
    }
    case 'pick':
    case 'mean': {
      const { window, kind } = body;
      if (kind === 'pick' && isFlat(layer)) return { key: 'explain.pick.bins', values: common };
      const global = rows * columns === 1 && window.height >= height && window.width >= width;
      return {
        key: global ? `explain.${kind}.global` : `explain.${kind}`,
        values: { ...common, size: shape([window.height, window.width]), stride: times(window.stride) },
      };
    }
    case 'function':
      return { key: 'explain.function', values: { ...common, formula: body.formula } };
    case 'normalize':
      return {
        key: normKey(body, maps, maps * rows * columns),
        values: {
          ...common,
          count: int(body.count ?? 0),
          groups: body.count ? Math.round((maps * rows * columns) / body.count) : 0,
        },
      };
    case 'share':
      return { key: body.log ? 'explain.share.log' : 'explain.share', values: common };
    case 'join':
      return { key: joinKeys[body.by], values: { ...common, count: body.sources.length } };
    case 'copy': {
      const { maps: how } = layer.traits;
      if (how === 'stacked') return { key: 'explain.copy.stacked', values: common };
      return { key: how === 'reshaped' ? 'explain.copy.reshaped' : 'explain.copy', values: common };
    }
    default:
      return { key: 'explain.unknown', values: {} };
  }
}

/** How this one unit comes about, in its numbers. Null where its arithmetic is not known. */
export function unitSaid(unit: Explained): Said | null {
  const { body } = unit;
  if (!body) return null;
  const value = exact(unit.shown);
  switch (body.kind) {
    case 'sum': {
      const { height, width } = unit.receptiveField;
      const field = shape([height, width]);
      return { key: 'explain.unit.sum', values: { terms: int(body.terms), bias: exact(body.bias), value, field } };
    }
    case 'pick':
      return { key: 'explain.unit.pick', values: { value, y: body.winner.y, x: body.winner.x } };
    case 'mean':
      return { key: 'explain.unit.mean', values: { value, divisor: body.divisor } };
    case 'function':
      return { key: 'explain.unit.function', values: { value, input: exact(body.input) } };
    case 'normalize':
      return {
        key: body.by === 'batch' ? 'explain.unit.normalize' : 'explain.unit.normalize.own',
        values: {
          value,
          input: exact(body.input),
          mean: exact(body.mean),
          variance: exact(body.variance),
          count: int(body.count ?? 0),
        },
      };
    case 'share':
      return { key: 'explain.unit.share', values: { value } };
    case 'join':
      return { key: unitJoinKeys[body.by], values: { value, count: body.sources.length } };
    case 'copy':
      return { key: 'explain.unit.copy', values: { value } };
  }
}
