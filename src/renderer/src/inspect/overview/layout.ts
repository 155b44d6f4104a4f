import type { ModelInfo } from '../../../../shared/protocol';
import { hiddenLayers, isFlat, layerAt, mapsOf } from '../../state/layers';
import { snap } from '../../theme/pixels';
import type { Answer, Group, Layout, Strip } from './geometry';
import { answerLeast, gapsOf, HEADER, PAD, planOf, type LayoutRequest, type Plan, type PlannedGroup } from './plan';

/** Sizes tried for the largest map, in CSS pixels; the first that fits the window is taken. */
const sizes = [140, 112, 98, 84, 70, 56];

/** The layers of the classifier's answer, if the network ends in flat features. */
function answerOf(model: ModelInfo): { logits: number | null; softmax: number | null } | null {
  const { head } = model;
  if (!head || model.labels.length !== mapsOf(layerAt(model, head.output))[0]) return null;
  const { kind, output, logits } = head;
  if (kind === 'value') return { logits: output, softmax: null };
  const used = model.layers.filter(({ inputs }) => inputs.includes(logits)).length;
  const fits = logits >= 0 && used === 1 && model.layers[output].inputs[0] === logits && isFlat(model.layers[logits]);
  return { logits: fits ? logits : null, softmax: output };
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
  const merged = new Set(hiddenLayers(request.model));
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
  const inputTop = snap(HEADER + 8 + strip.tops.length * plan.strip.step, ratio);
  const tensorHeight = plan.input.rows * (plan.input.tileHeight + plan.input.gap) - plan.input.gap;
  const input = placeGroup(plan.input, PAD, inputTop, tensorHeight, Infinity, ratio, null);
  strip.input = input.box;
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
  const { side, compact, width, pictures, step } = plan.strip;
  const top = HEADER + 8;
  return {
    x: PAD,
    width,
    side,
    compact,
    tops: Array.from({ length: pictures }, (_, i) => snap(top + i * step, ratio)),
    input: { x: PAD, y: top, width, height: 0 },
    captionTop: 0,
  };
}
