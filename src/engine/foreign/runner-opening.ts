import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { say, type Message } from '../../words';
import { RuntimeRefused, type RunnerChild } from './runner-child';
import { CPU } from './provider';
import type { Described, ProviderOptions } from './runner-messages';
import { outputsOf, valueNames } from './runner-values';
import { runtimeReason } from './runtime-words';

/** How long an answer may take, and who may give up waiting for it. */
export interface Asked {
  signal: AbortSignal | undefined;
  seconds: number;
}

/** A model in onnxruntime that gives out some of its values. */
export interface Session {
  id: number;
  optimized: boolean;
  provider: ProviderOptions['name'];
  /** The values that it gives out. */
  gives: ReadonlySet<string>;
}

/** Values that cannot be had, and why. */
export type Lacking = Map<string, Message>;

/** Finds out which values a network can be asked for. */
export class Opening {
  private id = 0;
  private readonly lacking: Lacking = new Map();

  constructor(
    private readonly child: RunnerChild,
    private readonly network: OnnxNetwork,
    private readonly types: ReadonlyMap<string, string>,
    private readonly asked: Asked,
  ) {}

  async all(): Promise<{ session: Session; inputs: Described[]; outputs: Described[]; lacking: Lacking }> {
    const names = valueNames(this.network);
    const { inputs, outputs, gives } = await this.give(names);
    for (const { name, type } of outputs) if (type === null) this.lacking.set(name, say('foreign.no-tensor'));
    return {
      session: { id: this.id, optimized: false, provider: CPU.name, gives },
      inputs,
      outputs,
      lacking: this.lacking,
    };
  }

  /** A session that gives out these values, without those of which it gives none: found by halves. */
  private async give(
    names: readonly string[],
  ): Promise<{ inputs: Described[]; outputs: Described[]; gives: Set<string> }> {
    const whole = await this.attempt(names);
    if (!(whole instanceof RuntimeRefused))
      return { ...whole, gives: new Set([...names, ...this.network.graph.outputs]) };
    const bare = await this.attempt([]);
    if (bare instanceof RuntimeRefused) throw bare;
    const good = await this.good(names);
    const found = await this.attempt(good);
    if (found instanceof RuntimeRefused) throw found;
    return { ...found, gives: new Set([...good, ...this.network.graph.outputs]) };
  }

  private async good(names: readonly string[]): Promise<string[]> {
    const tried = await this.attempt(names);
    if (!(tried instanceof RuntimeRefused)) return [...names];
    if (names.length === 1) {
      this.lacking.set(names[0], runtimeReason(tried.message, this.network));
      return [];
    }
    const half = names.length >> 1;
    return [...(await this.good(names.slice(0, half))), ...(await this.good(names.slice(half)))];
  }

  private async attempt(
    names: readonly string[],
  ): Promise<{ inputs: Described[]; outputs: Described[] } | RuntimeRefused> {
    if (this.id > 0) await this.child.ask({ kind: 'drop', id: this.id }, this.asked);
    this.id++;
    try {
      const given = outputsOf(this.network, names, this.types);
      const message = { kind: 'session', id: this.id, optimized: false, provider: CPU, ...given } as const;
      const answer = await this.child.ask(message, this.asked);
      if (answer.kind !== 'session') throw new Error(`found the answer '${answer.kind}', expected 'session'`);
      return answer;
    } catch (error) {
      if (error instanceof RuntimeRefused) return error;
      throw error;
    }
  }
}
