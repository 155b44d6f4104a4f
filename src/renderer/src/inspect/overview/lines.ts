import type { ModelInfo } from '../../../../shared/protocol';
import { sourcesThrough, tiesOf, type Node } from './connections';
import { tileAt, type Box, type Group, type Layout } from './geometry';

/** Where a map, unit or answer's row stands; null where it is not drawn (a class below the likeliest). */
export function boxOf(layout: Layout, node: Node, rowOf: (channel: number) => number | null): Box | null {
  const group = layout.byLayer.get(node.layer);
  if (group) return tileAt(group, node.channel);
  const { answer } = layout;
  if (!answer || (node.layer !== answer.logits && node.layer !== answer.softmax)) return null;
  const row = rowOf(node.channel);
  if (row === null) return null;
  return {
    x: answer.x,
    y: answer.y + row * answer.pitch + (answer.pitch - answer.cell) / 2,
    width: answer.cell,
    height: answer.cell,
  };
}

const r = (value: number): number => Math.round(value * 10) / 10;

/** A line from the right side of one box to the left of another: straight where they face each other. */
export function curve(from: Box, to: Box): string {
  const x0 = from.x + from.width + 2;
  const y0 = from.y + from.height / 2;
  const x1 = to.x - 2;
  const y1 = to.y + to.height / 2;
  if (Math.abs(y1 - y0) < 0.6) return `M${r(x0)} ${r(y0)}H${r(x1)}`;
  const m = (x1 - x0) * 0.5;
  return `M${r(x0)} ${r(y0)}C${r(x0 + m)} ${r(y0)} ${r(x1 - m)} ${r(y1)} ${r(x1)} ${r(y1)}`;
}

/** All connections of two columns as one shape, where single lines would be a solid block anyway. */
export function band(from: Box, to: Box): string {
  const x0 = from.x + from.width + 2;
  const x1 = to.x - 2;
  const m = (x1 - x0) * 0.5;
  const [a, b, c, d] = [from.y, from.y + from.height, to.y, to.y + to.height].map(r);
  return `M${r(x0)} ${a}C${r(x0 + m)} ${a} ${r(x1 - m)} ${c} ${r(x1)} ${c}V${d}C${r(x1 - m)} ${d} ${r(x0 + m)} ${b} ${r(x0)} ${b}Z`;
}

/** Over the columns between: up from the source, along its level, down into the target. */
export function overpass(from: Box, to: Box, top: number, level: number): string {
  const y = top - 8 - level * 9;
  const x0 = r(from.x + from.width + 5 + level * 3);
  const x1 = r(to.x - 8 - level * 3);
  return `M${x0} ${r(from.y)}V${r(y + 5)}Q${x0} ${r(y)} ${r(x0 + 5)} ${r(y)}H${r(x1 - 5)}Q${x1} ${r(y)} ${x1} ${r(y + 5)}V${r(to.y)}`;
}

/** More single lines than this between two layers are drawn as one band. */
const MOST = 600;

export interface BaseLines {
  /** One map to one map. */
  straight: string;
  /** Every map to every map. */
  fan: string;
  bands: string;
}

/** The quiet lines between the columns that meet `view`. */
export function baseLines(
  model: ModelInfo,
  layout: Layout,
  view: Box,
  rowOf: (channel: number) => number | null,
): BaseLines {
  const out: BaseLines = { straight: '', fan: '', bands: '' };
  const targets: { layer: number; box: Box; group: Group | null; count: number }[] = layout.groups
    .filter(({ layer }) => layer >= 0)
    .map((group) => ({ layer: group.layer, box: group.box, group, count: group.count }));
  const { answer } = layout;
  if (answer) {
    const box = { x: answer.x, y: answer.y, width: answer.width, height: answer.rows * answer.pitch };
    const layer = answer.logits ?? answer.softmax;
    if (layer !== null) targets.push({ layer, box, group: null, count: model.labels.length });
  }
  for (const target of targets) {
    // A dense layer's lines come from the layer right before it; the maps that it looks at light up when hovered.
    const { traits, inputs } = model.layers[target.layer];
    const ties =
      traits.weights === 'matrix' ? [{ kind: 'all' as const, source: inputs[0] }] : tiesOf(model, target.layer);
    for (const tie of ties) {
      const source = layout.byLayer.get(tie.source);
      if (!source) continue;
      if (layout.skips.some(({ from, to }) => from === tie.source && to === target.layer)) continue;
      if (target.box.x < view.x || source.box.x + source.box.width > view.x + view.width) continue;
      const pairs =
        tie.kind === 'all'
          ? source.count * target.count
          : tie.kind === 'group'
            ? tie.inputs * target.count
            : target.count;
      const single =
        source.columns === 1 &&
        (target.group?.columns ?? 1) === 1 &&
        answerShowsAll(layout, target.group, target.count);
      if (!single || pairs > MOST || tie.kind === 'fold') {
        out.bands += band(source.box, target.box);
        continue;
      }
      let path = '';
      for (let channel = 0; channel < target.count; channel++) {
        const to = boxOf(layout, { layer: target.layer, channel }, rowOf);
        if (!to) continue;
        for (const from of sourcesThrough(model, tie, channel)) path += curve(tileAt(source, from), to);
      }
      if (tie.kind === 'one') out.straight += path;
      else out.fan += path;
    }
  }
  return out;
}

function answerShowsAll(layout: Layout, group: Group | null, count: number): boolean {
  return group !== null || (layout.answer?.rows ?? 0) >= count;
}
