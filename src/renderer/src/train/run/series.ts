import type { LayerWatch } from '../../../../shared/runs';
import type { Point } from '../../widgets/chart/points';
import type { EpochLine, StepLine } from '../../state/history.svelte';

/**
 * Points of lines that grow: only what is new is turned into points, so that a long history costs nothing more as it grows.
 * The same array is given back, longer; a history that was cut makes a new one.
 */
export function growing<L>(toPoint: (line: L) => Point | null): (lines: readonly L[]) => readonly Point[] {
  let points: Point[] = [];
  let taken = 0;
  let first: L | undefined;
  let last: L | undefined;
  return (lines) => {
    if (taken > lines.length || (taken > 0 && (lines[taken - 1] !== last || lines[0] !== first))) {
      points = [];
      taken = 0;
    }
    for (; taken < lines.length; taken++) {
      const point = toPoint(lines[taken]);
      if (point) points.push(point);
    }
    first = lines[0];
    last = lines[taken - 1];
    return points;
  };
}

/** Updates in an epoch: as an epoch's line says, before the first one as the settings let expect. */
export function updatesPerEpoch(epochs: readonly EpochLine[], pictures: number, batch: number): number {
  const line = epochs[0];
  return line ? Math.max(1, line.step / line.epoch) : Math.max(1, Math.ceil(pictures / batch));
}

/** What is watched of each layer. */
export const quantities = ['gradient', 'update', 'activation', 'zeros'] as const;
export type Quantity = (typeof quantities)[number];

const read: Record<Quantity, (watch: LayerWatch) => number> = {
  gradient: (watch) => watch.gradientNorm,
  update: (watch) => watch.updateRatio,
  activation: (watch) => watch.activationMean,
  zeros: (watch) => watch.zeroFraction,
};

export function watched(watch: LayerWatch, quantity: Quantity): number {
  return read[quantity](watch);
}

/** Layers in the order in which they are watched; `trainable` leaves out those without a gradient. */
export function watchedLayers(steps: readonly StepLine[], quantity: Quantity): string[] {
  const line = steps[steps.length - 1];
  if (!line) return [];
  const weights = quantity === 'gradient' || quantity === 'update';
  return line.layers.filter(({ weightNorm }) => !weights || weightNorm > 0).map(({ layer }) => layer);
}

/**
 * The x axis of a run's curves: to its last epoch once half of that is reached, before that to a power of two, so that the
 * lines fill the chart and the axis seldom jumps.
 */
export function epochRange(reached: number, epochs: number): { min: number; max: number } {
  const room = 2 ** Math.ceil(Math.log2(Math.max(1, reached)));
  return { min: 0, max: Math.max(reached, Math.min(room, Math.max(1, epochs))) };
}
