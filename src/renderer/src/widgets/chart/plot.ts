import type uPlot from 'uplot';
import { token } from '../../theme/token';
import { logMarks, marks } from './marks';
import { nearestKnown, steadyRange, type Range } from './points';
import { dotted, type ChartSeries } from './series';
import { apart } from './tags';

/** What a plot shows, as it is now. */
export interface Plotted {
  series: readonly ChartSeries[];
  log: boolean;
  /** A place on x that matters, in the accent. */
  marker: { x: number; label: string } | null;
  /** Of the type in it. */
  font: string;
  axisY?: (value: number) => string;
}

/** What a plot tells of. */
export interface PlotEvents {
  /** Where the pointer or a key reads it; null where nothing does. */
  read: (reading: Reading | null) => void;
  zoom: (range: Range) => void;
  reset: () => null;
}

/** Under the pointer: x, and each line's value. */
export interface Reading {
  x: number;
  values: (number | null)[];
}

const tones = { current: '--ink', check: '--curve', older: '--ctl', accent: '--accent' } as const;
const increments = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6,
];

/** Of the lines as they are when it is made; `now` is asked whenever something is drawn. */
export function plotOptions(width: number, height: number, now: () => Plotted, tell: PlotEvents): uPlot.Options {
  const { series, log, axisY, font } = now();
  const axis: uPlot.Axis = {
    stroke: () => token('--ink2'),
    font: `11px ${font}`,
    grid: { stroke: () => token('--line'), width: 1 },
    ticks: { show: false },
    border: { show: true, stroke: () => token('--line2'), width: 1 },
    gap: 5,
  };
  // What is counted in whole numbers has no marks between them.
  const whole = series.every(({ points }) => points.every(({ x }) => Number.isInteger(x)));
  return {
    width,
    height,
    legend: { show: false },
    // The marker's words stand above the lines, where no peak reaches.
    padding: [() => (now().marker ? 20 : 8), series.some(({ tag }) => tag) ? 22 : 10, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 4 },
      dataIdx: (u, column, hovered) =>
        column === 0 ? hovered : (nearestKnown(u.data[0], u.data[column], hovered) ?? -1),
      points: {
        size: 7,
        width: 2,
        fill: () => token('--bg'),
        stroke: (_, i) => token(tones[now().series[i - 1]?.tone ?? 'current']),
      },
      bind: { dblclick: () => tell.reset },
    },
    scales: {
      x: { time: false },
      y: log ? { distr: 3 } : { range: rangeOf },
    },
    axes: [
      {
        ...axis,
        size: 24,
        space: 44,
        incrs: whole ? increments.filter((step) => step >= 1) : increments,
        values: (_, splits) => marks(splits),
      },
      {
        ...axis,
        // Of a logarithmic axis the powers of ten alone are drawn.
        grid: { ...axis.grid, filter: (_, splits) => (log ? splits.map(decade) : splits) },
        space: 32,
        size: (_, values) => 12 + Math.max(14, ...(values ?? []).map((text) => text.length * 6.6)),
        values: (_, splits) => (log ? logMarks(splits) : axisY ? splits.map(axisY) : marks(splits)),
      },
    ],
    series: [
      {},
      ...series.map(({ tone, dash }): uPlot.Series => ({
        stroke: () => token(tones[tone]),
        width: tone === 'older' ? 1 : 1.5,
        dash: dash === true ? [5, 4] : dash ? [...dash] : undefined,
        spanGaps: true,
        // Asked anew at each drawing: a line that has grown past its marks needs no other plot.
        points: { show: (_, i) => dotted(now().series[i - 1]), size: 4, width: 1, fill: () => token(tones[tone]) },
      })),
    ],
    hooks: {
      draw: [(u) => drawMarker(u, now()), (u) => drawTags(u, now())],
      setCursor: [(u) => tell.read(readingOf(u))],
      setSelect: [
        (u) => {
          const { left, width: dragged } = u.select;
          if (dragged < 4) return;
          tell.zoom({ min: u.posToVal(left, 'x'), max: u.posToVal(left + dragged, 'x') });
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const decade = (value: number): number | null =>
  Number.isInteger(Math.round(1e9 * Math.log10(value)) / 1e9) ? value : null;

/** Of what shows between the ends of x. */
function rangeOf(u: uPlot): [number, number] {
  const [xs, ...columns] = u.data;
  const [from, to] = [u.scales.x.min ?? -Infinity, u.scales.x.max ?? Infinity];
  const shown = columns.flatMap((column) =>
    Array.from(column).filter((value, i): value is number => typeof value === 'number' && xs[i] >= from && xs[i] <= to),
  );
  const range = steadyRange(shown);
  return padded(range?.min ?? null, range?.max ?? null);
}

/** A little room above and below; what is flat gets some around it. */
function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 0.5;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

function readingOf(u: uPlot): Reading | null {
  const { idx, left = -1 } = u.cursor;
  if (idx === null || idx === undefined || left < 0) return null;
  const [xs, ...columns] = u.data;
  const values = columns.map((column) => {
    const at = nearestKnown(xs, column, idx);
    return at === null ? null : (column[at] as number);
  });
  return { x: xs[idx], values };
}

function drawMarker(u: uPlot, { marker, series, font }: Plotted): void {
  if (!marker || series.every(({ points }) => points.length === 0)) return;
  const x = Math.round(u.valToPos(marker.x, 'x', true));
  const { left, top, width: w, height: h } = u.bbox;
  if (x < left - 1 || x > left + w + 1) return;
  const ratio = devicePixelRatio;
  const { ctx } = u;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = ctx.fillStyle = token('--accent');
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x + 0.5, top);
  ctx.lineTo(x + 0.5, top + h);
  ctx.stroke();
  ctx.font = `${11 * ratio}px ${font}`;
  ctx.textBaseline = 'top';
  const room = left + w - x > ctx.measureText(marker.label).width + 8 * ratio;
  ctx.textAlign = room ? 'left' : 'right';
  ctx.fillText(marker.label, x + (room ? -1 : 1) * ratio, top - 15 * ratio);
  ctx.restore();
}

/** Each line's tag right of its last point that shows. */
function drawTags(u: uPlot, { series, font }: Plotted): void {
  const { left, top, width: w, height: h } = u.bbox;
  const ends = series.flatMap(({ tag, tone }, i) => {
    if (!tag) return [];
    const column = u.data[i + 1] ?? [];
    const [from, to] = [u.scales.x.min ?? 0, u.scales.x.max ?? 0];
    let at = column.length - 1;
    while (at >= 0 && (column[at] === null || column[at] === undefined || u.data[0][at] > to)) at--;
    if (at < 0 || u.data[0][at] < from) return [];
    const x = Math.min(left + w, u.valToPos(u.data[0][at], 'x', true));
    return [{ tag, tone, x, y: u.valToPos(column[at] as number, 'y', true) }];
  });
  if (ends.length === 0) return;
  const ratio = devicePixelRatio;
  const { ctx } = u;
  ctx.save();
  ctx.font = `600 ${11 * ratio}px ${font}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const { tag, tone, x, y } of apart(ends, 12 * ratio, top + h)) {
    ctx.fillStyle = token(tone === 'older' ? '--ink2' : tones[tone]);
    ctx.fillText(tag, x + 6 * ratio, y);
  }
  ctx.restore();
}
