import { FailureError } from '../../shared/failures';
import { say } from '../../words';
import { valueAt, type InspectableNetwork } from './network';
import { mapsOf, type Maps, type Tensor } from './tensor';

/** Bytes of values that were asked for one by one and are kept. */
const LOOKED_AT = 64 * 2 ** 20;

/** A network's values for one set of inputs: those that a run gives anyway, and the others once somebody looks at them. */
export class Activations {
  private readonly atOnce = new Map<number, Tensor>();
  /** In the order in which they were computed: the first goes first. */
  private readonly lookedAt = new Map<number, Tensor>();
  private asked = new Map<number, Asked>();
  private running = false;
  private readonly known = new Map<string, unknown>();
  private readonly ended = new AbortController();

  private constructor(
    readonly network: InspectableNetwork,
    private readonly inputs: readonly Tensor[],
  ) {}

  static async of(network: InspectableNetwork, inputs: readonly Tensor[]): Promise<Activations> {
    const activations = new Activations(network, inputs);
    const tensors = await network.run(inputs, network.atOnce, activations.ended.signal);
    inputs.forEach((input, i) => activations.atOnce.set(-1 - i, input));
    network.atOnce.forEach((value, i) => activations.atOnce.set(value, tensors[i]));
    return activations;
  }

  /** What it may come to hold. */
  get bytes(): number {
    const all = this.atOnce.size === this.inputs.length + this.network.values.length;
    return weightOf(this.atOnce) + (all ? 0 : LOOKED_AT);
  }

  /** The values that are here without a run, the inputs among them. */
  get here(): ReadonlyMap<number, Tensor> {
    return this.atOnce;
  }

  /** All that are asked for before the network is free are computed in one run. */
  get(value: number): Promise<Tensor> {
    const tensor = this.atOnce.get(value) ?? this.lookedAt.get(value);
    if (tensor) return Promise.resolve(tensor);
    let answer = this.asked.get(value);
    if (!answer) {
      answer = asked();
      this.asked.set(value, answer);
      if (!this.running) void this.compute();
    }
    return answer.promise;
  }

  /** @throws FailureError for a value of texts. */
  async maps(value: number): Promise<Maps> {
    const maps = mapsOf(await this.get(value));
    if (maps) return maps;
    throw new FailureError('internal', { reason: say('view.texts', { name: valueAt(this.network, value).name }) });
  }

  /** What is worked out of a value once, however often it is asked for: walking from map to map asks for the whole each time. */
  once<T>(what: string, compute: () => T): T {
    if (!this.known.has(what)) this.known.set(what, compute());
    return this.known.get(what) as T;
  }

  /** Nobody looks any more: a run under way ends. */
  dispose(): void {
    this.ended.abort();
  }

  private async compute(): Promise<void> {
    this.running = true;
    // Those who ask in the same turn are served together.
    await Promise.resolve();
    while (this.asked.size > 0) {
      const batch = this.asked;
      this.asked = new Map();
      const wanted = [...batch.keys()];
      try {
        const tensors = await this.network.run(this.inputs, wanted, this.ended.signal);
        wanted.forEach((value, i) => {
          this.keep(value, tensors[i]);
          batch.get(value)!.resolve(tensors[i]);
        });
      } catch (error) {
        for (const answer of batch.values()) answer.reject(error);
      }
    }
    this.running = false;
  }

  private keep(value: number, tensor: Tensor): void {
    this.lookedAt.set(value, tensor);
    while (this.lookedAt.size > 1 && weightOf(this.lookedAt) > LOOKED_AT)
      this.lookedAt.delete(this.lookedAt.keys().next().value!);
  }
}

interface Asked {
  promise: Promise<Tensor>;
  resolve(tensor: Tensor): void;
  reject(error: unknown): void;
}

function asked(): Asked {
  let resolve!: Asked['resolve'];
  let reject!: Asked['reject'];
  const promise = new Promise<Tensor>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

const weightOf = (tensors: ReadonlyMap<number, Tensor>): number =>
  [...tensors.values()].reduce((sum, { data }) => sum + ('byteLength' in data ? data.byteLength : 8 * data.length), 0);
