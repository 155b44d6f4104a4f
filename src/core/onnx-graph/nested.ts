import { layOut, type Gaps, type Placed, type Size } from './layout';

/** What is placed: a box by its size, or a frame by what is in it. Numbers go up in the order of the boxes. */
export type Part = { id: number; size: Size } | { id: number; parts: readonly Part[] };

export interface Rectangle extends Size {
  x: number;
  y: number;
}

/** Room in pixels: between boxes, above what a frame holds, and around it. */
export interface Room {
  gaps: Gaps;
  head: number;
  around: number;
}

/** A line from a box or frame to another, or between a frame's rim and what is in it. */
export interface Line {
  points: { x: number; y: number }[];
}

export interface NestedPlaces {
  /** Boxes and frames by their numbers, frames before what they hold. */
  places: [id: number, place: Rectangle][];
  lines: Line[];
  width: number;
  height: number;
}

/** Where lines pass a frame's rim. */
const RIM: Size = { width: 8, height: 0 };
const ENTRY = -1;
const EXIT = -2;

interface Container {
  parts: readonly Part[];
  edges: Map<string, { from: number; to: number }>;
}

/**
 * Places boxes and frames, frame by frame from the inside: each is laid out by itself, and a line that leaves a frame passes its rim, so
 * that unfolding one moves nothing inside the others.
 * @param edges from box to box, by their numbers, `from` before `to`. @param stopped where it says yes the result is null.
 */
export function placeNested(
  parts: readonly Part[],
  edges: readonly { from: number; to: number }[],
  room: Room,
  stopped: () => boolean = () => false,
): NestedPlaces | null {
  const root: Container = { parts, edges: new Map() };
  const inside = new Map<number, Container>();
  const paths = new Map<number, readonly number[]>();
  const visit = (container: Container, path: readonly number[]): void => {
    for (const part of container.parts) {
      if ('size' in part) paths.set(part.id, path);
      else {
        const own = { parts: part.parts, edges: new Map() };
        inside.set(part.id, own);
        visit(own, [...path, part.id]);
      }
    }
  };
  visit(root, []);
  const join = (container: Container, from: number, to: number): void =>
    void container.edges.set(`${from} ${to}`, { from, to });
  for (const { from, to } of edges) {
    const [above, below] = [paths.get(from)!, paths.get(to)!];
    let shared = 0;
    while (shared < above.length && shared < below.length && above[shared] === below[shared]) shared++;
    const common = shared === 0 ? root : inside.get(above[shared - 1])!;
    join(common, above[shared] ?? from, below[shared] ?? to);
    for (let at = shared; at < above.length; at++) join(inside.get(above[at])!, above[at + 1] ?? from, EXIT);
    for (let at = shared; at < below.length; at++) join(inside.get(below[at])!, ENTRY, below[at + 1] ?? to);
  }
  return placeContainer(root, inside, room, stopped);
}

function placeContainer(
  { parts, edges }: Container,
  inside: ReadonlyMap<number, Container>,
  room: Room,
  stopped: () => boolean,
): NestedPlaces | null {
  const { head, around } = room;
  const frames = new Map<number, NestedPlaces>();
  for (const { id } of parts) {
    const container = inside.get(id);
    if (!container) continue;
    const placed = placeContainer(container, inside, room, stopped);
    if (!placed) return null;
    frames.set(id, placed);
  }
  const joins = [...edges.values()];
  const ids = [
    ...(joins.some(({ from }) => from === ENTRY) ? [ENTRY] : []),
    ...parts.map(({ id }) => id),
    ...(joins.some(({ to }) => to === EXIT) ? [EXIT] : []),
  ];
  const at = new Map(ids.map((id, index) => [id, index]));
  const byId = new Map(parts.map((part) => [part.id, part]));
  const sizes = ids.map((id): Size => {
    const frame = frames.get(id);
    if (frame) return { width: frame.width + 2 * around, height: frame.height + head + around };
    const part = byId.get(id);
    return part && 'size' in part ? part.size : RIM;
  });
  const placed: Placed | null = layOut(
    sizes,
    joins.map(({ from, to }) => ({ from: at.get(from)!, to: at.get(to)! })),
    stopped,
    room.gaps,
  );
  if (!placed) return null;
  const places: NestedPlaces['places'] = [];
  const lines: Line[] = placed.edges.map((points) => ({ points }));
  ids.forEach((id, index) => {
    if (id === ENTRY || id === EXIT) return;
    const corner = placed.boxes[index];
    places.push([id, { ...corner, ...sizes[index] }]);
    const frame = frames.get(id);
    if (!frame) return;
    const [dx, dy] = [corner.x + around, corner.y + head];
    for (const [inner, place] of frame.places) places.push([inner, { ...place, x: place.x + dx, y: place.y + dy }]);
    for (const { points } of frame.lines) lines.push({ points: points.map(({ x, y }) => ({ x: x + dx, y: y + dy })) });
  });
  return { places, lines, width: placed.width, height: placed.height };
}
