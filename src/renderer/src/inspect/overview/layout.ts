import type { LayerInfo, ModelInfo } from '../../../../shared/protocol';
import { isFlat, layerAt, mapsOf } from '../../state/layers';
import { fitCells, snap } from '../../theme/pixels';
import { continuesBlock } from './connections';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One layer's maps or units in the overview: a column, or several where it is too tall. Channels run down, then across. */
export interface Group {
  layer: number;
  rank: number;
  form: 'maps' | 'units';
  count: number;
  /** Size of a tile. */
  tileWidth: number;
  tileHeight: number;
  /** Distance between neighbours' tops and lefts. */
  pitchX: number;
  pitchY: number;
  rows: number;
  columns: number;
  /** First tile's corner, and the box of all tiles. */
  x: number;
  y: number;
  box: Box;
  /** Where its head stands: in the table on top, or right above the group (a second branch). */
  head: { x: number; y: number | null };
}

/** The classifier's answer: a row a class, with its logit, its bar and its probability. */
export interface Answer {
  /** The layer before softmax, drawn as cells in the rows; null where it stands in a column of its own. */
  logits: number | null;
  softmax: number | null;
  x: number;
  y: number;
  width: number;
  pitch: number;
  /** How many rows fit; more classes than that are shown from the likeliest down. */
  rows: number;
  cell: number;
}

export interface Strip {
  x: number;
  width: number;
  /** Side of the three pictures; the normalised tensor's group follows below. */
  side: number;
  /** Captions beside the pictures instead of below, where there is little height. */
  compact: boolean;
  tops: number[];
  captionTop: number;
}

export interface Layout {
  width: number;
  height: number;
  strip: Strip;
  groups: Group[];
  answer: Answer | null;
  /** Connections that pass over columns, each on a level of its own above the maps. */
  skips: { from: number; to: number; level: number }[];
  byLayer: Map<number, Group>;
  /** Heads show kind, parameters and multiply-adds too; not when zoomed far out. */
  full: boolean;
  /** The kinds are abbreviated, because the whole network fits only so. */
  short: boolean;
}

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
}

export const HEADER = 86;
const PAD = 20;
const STRIP_TEXT = 72;
const ANSWER_LEAST = 186;
const ANSWER_MOST = 340;
const SKIP = 9;
/** Sizes tried for the largest map, in CSS pixels; the first that fits the window is taken. */
const sizes = [140, 112, 98, 84, 70, 56];
/** Up to this many maps stay in one column whatever it costs. */
const SINGLE = 16;

/** Longest path from the image: branches of a fork start in the same rank, a join comes after its longest branch. */
export function ranksOf(layers: readonly LayerInfo[]): number[] {
  const ranks: number[] = [];
  for (const layer of layers) ranks.push(1 + Math.max(0, ...layer.inputs.map((i) => (i < 0 ? 0 : ranks[i]))));
  return ranks;
}

/** The layers of the classifier's answer, if the network ends in flat features. */
export function answerOf(model: ModelInfo): { logits: number | null; softmax: number | null } | null {
  const last = model.layers[model.layers.length - 1];
  if (!last || !isFlat(last) || model.labels.length !== last.outputShape[0]) return null;
  if (last.kind !== 'softmax' && last.kind !== 'logsoftmax') return { logits: last.index, softmax: null };
  const before = last.inputs[0];
  const used = model.layers.filter(({ inputs }) => inputs.includes(before)).length;
  const fits = before >= 0 && used === 1 && isFlat(model.layers[before]);
  return { logits: fits ? before : null, softmax: last.index };
}

/**
 * Places everything: ranks become columns from left to right, branches of one rank share the height; the scale is the
 * largest at which the network fits, one for all maps, so that down-sampling is seen; what does not fit scrolls.
 */
export function layoutOf(request: LayoutRequest): Layout {
  const { zoom } = request;
  const area = Math.max(240, request.height - HEADER - 12);
  const tall = area * Math.max(1, zoom);
  const answer = answerOf(request.model);
  const classes = request.model.labels.length;
  const answerPitch = Math.min(36, Math.max(22, Math.floor(tall / Math.max(10, classes))));
  const fitting = Math.floor((tall - 24) / answerPitch);
  const rows = classes <= fitting ? classes : Math.min(20, Math.floor((tall - 44) / 24));
  // More classes than rows: their logits stand in a column of their own, as any flat layer's.
  const inRows = answer !== null && classes <= fitting;
  const merged = new Set<number>();
  if (answer) {
    if (answer.softmax !== null) merged.add(answer.softmax);
    if (inRows && answer.logits !== null) merged.add(answer.logits);
  }

  let chosen: Plan | null = null;
  let scrolled: Plan | null = null;
  for (const size of sizes) {
    const plan = planOf(request, size, tall, merged, answer !== null);
    chosen = plan;
    if (zoom !== 1) continue;
    if (plan.tallEnough && plan.natural <= request.width) break;
    const tight = planOf(request, size, tall, merged, answer !== null, true);
    if (tight.tallEnough && tight.natural <= request.width) {
      chosen = tight;
      break;
    }
    // What has to be scrolled anyway is drawn at a size that is easily read.
    const roomy = plan.largest > 64 ? 112 : 84;
    if (size <= roomy && plan.tallEnough) scrolled ??= plan;
  }
  if (zoom === 1 && scrolled && chosen && chosen.natural > request.width * 1.25) chosen = scrolled;
  if (zoom !== 1) {
    const fit = layoutOf({ ...request, zoom: 1 });
    const base = Math.max(...fit.groups.filter((g) => g.form === 'maps').map((g) => g.tileWidth), 28);
    chosen = planOf(request, Math.max(14, base * zoom), tall, merged, answer !== null);
  }
  return place(request, chosen!, tall, merged, answer && { ...answer, logits: inRows ? answer.logits : null }, {
    rows,
    pitch: classes <= fitting ? answerPitch : 24,
  });
}

interface PlannedGroup {
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
interface Plan {
  groups: PlannedGroup[];
  input: PlannedGroup;
  strip: { side: number; compact: boolean; width: number; text: number };
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

function planOf(
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
  const spatial = [model.inputShape, ...shown.filter((l) => !isFlat(l)).map((l) => l.outputShape)];
  const largest = Math.max(1, ...spatial.map(([, h = 1, w = 1]) => Math.max(h, w)));
  const skips = skipsOf(shown, ranks);
  const levels = skips.reduce((most, { level }) => Math.max(most, level + 1), 0);
  const room = tall - levels * SKIP - (levels > 0 ? 6 : 0);

  // The image: three pictures above, the tensor that goes in below.
  const [channels, height, width] = model.inputShape;
  const big = tileOf(height, width, size, largest, ratio);
  const stacked = 3 * (big.height + 56) + channels * (big.height + 4) + 62;
  const compact = stacked > tall;
  const side = compact ? 44 : Math.min(84, big.height);
  let tensor = big;
  const left = tall - 62 - (compact ? 3 * 58 : 3 * (side + 56));
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
  const groups = shown.map((layer): PlannedGroup => {
    const rank = ranks[layer.index];
    const peers = shown.filter(({ index }) => ranks[index] === rank);
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
  const full = request.zoom >= 0.8;
  const columns = Array.from({ length: count }, (_, i) => {
    const own = groups.filter(({ rank }) => rank === i + 1);
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
    strip: { side, compact, width: stripWidth, text: STRIP_TEXT },
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
function gapsOf(columns: Plan['columns']): number[] {
  return [...columns, null].map((column, i) => {
    const before = i > 0 ? columns[i - 1] : null;
    const lines = column?.narrow ? 12 : before === null ? 26 : before.units ? 18 : 36;
    return before ? Math.max(lines, before.head + 7 - before.width) : lines;
  });
}

/** The least width of the answer's rows, with the names of the classes in them. */
function answerLeast(request: LayoutRequest): number {
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

function place(
  request: LayoutRequest,
  plan: Plan,
  tall: number,
  merged: Set<number>,
  answer: { logits: number | null; softmax: number | null } | null,
  answerRows: { rows: number; pitch: number },
): Layout {
  const { ratio } = request;
  const at = (value: number): number => snap(value, ratio);
  // What is left over goes into the gaps: little inside a block, much between blocks.
  const spare = Math.max(0, request.width - plan.natural - (answer ? plan.answerWidth - answerLeast(request) : 0));
  const weights = plan.columns.map(({ narrow }) => (narrow ? 0.55 : 1.6));
  if (answer) weights.push(1.6);
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  const extra = weights.map((weight) => Math.min(160 * weight, (spare * weight) / total));

  const groups: Group[] = [];
  let x = PAD + plan.strip.width;
  const height = HEADER + tall + 8;
  const room = height - 8 - plan.top;
  const gaps = gapsOf(plan.columns);
  // Few maps do not drift apart: at most this far, the same for all, so that lines stay straight.
  const pitch = plan.size * 1.5 + 24;
  for (const [i, column] of plan.columns.entries()) {
    x += gaps[i] + extra[i];
    const own = plan.groups.filter(({ rank }) => rank === i + 1);
    for (const group of own) {
      const share = (room - (group.lanes - 1) * 56) / group.lanes;
      const top = plan.top + group.lane * (share + 56);
      groups.push(placeGroup(group, x, top, share, pitch, ratio, group.lane > 0 ? top - 36 : null));
    }
    x += column.width;
  }

  let placedAnswer: Answer | null = null;
  if (answer) {
    x += gaps[gaps.length - 1] + extra[extra.length - 1];
    const answerWidth = Math.min(plan.answerWidth, answerLeast(request) + Math.max(0, request.width - plan.natural));
    const left = Math.max(x, request.width - 12 - answerWidth);
    const free = room - answerRows.rows * answerRows.pitch;
    placedAnswer = {
      ...answer,
      x: at(left),
      y: at(plan.top + Math.max(0, free / 2)),
      width: answerWidth,
      pitch: answerRows.pitch,
      rows: answerRows.rows,
      cell: 20,
    };
    x = left + answerWidth;
  }

  const strip = placeStrip(plan, ratio);
  const inputTop = strip.tops[2] + (strip.compact ? plan.strip.side + 14 : plan.strip.side + 56);
  const tensorHeight = plan.input.rows * (plan.input.tileHeight + plan.input.gap) - plan.input.gap;
  const input = placeGroup(plan.input, PAD, inputTop, tensorHeight, Infinity, ratio, null);
  strip.captionTop = input.box.y + input.box.height + 5;

  const all = [input, ...groups];
  return {
    width: Math.max(request.width, Math.ceil(x + 12)),
    height: Math.max(request.height, Math.ceil(height)),
    strip,
    groups: all,
    answer: placedAnswer,
    skips: plan.skips.filter(({ to }) => !merged.has(to)),
    byLayer: new Map(all.map((group) => [group.layer, group])),
    full: request.zoom >= 0.8,
    short: plan.short,
  };
}

function placeGroup(
  g: PlannedGroup,
  x: number,
  top: number,
  share: number,
  most: number,
  ratio: number,
  head: number | null,
): Group {
  const at = (value: number): number => snap(value, ratio);
  // One column is spread over the height, so that equally many maps face each other; several stand close.
  const pitchY = g.columns === 1 ? Math.min(share / g.rows, most) : g.tileHeight + g.gap;
  const pitchX = g.tileWidth + g.gap;
  const used = (g.rows - 1) * pitchY + g.tileHeight;
  const y = at(top + (share - used) / 2);
  const left = at(x);
  return {
    layer: g.layer.index,
    rank: g.rank,
    form: g.form,
    count: mapsOf(g.layer)[0],
    tileWidth: g.tileWidth,
    tileHeight: g.tileHeight,
    pitchX,
    pitchY,
    rows: g.rows,
    columns: g.columns,
    x: left,
    y,
    box: { x: left, y, width: g.columns * pitchX - g.gap, height: used },
    head: { x: left, y: head },
  };
}

function placeStrip(plan: Plan, ratio: number): Strip {
  const { side, compact, width } = plan.strip;
  const step = compact ? side + 14 : side + 56;
  const top = HEADER + 8;
  return {
    x: PAD,
    width,
    side,
    compact,
    tops: [0, 1, 2].map((i) => snap(top + i * step, ratio)),
    captionTop: 0,
  };
}

/** Where a map or unit stands. */
export function tileAt(group: Group, channel: number): Box {
  const column = Math.floor(channel / group.rows);
  return {
    x: group.x + column * group.pitchX,
    y: group.y + (channel % group.rows) * group.pitchY,
    width: group.tileWidth,
    height: group.tileHeight,
  };
}

/** The channel under a point of the group, null between tiles. */
export function channelAt(group: Group, x: number, y: number): number | null {
  const column = Math.floor((x - group.x) / group.pitchX);
  const row = Math.floor((y - group.y) / group.pitchY);
  if (column < 0 || row < 0 || column >= group.columns || row >= group.rows) return null;
  if (x - group.x - column * group.pitchX > group.tileWidth || y - group.y - row * group.pitchY > group.tileHeight)
    return null;
  const channel = column * group.rows + row;
  return channel < group.count ? channel : null;
}

/** The channels whose tiles meet a rectangle, in order. */
export function channelsIn(group: Group, view: Box): number[] {
  const { box } = group;
  if (
    view.x > box.x + box.width ||
    view.x + view.width < box.x ||
    view.y > box.y + box.height ||
    view.y + view.height < box.y
  )
    return [];
  const range = (from: number, size: number, start: number, pitch: number, count: number): [number, number] => [
    Math.max(0, Math.floor((from - start) / pitch)),
    Math.min(count - 1, Math.floor((from + size - start) / pitch)),
  ];
  const [c0, c1] = range(view.x, view.width, group.x, group.pitchX, group.columns);
  const [r0, r1] = range(view.y, view.height, group.y, group.pitchY, group.rows);
  const channels: number[] = [];
  for (let c = c0; c <= c1; c++) {
    for (let r = r0; r <= r1; r++) {
      const channel = c * group.rows + r;
      if (channel < group.count) channels.push(channel);
    }
  }
  return channels;
}
