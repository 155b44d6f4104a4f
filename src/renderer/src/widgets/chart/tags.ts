export interface TagPlace {
  x: number;
  y: number;
}

/** Moves tags that would touch apart, `line` being the height of one, and keeps them above `bottom`: as they come, sorted by y. */
export function apart<T extends TagPlace>(tags: readonly T[], line: number, bottom: number): T[] {
  const ends = tags.map((tag) => ({ ...tag })).sort((a, b) => a.y - b.y);
  const touch = (a: T, b: T): boolean => Math.abs(a.x - b.x) < line;
  for (let i = 1; i < ends.length; i++)
    for (let k = 0; k < i; k++) if (touch(ends[i], ends[k])) ends[i].y = Math.max(ends[i].y, ends[k].y + line);
  for (let i = ends.length - 1; i >= 0; i--) {
    ends[i].y = Math.min(ends[i].y, bottom - line / 2);
    for (let k = i + 1; k < ends.length; k++)
      if (touch(ends[i], ends[k])) ends[i].y = Math.min(ends[i].y, ends[k].y - line);
  }
  return ends;
}
