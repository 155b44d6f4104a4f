/** How the learning rate changes from epoch to epoch. `factor` multiplies, `final` is a share of the base rate. */
export type Schedule =
  | { kind: 'constant' }
  /** base · factor^⌊epoch ÷ every⌋ */
  | { kind: 'step'; every: number; factor: number }
  /** base · factor^epoch */
  | { kind: 'exponential'; factor: number }
  /** From base to final · base along half a cosine (Loshchilov & Hutter 2017, without restarts). */
  | { kind: 'cosine'; final: number };

export interface RateSettings {
  learningRate: number;
  schedule: Schedule;
  /** Epochs (a fraction too) in which the rate rises evenly to its base. */
  warmup: number;
  epochs: number;
}

/** The learning rate of one update. @param update 0-based over the whole run. */
export function learningRate(settings: RateSettings, update: number, stepsPerEpoch: number): number {
  const { learningRate: base, schedule, warmup, epochs } = settings;
  const warmupSteps = Math.round(warmup * stepsPerEpoch);
  if (update < warmupSteps) return (base * (update + 1)) / (warmupSteps + 1);
  const epoch = Math.floor(update / stepsPerEpoch);
  switch (schedule.kind) {
    case 'constant':
      return base;
    case 'step':
      return base * schedule.factor ** Math.floor(epoch / schedule.every);
    case 'exponential':
      return base * schedule.factor ** epoch;
    case 'cosine': {
      const total = epochs * stepsPerEpoch - warmupSteps;
      const share = Math.min(1, (update - warmupSteps) / Math.max(1, total));
      return base * (schedule.final + ((1 - schedule.final) * (1 + Math.cos(Math.PI * share))) / 2);
    }
  }
}
