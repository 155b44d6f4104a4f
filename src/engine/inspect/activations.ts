import { FailureError } from '../../shared/failures';
import { Recent } from '../../shared/recent';
import { isMessage, say } from '../../words';
import { valueAt, type InspectableNetwork } from './network';
import { mapsOf, type Maps, type Tensor } from './tensor';

/** Bytes of values computed on request that are kept. */
const LOOKED_AT = 64 * 2 ** 20;

/** A network's values for one set of inputs: those that every run gives, and the others when a view requests them. */
export class Activations {
  private readonly atOnce = new Map<number, Tensor>();
  private readonly lookedAt = new Recent<number, Tensor>();
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
    inputs.forEach((input, i) => activations.atOnce.set(-1 - i, input));
    const { atOnce } = network;
    if (atOnce.length === 0) return activations;
    const tensors = await network.run(inputs, atOnce, activations.ended.signal);
    atOnce.forEach((value, i) => activations.atOnce.set(value, tensors[i]));
    return activations;
  }

  /** Bytes that it may come to hold. */
  get bytes(): number {
    const all = this.atOnce.size === this.inputs.length + this.network.values.length;
    return [...this.atOnce.values()].reduce((sum, tensor) => sum + bytesOf(tensor), 0) + (all ? 0 : LOOKED_AT);
  }

  /** The values that are here without a run, the inputs among them. */
  get here(): ReadonlyMap<number, Tensor> {
    return this.atOnce;
  }

  /** All values requested before the network is free are computed in one run. */
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

  /** Computes something once and keeps it: moving from map to map requests the whole each time. */
  once<T>(what: string, compute: () => T): T {
    if (!this.known.has(what)) this.known.set(what, compute());
    return this.known.get(what) as T;
  }

  /** No view needs it any more: a run under way ends. */
  dispose(): void {
    this.ended.abort();
  }

  private async compute(): Promise<void> {
    this.running = true;
    // Requests made in the same turn are served together.
    await Promise.resolve();
    while (this.asked.size > 0) {
      const batch = this.asked;
      this.asked = new Map();
      await this.answer([...batch]);
    }
    this.running = false;
  }

  /** Where a run fails, half of what it was to give is tried at a time: one value that cannot be had keeps no other back. */
  private async answer(asked: readonly [value: number, answer: Asked][]): Promise<void> {
    const wanted = asked.map(([value]) => value);
    try {
      const tensors = await this.network.run(this.inputs, wanted, this.ended.signal);
      asked.forEach(([value, answer], i) => {
        this.lookedAt.set(value, tensors[i], bytesOf(tensors[i]));
        this.lookedAt.trim(LOOKED_AT);
        answer.resolve(tensors[i]);
      });
    } catch (error) {
      if (asked.length === 1 || this.ended.signal.aborted || isHopeless(error))
        return asked.forEach(([, answer]) => answer.reject(error));
      const half = asked.length >> 1;
      await this.answer(asked.slice(0, half));
      await this.answer(asked.slice(half));
    }
  }
}

/** Whether a smaller run would take as long and end the same way. */
function isHopeless(error: unknown): boolean {
  const reason = error instanceof FailureError ? error.values.reason : null;
  return isMessage(reason) && ['foreign.time', 'foreign.fault'].includes(reason.code);
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

const bytesOf = ({ data }: Tensor): number => ('byteLength' in data ? data.byteLength : 8 * data.length);
