/** What the overview's layout is made of, and what stands where. */
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
  /** Distance between neighbors' tops and lefts. */
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
  /** Side of the pictures; the normalized tensor's group follows below. */
  side: number;
  /** Captions beside the pictures instead of below, where there is little height. */
  compact: boolean;
  /** One of each picture: three, one or none. */
  tops: number[];
  /** Of the network's input. */
  input: Box;
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
