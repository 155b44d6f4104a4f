import { Generator } from '../core/random';

/** Random choices for drawing networks, from a seeded generator. */
export class Dice {
  private readonly generator: Generator;

  constructor(seed: number, ...parts: number[]) {
    this.generator = new Generator(seed, ...parts);
  }

  /** A whole number from `least` to `most`, both included. */
  from(least: number, most: number): number {
    return least + this.generator.integer(most - least + 1);
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.generator.integer(choices.length)];
  }

  chance(share: number): boolean {
    return this.generator.uniform() < share;
  }

  /** A number between two others, float32. */
  number(least: number, most: number): number {
    return Math.fround(least + this.generator.uniform() * (most - least));
  }

  floats(count: number, least: number, most: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = least + this.generator.uniform() * (most - least);
    return values;
  }

  /** A choice by weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights);
    let left = this.generator.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of entries) if ((left -= weight) < 0) return choice as T;
    return entries[0][0] as T;
  }
}
