import type { LayerInfo, ModelInfo } from '../../../../shared/protocol';
import { isFlat, layerAt, mapsOf } from '../../state/layers';
import { fitCells, snap } from '../../theme/pixels';
import { continuesBlock } from './connections';
import type { Layout } from './geometry';

export const HEADER = 86;
export const PAD = 20;
const STRIP_TEXT = 72;
/** Lines of the captions in pixels: below each of three pictures, below a single one, below the input's map. */
const LINE = 15;
const CAPTION = { 0: 0, 1: 5 * LINE, 3: 3 * LINE } as const;
const INPUT_CAPTION = { 0: 8 * LINE, 1: 4 * LINE, 3: 4 * LINE } as const;
const ANSWER_LEAST = 186;
const ANSWER_MOST = 340;
const SKIP = 9;
/** Up to this many maps always stay in one column. */
const SINGLE = 16;

export interface LayoutRequest {
  model: ModelInfo;
  width: number;
  height: number;
  ratio: number;
  /** Factor of the zoom, 1 = fit. */
  zoom: number;
  /** Width of a layer's head in pixels; `short` with the kind abbreviated. */
  headWidth: (layer: LayerInfo, short: boolean) => number;
  /** Width of the longest class name in pixels. */
  labelWidth: number;
  /** Pictures above the network's input; three if left out. */
  pictures?: 0 | 1 | 3;
}

/** Longest path from the image: branches of a fork start in the same rank, a join comes after its longest branch. */
export function ranksOf(layers: readonly LayerInfo[]): number[] {
  const ranks: number[] = [];
  for (const layer of layers) ranks.push(1 + Math.max(0, ...layer.inputs.map((i) => (i < 0 ? 0 : ranks[i]))));
  return ranks;
}

export interface PlannedGroup {
  layer: LayerInfo;
  rank: number;
  lane: number;
  lanes: number;
  form: 'maps' | 'units';
  tileWidth: number;
  tileHeight: number;
  rows: number;
  columns: number;
  gap: number;
  width: number;
}
export interface Plan {
  groups: PlannedGroup[];
  input: PlannedGroup;
  /** `step`: from one picture's top to the next one's. */
  strip: { side: number; compact: boolean; width: number; pictures: 0 | 1 | 3; step: number };
  /** Least width of each rank's column and of the gap before it. */
  columns: { width: number; head: number; narrow: boolean; units: boolean }[];
  skips: Layout['skips'];
  natural: number;
  /** Whether columns of few maps stand in one piece. */
  tallEnough: boolean;
  top: number;
  answerWidth: number;
  size: number;
  largest: number;
  short: boolean;
}

export function planOf(
  request: LayoutRequest,
  size: number,
  tall: number,
  merged: Set<number>,
  hasAnswer: boolean,
  short = false,
): Plan {
  const { model, ratio } = request;
  const shown = model.layers.filter(({ index }) => !merged.has(index));
  const ranks = ranksOf(model.layers);
  const spatial = [layerAt(model, -1), ...shown.filter((layer) => !isFlat(layer))].map(mapsOf);
  const largest = Math.max(1, ...spatial.map(([, h, w]) => Math.max(h, w)));
  const skips = skipsOf(shown, ranks);
  const levels = skips.reduce((most, { level }) => Math.max(most, level + 1), 0);
  const room = tall - levels * SKIP - (levels > 0 ? 6 : 0);

  // The image: pictures above, the tensor that goes in below.
  const pictures = request.pictures ?? 3;
  const caption = CAPTION[pictures] + 11;
  const foot = INPUT_CAPTION[pictures] + 2;
  const [channels, height, width] = mapsOf(layerAt(model, -1));
  const big = tileOf(height, width, size, largest, ratio);
  const stacked = pictures * (big.height + caption) + channels * (big.height + 4) + foot;
  const compact = pictures > 0 && stacked > tall;
  const side = compact ? 44 : Math.min(84, big.height);
  const step = compact ? Math.max(side, CAPTION[pictures]) + 13 : side + caption;
  let tensor = big;
  const left = tall - foot - pictures * step;
  if (channels * (big.height + 4) > left)
    tensor = tileOf(height, width, Math.max(20, left / channels - 4), largest, ratio, 16);
  const input: PlannedGroup = {
    layer: layerAt(model, -1),
    rank: 0,
    lane: 0,
    lanes: 1,
    form: 'maps',
    tileWidth: tensor.width,
    tileHeight: tensor.height,
    rows: channels,
    columns: 1,
    gap: 4,
    width: tensor.width,
  };
  const stripWidth = Math.max(96, tensor.width, compact ? side + 8 + STRIP_TEXT : side);

  let tallEnough = true;
  const byRank = new Map<number, LayerInfo[]>();
  for (const layer of shown) {
    const rank = ranks[layer.index];
    byRank.set(rank, [...(byRank.get(rank) ?? []), layer]);
  }
  const groups = shown.map((layer): PlannedGroup => {
    const rank = ranks[layer.index];
    const peers = byRank.get(rank)!;
    const lane = peers.indexOf(layer);
    const lanes = peers.length;
    const high = lanes === 1 ? room : (room - (lanes - 1) * 56) / lanes;
    const [count, h, w] = mapsOf(layer);
    if (isFlat(layer) || h * w === 1) return { layer, rank, lane, lanes, ...unitsOf(count, high, ratio, request.zoom) };
    const tile = tileOf(h, w, size, largest, ratio);
    const gap = Math.max(2, Math.min(6, Math.round(tile.height / 14)));
    const fit = Math.max(1, Math.floor((high + gap) / (tile.height + gap)));
    const columns = Math.ceil(count / fit);
    if (columns > 1 && count <= SINGLE && lanes === 1) tallEnough = false;
    const rows = Math.ceil(count / columns);
    return {
      layer,
      rank,
      lane,
      lanes,
      form: 'maps',
      tileWidth: tile.width,
      tileHeight: tile.height,
      rows,
      columns,
      gap,
      width: columns * (tile.width + gap) - gap,
    };
  });

  const count = groups.reduce((most, { rank }) => Math.max(most, rank), 0);
  const planned = new Map<number, PlannedGroup[]>();
  for (const group of groups) planned.set(group.rank, [...(planned.get(group.rank) ?? []), group]);
  const full = request.zoom >= 0.8;
  const columns = Array.from({ length: count }, (_, i) => {
    const own = planned.get(i + 1) ?? [];
    return {
      width: Math.max(0, ...own.map((g) => g.width)),
      head: Math.max(0, ...own.map((g) => (full ? request.headWidth(g.layer, short) : 58))),
      units: own.every(({ form }) => form === 'units'),
      narrow: own.length === 1 && continuesBlock(model.layers, own[0].layer.index),
    };
  });
  const answerWidth = hasAnswer
    ? Math.round(Math.min(ANSWER_MOST, Math.max(answerLeast(request), request.width * 0.21)))
    : 0;
  let natural = PAD + stripWidth;
  for (const [i, gap] of gapsOf(columns).entries()) natural += gap + (columns[i]?.width ?? 0);
  natural += (hasAnswer ? answerLeast(request) : 0) + 12;
  return {
    groups,
    input,
    strip: { side, compact, width: stripWidth, pictures, step },
    columns,
    skips,
    natural,
    tallEnough,
    top: HEADER + levels * SKIP + (levels > 0 ? 6 : 0),
    answerWidth,
    size,
    largest,
    short,
  };
}

/** The least gap before each column and, last, before the answer: room for lines and kernels, and for the head before. */
export function gapsOf(columns: Plan['columns']): number[] {
  return [...columns, null].map((column, i) => {
    const before = i > 0 ? columns[i - 1] : null;
    const lines = column?.narrow ? 12 : before === null ? 26 : before.units ? 18 : 36;
    return before ? Math.max(lines, before.head + 10 - before.width) : lines;
  });
}

/** The least width of the answer's rows, with the names of the classes in them. */
export function answerLeast(request: LayoutRequest): number {
  return ANSWER_LEAST + Math.max(0, labelRoom(request.labelWidth) - 16);
}

/** How wide the names of the classes may be. */
export function labelRoom(labelWidth: number): number {
  return Math.max(16, Math.min(120, Math.ceil(labelWidth)));
}

/** The drawn size of a map: its share of the largest map's size in whole pixels a cell; tiny maps enlarged. */
function tileOf(
  height: number,
  width: number,
  size: number,
  largest: number,
  ratio: number,
  least = 28,
): { height: number; width: number } {
  // Thumbnails have at most 64 cells a side: larger maps come averaged by a whole factor.
  const factor = Math.ceil(Math.max(height, width) / 64);
  const [h, w] = [Math.ceil(height / factor), Math.ceil(width / factor)];
  const cells = Math.max(h, w);
  const wanted = (size * Math.max(height, width)) / largest;
  if (wanted < least && cells * Math.ceil((least * ratio) / cells) <= 1.6 * least * ratio) {
    const k = Math.max(1, Math.ceil((least * ratio) / cells - 1e-6)) / ratio;
    return { height: h * k, width: w * k };
  }
  const fit = fitCells(h, w, Math.max(least, wanted), ratio);
  return { height: fit.cssHeight, width: fit.cssWidth };
}

function unitsOf(
  count: number,
  high: number,
  ratio: number,
  zoom: number,
): Pick<PlannedGroup, 'form' | 'tileWidth' | 'tileHeight' | 'rows' | 'columns' | 'gap' | 'width'> {
  const few = count <= 12;
  for (const cell of few ? [20] : [14, 12, 10, 8, 6, 5, 4]) {
    const tile = snap(cell * Math.max(0.7, zoom), ratio);
    const gap = few ? 12 : cell >= 8 ? 2 : 1;
    const fit = Math.max(1, Math.floor((high + gap) / (tile + gap)));
    const columns = Math.ceil(count / fit);
    const width = columns * (tile + gap) - gap;
    if (width <= 72 * Math.max(1, zoom) || cell === 4 || few)
      return {
        form: 'units',
        tileWidth: tile,
        tileHeight: tile,
        rows: Math.ceil(count / columns),
        columns,
        gap,
        width,
      };
  }
  throw new Error('unreachable: the least cell is always taken');
}

/** Connections over more than one rank, on levels so that none runs into another. */
function skipsOf(shown: readonly LayerInfo[], ranks: readonly number[]): Layout['skips'] {
  const visible = new Set(shown.map(({ index }) => index));
  const skips: Layout['skips'] = [];
  for (const layer of shown) {
    for (const from of layer.inputs) {
      if (from < 0 ? ranks[layer.index] <= 1 : !visible.has(from) || ranks[layer.index] - ranks[from] <= 1) continue;
      const start = from < 0 ? 0 : ranks[from];
      let level = 0;
      const taken = (l: number): boolean =>
        skips.some(
          (other) =>
            other.level === l &&
            (other.from < 0 ? 0 : ranks[other.from]) < ranks[layer.index] &&
            ranks[other.to] > start,
        );
      while (taken(level)) level++;
      skips.push({ from, to: layer.index, level });
    }
  }
  return skips;
}
