/** Elementwise functions by kind, for drawing their curve: the numbers themselves come from the engine. */
const curves: Record<string, (x: number, c: Record<string, number>) => number> = {
  relu: (x) => Math.max(0, x),
  leakyrelu: (x, { alpha = 0.01 }) => (x > 0 ? x : alpha * x),
  prelu: (x, { slope = 0.25 }) => (x > 0 ? x : slope * x),
  elu: (x, { alpha = 1 }) => (x > 0 ? x : alpha * Math.expm1(x)),
  selu: (x, { alpha = 1.6732632, gamma = 1.050701 }) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  hardsigmoid: (x, { alpha = 0.2, beta = 0.5 }) => Math.max(0, Math.min(1, alpha * x + beta)),
  tanh: Math.tanh,
  softplus: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
};

export interface Curve {
  /** Points from left to right, in values. */
  points: { x: number; y: number }[];
  from: { x: number; y: number };
  to: { x: number; y: number };
}

/** The curve around a unit: wide enough to hold it and to show the function's bend. Null for a kind without one. */
export function curveOf(kind: string, constants: readonly { name: string; value: number }[], at: number): Curve | null {
  const f = curves[kind];
  if (!f || !Number.isFinite(at)) return null;
  const c = Object.fromEntries(constants.map(({ name, value }) => [name, value]));
  const reach = Math.max(kind === 'relu' || kind.endsWith('relu') ? 1 : 4, Math.abs(at) * 1.25);
  const points = Array.from({ length: 97 }, (_, i) => {
    const x = -reach + (2 * reach * i) / 96;
    return { x, y: f(x, c) };
  });
  const ys = points.map((point) => point.y);
  const low = Math.min(0, ...ys);
  const high = Math.max(...ys, low + 1e-9);
  return { points, from: { x: -reach, y: low }, to: { x: reach, y: high } };
}
