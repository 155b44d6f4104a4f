import { SHARDS } from './shards';

/** The commands that the threads of one executor run together. */
export enum Command {
  Exit,
  Forward,
  Backward,
  Train,
  Evaluate,
}

/** What a command runs with; written by the main thread before it starts one. */
export interface Order {
  /** Samples in the batch. */
  n: number;
  training: boolean;
  /** Which of the weights' other forms must be recomputed: 0 none, 1 those for forward, 2 those for backward too. */
  prepare: number;
  /** Where the backward pass starts: a layer's index. */
  from: number;
  step: number;
  rate: number;
  seed: number;
  epoch: number;
}

const GENERATION = 0;
const COMMAND = 1;
const ARRIVED = 2;
const PHASE = 3;
const FAILED = 4;
/** Two banks with one number per shard. */
const TURNS = 16;
const INTEGERS = 32;
const NUMBERS = 8;
/** Characters of the reason of a failure. */
const REASON = 500;

/** Times that a value is polled (some 0.2 ms) before the thread sleeps: a phase of a small network is shorter than a wake-up. */
export const SPINS = 4000;

/** A hint to the processor that this loop only waits, so that the core's other thread gets more of it; engines before 2025 lack it. */
export const pause = (Atomics as { pause?: () => void }).pause ?? ((): void => {});

/** Thrown in the threads that wait for one that failed. */
export class ThreadFailure extends Error {
  override name = 'ThreadFailure';
}

/**
 * The block of shared memory through which the threads of one executor keep step: a command with its numbers, a barrier,
 * a flag that frees the others when one fails.
 */
export class Control {
  readonly buffer: SharedArrayBuffer;
  private readonly integers: Int32Array;
  private readonly banks: readonly Int32Array[];
  private readonly numbers: Float64Array;
  private readonly reason: Uint16Array;

  constructor(
    readonly threads: number,
    buffer?: SharedArrayBuffer,
  ) {
    this.buffer = buffer ?? new SharedArrayBuffer(INTEGERS * 4 + NUMBERS * 8 + REASON * 2);
    this.integers = new Int32Array(this.buffer, 0, INTEGERS);
    this.banks = [0, 1].map((bank) => this.integers.subarray(TURNS + bank * SHARDS, TURNS + (bank + 1) * SHARDS));
    this.numbers = new Float64Array(this.buffer, INTEGERS * 4, NUMBERS);
    this.reason = new Uint16Array(this.buffer, INTEGERS * 4 + NUMBERS * 8, REASON);
  }

  get order(): Order {
    const [n, training, prepare, from, step, rate, seed, epoch] = this.numbers;
    return { n, training: training === 1, prepare, from, step, rate, seed, epoch };
  }

  /** Starts a command on the other threads; the caller then runs its own part. */
  start(command: Command, order: Order): void {
    const { n, training, prepare, from, step, rate, seed, epoch } = order;
    this.numbers.set([n, training ? 1 : 0, prepare, from, step, rate, seed, epoch]);
    this.integers[COMMAND] = command;
    Atomics.add(this.integers, GENERATION, 1);
    Atomics.notify(this.integers, GENERATION);
  }

  /** Commands started so far. */
  get generation(): number {
    return Atomics.load(this.integers, GENERATION);
  }

  /** Waits for the command after `generation`. */
  next(generation: number): Command {
    this.waitWhile(GENERATION, generation);
    return this.integers[COMMAND];
  }

  /** The progress of each shard in span `serial`; all zero when it begins. */
  turns(serial: number): Int32Array {
    return this.banks[serial & 1];
  }

  /** Returns when every thread has called it. Throws ThreadFailure where one failed instead. */
  barrier(): void {
    if (this.threads === 1) return;
    const phase = Atomics.load(this.integers, PHASE);
    // A failure after this check changes the phase.
    this.checkFailure();
    if (Atomics.add(this.integers, ARRIVED, 1) === this.threads - 1) {
      Atomics.store(this.integers, ARRIVED, 0);
      Atomics.add(this.integers, PHASE, 1);
      Atomics.notify(this.integers, PHASE);
    } else this.waitWhile(PHASE, phase);
    this.checkFailure();
  }

  /** Releases all waiting threads; their barriers throw with the reason of the first failure. The executor cannot be used any more. */
  fail(reason: string): void {
    if (Atomics.compareExchange(this.integers, FAILED, 0, 1) === 0) {
      for (let i = 0; i < Math.min(reason.length, REASON); i++) this.reason[i] = reason.charCodeAt(i);
      Atomics.store(this.integers, FAILED, 2);
    }
    for (const place of [PHASE, GENERATION]) {
      Atomics.add(this.integers, place, 1);
      Atomics.notify(this.integers, place);
    }
  }

  get failed(): boolean {
    return Atomics.load(this.integers, FAILED) !== 0;
  }

  private checkFailure(): void {
    if (!this.failed) return;
    const end = this.reason.indexOf(0);
    const reason = String.fromCharCode(...this.reason.subarray(0, end < 0 ? REASON : end));
    throw new ThreadFailure(`a kernel thread failed: ${reason}`);
  }

  private waitWhile(place: number, value: number): void {
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(this.integers, place) !== value) return;
      pause();
    }
    while (Atomics.load(this.integers, place) === value) Atomics.wait(this.integers, place, value);
  }
}
