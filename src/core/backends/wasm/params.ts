import { paramKey, type Graph } from '../../model/graph';
import type { ParamSpec } from '../../layers/layer';
import { sizeOf } from '../../tensor';
import { SHARDS } from './shards';
import type { Region } from './memory';

/**
 * How a parameter lies in memory. Canonical `[outputs, depth]` becomes panels of 8 outputs, `[⌈outputs/8⌉][K][8]`, a block of
 * panels a group; `place[k]` is the row in K of canonical column k (a permutation, with gaps where channels are padded to lanes).
 */
export type Packing =
  | { kind: 'plain' }
  | { kind: 'panels'; groups: number; outputs: number; depth: number; place: Int32Array }
  /** Number i lies at `place[i]` of `size` floats; the others are zero and stay so. */
  | { kind: 'places'; size: number; place: Int32Array }
  /** Depthwise: `[C, KH·KW]` becomes `[KH·KW][C]`. */
  | { kind: 'transposed'; outputs: number; depth: number };

/** Where its gradients are: one array for each shard, added up in order, or one for the whole batch. */
export type Ownership = 'sharded' | 'batch';

export interface ParamRequest {
  readonly layer: number;
  readonly name: string;
  readonly packing: Packing;
  readonly ownership: Ownership;
  /** Updated by the kernel that computes its gradient (dense weights with plain SGD). */
  readonly fused: boolean;
}

export interface Param {
  readonly key: string;
  readonly layer: number;
  readonly spec: ParamSpec;
  readonly packing: Packing;
  readonly ownership: Ownership;
  readonly fused: boolean;
  /** Floats, packed, a multiple of 8. */
  readonly size: number;
  readonly address: number;
  /** Of shard 0, or of the batch. 0 for what is not trained. */
  readonly gradient: number;
  /** Addresses of the optimizer's states, in the order of its slots. */
  readonly slots: readonly number[];
}

/** Adjacent parameters that one kernel call updates. */
export interface Segment {
  readonly address: number;
  readonly gradient: number;
  readonly slots: readonly number[];
  readonly count: number;
  readonly shards: number;
  readonly decay: boolean;
  readonly fused: boolean;
}

export interface ParamStore {
  readonly params: readonly Param[];
  readonly segments: readonly Segment[];
  /** Bytes from one shard's gradients to the next shard's. */
  readonly shardStride: number;
  /** What is zeroed before a backward pass: sharded gradients (of one shard) and the accumulating ones of the batch. */
  readonly zero: { sharded: { address: number; bytes: number }; batch: readonly { address: number; bytes: number }[] };
  find(layer: number, name: string): Param;
}

/** The order in memory: parameters that are updated in the same way are adjacent. */
function rank(spec: ParamSpec, request: ParamRequest): number {
  if (!spec.trainable) return 6;
  if (request.fused) return 5;
  return (request.ownership === 'sharded' ? 0 : 2) + (spec.decay ? 0 : 1);
}

/** Lays out all parameters, their gradients and `slotCount` states of the optimizer. */
export function placeParams(
  graph: Graph,
  requests: readonly ParamRequest[],
  slotCount: number,
  region: Region,
): ParamStore {
  const items = requests.map((request) => {
    const layer = graph.layers[request.layer];
    const spec = layer.params.find((each) => each.name === request.name);
    if (!spec) throw new Error(`layer '${layer.name}' has no parameter '${request.name}'`);
    return { request, spec, size: packedSize(spec, request.packing), order: rank(spec, request) };
  });
  items.sort((a, b) => a.order - b.order || a.request.layer - b.request.layer);
  const trained = items.filter((item) => item.spec.trainable);
  const total = sum(trained);
  const sharded = sum(trained.filter((item) => item.request.ownership === 'sharded'));
  // One block each, so that neighboring parameters can be updated by one call.
  const weights = region.floats(sum(items));
  const shardStride = sharded * 4 + 64;
  const shardGradients = region.bytes(shardStride * SHARDS);
  const batchGradients = region.floats(total - sharded);
  const slots = Array.from({ length: slotCount }, () => region.floats(total));

  let offset = 0;
  const params: Param[] = [];
  const segments: Segment[] = [];
  for (const { request, spec, size } of items) {
    const isSharded = request.ownership === 'sharded';
    const param: Param = {
      key: paramKey(graph.layers[request.layer].name, spec.name),
      layer: request.layer,
      spec,
      packing: request.packing,
      ownership: request.ownership,
      fused: request.fused,
      size,
      address: weights + offset * 4,
      gradient: spec.trainable
        ? isSharded
          ? shardGradients + offset * 4
          : batchGradients + (offset - sharded) * 4
        : 0,
      slots: spec.trainable ? slots.map((slot) => slot + offset * 4) : [],
    };
    offset += size;
    params.push(param);
    if (!spec.trainable) continue;
    const shards = isSharded ? SHARDS : 1;
    const last = segments.at(-1);
    if (last && last.shards === shards && last.decay === spec.decay && last.fused === param.fused) {
      segments[segments.length - 1] = { ...last, count: last.count + size };
    } else {
      const { address, gradient, fused } = param;
      segments.push({ address, gradient, slots: param.slots, count: size, shards, decay: spec.decay, fused });
    }
  }
  const accumulating = params.filter((p) => p.spec.trainable && p.ownership === 'batch' && p.packing.kind === 'plain');
  return {
    params,
    segments,
    shardStride,
    zero: {
      sharded: { address: shardGradients, bytes: sharded * 4 },
      batch: accumulating.map(({ gradient, size }) => ({ address: gradient, bytes: size * 4 })),
    },
    find(layer, name) {
      const param = params.find((each) => each.layer === layer && each.spec.name === name);
      if (!param) throw new Error(`layer '${graph.layers[layer].name}' has no parameter '${name}'`);
      return param;
    },
  };
}

function sum(items: readonly { size: number }[]): number {
  return items.reduce((total, { size }) => total + size, 0);
}

const roundUp = (count: number): number => Math.ceil(count / 8) * 8;

function packedSize(spec: ParamSpec, packing: Packing): number {
  if (packing.kind === 'panels') return packing.groups * roundUp(packing.outputs / packing.groups) * packing.depth;
  return roundUp(packing.kind === 'places' ? packing.size : sizeOf(spec.shape));
}

/** Canonical → packed. `packed` is `param.size` long; lanes without a weight are left alone (they are zero). */
export function pack(packing: Packing, canonical: Float32Array, packed: Float32Array): void {
  eachPair(packing, canonical.length, (from, to) => {
    packed[to] = canonical[from];
  });
}

/** Packed → canonical. */
export function unpack(packing: Packing, packed: Float32Array, canonical: Float32Array): void {
  eachPair(packing, canonical.length, (to, from) => {
    canonical[to] = packed[from];
  });
}

function eachPair(packing: Packing, length: number, visit: (canonical: number, packed: number) => void): void {
  if (packing.kind === 'plain') {
    for (let i = 0; i < length; i++) visit(i, i);
  } else if (packing.kind === 'transposed') {
    const { outputs, depth } = packing;
    for (let o = 0; o < outputs; o++) for (let k = 0; k < depth; k++) visit(o * depth + k, k * outputs + o);
  } else if (packing.kind === 'places') {
    for (let i = 0; i < length; i++) visit(i, packing.place[i]);
  } else {
    const { groups, outputs, depth, place } = packing;
    const perGroup = outputs / groups;
    const block = roundUp(perGroup) * depth;
    for (let o = 0; o < outputs; o++) {
      const inGroup = o % perGroup;
      const start = Math.floor(o / perGroup) * block + (inGroup >> 3) * 8 * depth + (inGroup & 7);
      for (let k = 0; k < place.length; k++) visit(o * place.length + k, start + place[k] * 8);
    }
  }
}

/** Of all numbers that lie in panels those with these canonical indices. */
export function somePlaces(packing: Extract<Packing, { kind: 'panels' }>, canonical: Int32Array): Packing {
  const { groups, outputs, depth, place: columns } = packing;
  const all = new Int32Array(outputs * columns.length);
  eachPair(packing, all.length, (index, packed) => (all[index] = packed));
  const size = groups * roundUp(outputs / groups) * depth;
  return { kind: 'places', size, place: canonical.map((index) => all[index]) };
}

/** Columns `[window][channels]` in a window whose pixels are `lanes` floats apart. */
export function windowPlaces(window: number, channels: number, lanes: number): Int32Array {
  const place = new Int32Array(window * channels);
  for (let w = 0; w < window; w++) for (let c = 0; c < channels; c++) place[w * channels + c] = w * lanes + c;
  return place;
}

/** Flattened columns (channel, row, column) in a map `[height, width]` whose pixels are `lanes` floats apart. */
export function flattenedPlaces(height: number, width: number, channels: number, lanes: number): Int32Array {
  const place = new Int32Array(height * width * channels);
  const area = height * width;
  for (let c = 0; c < channels; c++) for (let p = 0; p < area; p++) place[c * area + p] = p * lanes + c;
  return place;
}
