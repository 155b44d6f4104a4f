import type { Line } from '../../../../core/onnx-graph/nested';
import type { Box } from '../overview/geometry';

/** The lines that meet a rectangle, as one path: down from point to point, round where they step aside. */
export function pathIn(lines: readonly Line[], view: Box): string {
  const parts: string[] = [];
  for (const { points } of lines) {
    const [first] = points;
    const last = points[points.length - 1];
    if (last.y < view.y || first.y > view.y + view.height) continue;
    let [left, right] = [first.x, first.x];
    for (const { x } of points) [left, right] = [Math.min(left, x), Math.max(right, x)];
    if (right < view.x || left > view.x + view.width) continue;
    parts.push(`M${n(first.x)} ${n(first.y)}`);
    for (let at = 1; at < points.length; at++) {
      const [from, to] = [points[at - 1], points[at]];
      if (Math.abs(from.x - to.x) < 0.5) parts.push(`L${n(to.x)} ${n(to.y)}`);
      else {
        const middle = (from.y + to.y) / 2;
        parts.push(`C${n(from.x)} ${n(middle)} ${n(to.x)} ${n(middle)} ${n(to.x)} ${n(to.y)}`);
      }
    }
  }
  return parts.join('');
}

const n = (value: number): string => String(Math.round(value * 10) / 10);
