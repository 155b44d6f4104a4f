import { totalmem } from 'node:os';
import { BITS, type TensorValue } from '../../core/onnx/tensor-data';
import type { ElementTypeName } from '../../core/onnx/proto';
import { elementTypes } from '../../core/onnx-graph/element-types';
import type { OnnxNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { PROVIDER_TITLES, type Provider } from '../../shared/settings';
import { isMessage, say, type Message } from '../../words';
import { checkExternalData, readTensor } from './external-data';
import { readSettings } from '../system/settings';
import { readNetworkFile, type NetworkFile } from './network-file';
import { CPU, firstDifference } from './provider';
import { RunnerChild, RunnerEnded, RuntimeRefused } from './runner-child';
import type { Described, ProviderOptions } from './runner-messages';
import { Opening, type Asked, type Lacking, type Session } from './runner-opening';
import { CAST, CAST_NAME, infoOf, outputsOf, valueNames, type TensorInfo } from './runner-values';
import { runtimeReason } from './runtime-words';

/** What a network may take while it runs. */
export interface RunnerLimits {
  /** Bytes of memory of the process that runs it. */
  memory: number;
  /** Seconds for a run, and for opening it. */
  seconds: number;
  threads: number;
  /** Who computes it, as soon as its numbers were seen to be those of the CPU. */
  provider: ProviderOptions;
}

/** Memory of `memoryLimit`; a minute; two threads; the CPU. @throws FailureError as `memoryLimit`. */
export const defaultLimits = async (): Promise<RunnerLimits> => ({
  memory: await memoryLimit(),
  seconds: 60,
  threads: 2,
  provider: CPU,
});

/** The default memory limit of a network, in bytes: half of the machine's memory, at most 4 GiB. */
export const usualMemory = (): number => Math.min(4 * 2 ** 30, totalmem() / 2);

/** The memory limit that the environment variable `CONVSCOPE_MEMORY` sets in MiB, null without it. @throws FailureError for a value that is no size. */
export function forcedMemory(): number | null {
  const { CONVSCOPE_MEMORY: given } = process.env;
  if (!given) return null;
  const mebibytes = Number(given);
  if (mebibytes > 0 && Number.isFinite(mebibytes)) return mebibytes;
  throw new FailureError('internal', { reason: say('foreign.memory-setting', { given }) });
}

/** Bytes, by the environment variable, else by the app's settings, else the usual. @throws FailureError where either cannot be read. */
async function memoryLimit(): Promise<number> {
  const mebibytes = forcedMemory() ?? (await readSettings()).memory;
  return mebibytes === null ? usualMemory() : mebibytes * 2 ** 20;
}

export interface RunOptions {
  signal?: AbortSignal;
  optimized?: boolean;
}

export interface Timed {
  found: Map<string, TensorValue>;
  milliseconds: number;
}

/** Bytes of all values together up to which one session gives out every value; with more, each set of them has its own. */
const SMALL = 256 * 2 ** 20;
/** Bytes of values that are compared with the CPU's at once. */
const COMPARED = 64 * 2 ** 20;
/** Sessions that are kept, and the size of the files of all of them together. */
const KEPT = { sessions: 4, bytes: 256 * 2 ** 20 };

/**
 * Runs any network in onnxruntime, with graph optimization off, and hands out every value of its graph. It runs in a process of its own,
 * which is killed where it is cancelled, takes too long or too much memory, and started anew for the next run.
 */
export class NetworkRunner {
  /** What has to be given to a run. */
  readonly inputs: readonly TensorInfo[];
  /** Every value of the graph that a node makes, in the order of the nodes, and the outputs. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** It can be computed. */
  readonly refused = null;
  private child: RunnerChild | null;
  private sessions: Session[];
  private nextId: number;
  private turn: Promise<unknown> = Promise.resolve();
  /** Whether its provider's numbers are the CPU's: not known yet, or why the CPU computes instead. */
  private trust: 'unknown' | 'trusted' | Message = 'unknown';

  private constructor(
    private readonly file: NetworkFile,
    readonly network: OnnxNetwork,
    private readonly limits: RunnerLimits,
    private readonly types: ReadonlyMap<string, string>,
    opened: { child: RunnerChild; session: Session; inputs: Described[]; outputs: Described[]; lacking: Lacking },
  ) {
    this.child = opened.child;
    this.sessions = [opened.session];
    this.nextId = opened.session.id + 1;
    this.inputs = opened.inputs.map((input) => infoOf(input.name, network, types, input, null));
    const outputs = new Map(opened.outputs.map((output) => [output.name, output]));
    this.tensors = new Map(
      valueNames(network).map((name) => {
        const found = outputs.get(name) ?? outputs.get(name + CAST_NAME);
        return [name, infoOf(name, network, types, found, opened.lacking.get(name) ?? null)];
      }),
    );
  }

  /**
   * Opens a network: onnxruntime loads it, and says the type and shape of every value.
   * @throws FailureError `model.format`, `model.invalid` (custom operators, data that is missing or outside the folder, broken graphs:
   * with the node), `cancelled`.
   */
  static async open(
    file: NetworkFile,
    {
      signal,
      network = readNetworkFile(file),
      ...given
    }: Partial<RunnerLimits> & { signal?: AbortSignal; network?: OnnxNetwork } = {},
  ): Promise<NetworkRunner> {
    const limits = { ...(await defaultLimits()), ...given };
    const refuse = (reason: Message): FailureError => new FailureError('model.invalid', { file: file.name, reason });
    const [problem] = network.problems;
    if (problem) throw refuse(problem);
    const missing = await checkExternalData(network.graph, file.folder);
    if (missing) throw refuse(missing);
    const types = elementTypes(network.graph);
    for (const name of network.graph.inputs) {
      const { type, holds } = network.graph.values.get(name)!;
      if (holds) throw refuse(say('foreign.input-holds', { name, holds }));
      if (type !== null && CAST[type] !== undefined) throw refuse(say('foreign.input-type', { name, type }));
    }
    const child = new RunnerChild();
    const asked = { signal, seconds: limits.seconds };
    try {
      await child.ask(fileMessage(file, limits), asked);
      const opening = new Opening(child, network, types, asked);
      const found = await opening.all();
      return new NetworkRunner(file, network, limits, types, { child, ...found });
    } catch (error) {
      child.close();
      throw asFailure(error, file.name, network, limits);
    }
  }

  /**
   * Computes values of the graph.
   * @param inputs for every input, in its type and shape. @param wanted names of values that a node makes, or of outputs.
   * @param options `signal` kills the run; `optimized` lets onnxruntime fuse nodes, for many runs of the same values.
   * @returns them by name, dense, in ONNX's layout; those of types that cannot be handed out as `TensorInfo.as`.
   * @throws FailureError `model.invalid` naming the input or node, `cancelled`.
   */
  async run(
    inputs: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
    options: RunOptions = {},
  ): Promise<Map<string, TensorValue>> {
    return (await this.timed(inputs, wanted, options)).found;
  }

  /** Like `run`, with how long onnxruntime alone took. */
  async timed(
    inputs: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
    options: RunOptions = {},
  ): Promise<Timed> {
    const sizes = this.check(inputs, wanted);
    const result = this.turn.then(() => this.compute(inputs, wanted, sizes, options));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Who computed the last run without fused nodes, and why it was not the provider that was asked for. */
  get computedBy(): { provider: Provider; instead: Message | null } {
    return {
      provider: this.trust === 'trusted' ? this.limits.provider.name : CPU.name,
      instead: typeof this.trust === 'object' ? this.trust : null,
    };
  }

  /** The file's name, for messages. */
  get name(): string {
    return this.file.name;
  }

  /** A weight's values. @throws FailureError, OnnxError. */
  weight(name: string): Promise<TensorValue> {
    return readTensor(this.file.name, this.network.graph.initializers.get(name)!, this.file.folder);
  }

  /** Bytes that a value takes where the dimensions that the file leaves open are these; null where that is not known. */
  bytesOf(name: string, sizes: ReadonlyMap<string, number>): number | null {
    const { type, as, dims } = this.tensors.get(name)!;
    if (!dims) return null;
    const counts = dims.map((dim) => (typeof dim === 'number' ? dim : (sizes.get(dim ?? '') ?? null)));
    if (counts.some((count) => count === null)) return null;
    const bits = BITS[(as ?? type ?? 'float32') as ElementTypeName] ?? 32;
    return counts.reduce<number>((product, count) => product * count!, 1) * Math.max(1, bits / 8);
  }

  /** Ends the process; a run under way ends as cancelled. */
  close(): void {
    this.child?.close();
    this.child = null;
  }

  /** What the symbols in the inputs' shapes are. @throws FailureError for inputs that are missing or do not fit. */
  sizesOf(inputs: ReadonlyMap<string, TensorValue>): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const { name, type, dims } of this.inputs) {
      const given = inputs.get(name);
      if (!given) throw this.refuse(say('foreign.input-missing', { name }));
      const expected = say('foreign.typed-shape', {
        type: type ?? '?',
        dims: (dims ?? []).map((dim) => dim ?? '?').join(', '),
      });
      const found = say('foreign.typed-shape', { type: given.type, dims: given.shape.join(', ') });
      const wrong = (): FailureError => this.refuse(say('foreign.input-differs', { name, found, expected }));
      if (type !== null && given.type !== type) throw wrong();
      if (!dims) continue;
      if (dims.length !== given.shape.length) throw wrong();
      dims.forEach((dim, axis) => {
        const size = given.shape[axis];
        if (typeof dim === 'number') {
          if (dim !== size) throw wrong();
        } else if (dim !== null && dim !== '') {
          const known = sizes.get(dim);
          if (known !== undefined && known !== size)
            throw this.refuse(say('foreign.symbol', { symbol: dim, sizes: [known, size], name }));
          sizes.set(dim, size);
        }
      });
    }
    for (const name of inputs.keys())
      if (!this.inputs.some((input) => input.name === name))
        throw this.refuse(say('foreign.input-unknown', { name, known: this.inputs.map((input) => input.name) }));
    return sizes;
  }

  private check(inputs: ReadonlyMap<string, TensorValue>, wanted: readonly string[]): Map<string, number> {
    const sizes = this.sizesOf(inputs);
    for (const name of wanted) {
      const info = this.tensors.get(name);
      if (!info) throw this.refuse(say('foreign.tensor-unknown', { name }));
      if (info.unavailable) throw this.refuse(say('foreign.tensor-unavailable', { name, reason: info.unavailable }));
      const bytes = this.bytesOf(name, sizes);
      if (bytes !== null && bytes > this.limits.memory)
        throw this.refuse(
          say('foreign.tensor-large', { name, size: mebibytes(bytes), limit: mebibytes(this.limits.memory) }),
        );
    }
    return sizes;
  }

  private async compute(
    inputs: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
    sizes: ReadonlyMap<string, number>,
    { signal, optimized = false }: RunOptions,
  ): Promise<Timed> {
    const asked = { signal, seconds: this.limits.seconds };
    const compute = (provider: ProviderOptions): Promise<Timed> =>
      this.computeWith(provider, inputs, wanted, sizes, optimized, asked);
    const { provider } = this.limits;
    if (optimized || provider.name === CPU.name || typeof this.trust === 'object') return compute(CPU);
    if (this.trust === 'unknown') this.trust = await this.tried(inputs, sizes, asked);
    if (this.trust !== 'trusted') return compute(CPU);
    return compute(provider).catch((error: unknown) => {
      this.trust = this.failureOf(error);
      return compute(CPU);
    });
  }

  /** Computes every value with the provider that is asked for and with the CPU, and compares them. */
  private async tried(
    inputs: ReadonlyMap<string, TensorValue>,
    sizes: ReadonlyMap<string, number>,
    asked: Asked,
  ): Promise<'trusted' | Message> {
    const { provider } = this.limits;
    const all = [...this.tensors.values()].filter(({ unavailable }) => !unavailable).map(({ name }) => name);
    for (const names of inLots(all, COMPARED, (name) => this.bytesOf(name, sizes))) {
      const cpu = await this.computeWith(CPU, inputs, names, sizes, false, asked);
      let other: Timed;
      try {
        other = await this.computeWith(provider, inputs, names, sizes, false, asked);
      } catch (error) {
        return this.failureOf(error);
      }
      const difference = firstDifference(this.network, names, cpu.found, other.found, provider.name);
      if (difference) return difference;
    }
    return 'trusted';
  }

  /** Why the CPU computes what the provider could not. @throws the error where it was cancelled. */
  private failureOf(error: unknown): Message {
    const reason = error instanceof FailureError && error.code === 'model.invalid' ? error.values.reason : null;
    if (!isMessage(reason)) throw error;
    return say('provider.fails', { provider: PROVIDER_TITLES[this.limits.provider.name], reason });
  }

  private async computeWith(
    provider: ProviderOptions,
    inputs: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
    sizes: ReadonlyMap<string, number>,
    optimized: boolean,
    asked: Asked,
  ): Promise<Timed> {
    const found = new Map<string, TensorValue>();
    try {
      const child = await this.process(asked);
      const session = await this.sessionFor(child, wanted, sizes, { optimized, provider }, asked);
      const fetched = new Map(wanted.map((name) => [this.outputName(name), name]));
      const answer = await child.ask(
        { kind: 'run', id: session.id, inputs: Object.fromEntries(inputs), wanted: [...fetched.keys()] },
        { ...asked, tensor: ({ name, value }) => found.set(fetched.get(name)!, value) },
      );
      return { found, milliseconds: answer.kind === 'ran' ? answer.milliseconds : 0 };
    } catch (error) {
      if (this.child?.ended || error instanceof RunnerEnded) this.forget();
      throw asFailure(error, this.file.name, this.network, this.limits);
    }
  }

  private async process(asked: Asked): Promise<RunnerChild> {
    if (this.child && !this.child.ended) return this.child;
    this.forget();
    const child = new RunnerChild();
    this.child = child;
    await child.ask(fileMessage(this.file, this.limits), asked);
    return child;
  }

  private forget(): void {
    this.child?.close();
    this.child = null;
    this.sessions = [];
  }

  /** A session that gives out these values: every value where they are few enough, since then it serves whatever comes. */
  private async sessionFor(
    child: RunnerChild,
    wanted: readonly string[],
    sizes: ReadonlyMap<string, number>,
    { optimized, provider }: { optimized: boolean; provider: ProviderOptions },
    asked: Asked,
  ): Promise<Session> {
    const all = [...this.tensors.values()].filter(({ unavailable }) => !unavailable).map(({ name }) => name);
    const total = all.reduce((sum, name) => sum + (this.bytesOf(name, sizes) ?? Infinity), 0);
    const names = !optimized && total <= Math.min(SMALL, this.limits.memory / 4) ? all : [...wanted];
    const key = new Set([...names, ...this.network.graph.outputs]);
    const same = this.sessions.find(
      (each) =>
        each.optimized === optimized &&
        each.provider === provider.name &&
        each.gives.size === key.size &&
        [...key].every((name) => each.gives.has(name)),
    );
    if (same) {
      this.sessions = [...this.sessions.filter((each) => each !== same), same];
      return same;
    }
    const most = Math.max(1, Math.min(KEPT.sessions, Math.floor(KEPT.bytes / this.file.bytes.length)));
    while (this.sessions.length >= most) await child.ask({ kind: 'drop', id: this.sessions.shift()!.id }, asked);
    const id = this.nextId++;
    await child.ask({ kind: 'session', id, optimized, provider, ...outputsOf(this.network, names, this.types) }, asked);
    const session = { id, optimized, provider: provider.name, gives: key };
    this.sessions.push(session);
    return session;
  }

  private outputName(name: string): string {
    return this.tensors.get(name)!.as === null ? name : name + CAST_NAME;
  }

  private refuse(reason: Message): FailureError {
    return new FailureError('model.invalid', { file: this.file.name, reason });
  }
}

/** Names in lots that fit into memory together, in order. @param bytesOf null where the size is not known: of such a lot has sixteen. */
export function inLots(names: readonly string[], most: number, bytesOf: (name: string) => number | null): string[][] {
  const lots: string[][] = [];
  let room = 0;
  for (const name of names) {
    const bytes = bytesOf(name) ?? most / 16;
    if (lots.length === 0 || bytes > room) {
      lots.push([]);
      room = most;
    }
    lots[lots.length - 1].push(name);
    room -= bytes;
  }
  return lots;
}

const fileMessage = ({ bytes, path, folder }: NetworkFile, { memory, threads }: RunnerLimits) =>
  ({ kind: 'file', file: path === null ? { bytes } : { path }, folder, memory, threads }) as const;

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

function asFailure(error: unknown, file: string, network: OnnxNetwork, { memory, seconds }: RunnerLimits): Error {
  if (error instanceof FailureError) return error;
  const refuse = (reason: Message): FailureError => new FailureError('model.invalid', { file, reason });
  if (error instanceof RuntimeRefused) return refuse(runtimeReason(error.message, network));
  if (error instanceof RunnerEnded) {
    if (error.why === 'memory') return refuse(say('foreign.memory', { limit: mebibytes(memory) }));
    return refuse(error.why === 'time' ? say('foreign.time', { seconds }) : say('foreign.fault'));
  }
  return error instanceof Error ? error : new Error(String(error));
}
