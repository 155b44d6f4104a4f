import { totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { OnnxError } from '../../core/onnx/error';
import { ElementType, type ElementTypeName } from '../../core/onnx/proto';
import { BITS, type TensorValue } from '../../core/onnx/tensor-data';
import { encodeOutputs } from '../../core/onnx-graph/edit';
import { elementTypes } from '../../core/onnx-graph/element-types';
import { readNetwork, type OnnxNetwork } from '../../core/onnx-graph/network';
import { FailureError } from '../../shared/failures';
import { say, type Message } from '../../words';
import { readWholeFile } from '../system/files';
import { checkExternalData, readTensor } from './external-data';
import { RunnerChild, RunnerEnded, RuntimeRefused } from './runner-child';
import type { Described } from './runner-messages';
import { runtimeReason } from './runtime-words';

/** What a network may take while it runs. */
export interface RunnerLimits {
  /** Bytes of memory of the process that runs it. */
  memory: number;
  /** Seconds for a run, and for opening it. */
  seconds: number;
  threads: number;
}

/** Half of the machine's memory, at most 4 GiB; a minute; two threads. */
export const defaultLimits = (): RunnerLimits => ({
  memory: Math.min(4 * 2 ** 30, totalmem() / 2),
  seconds: 60,
  threads: 2,
});

/** A model's file: `path` where it has one, so that its bytes need not cross to the process that runs it. */
export interface NetworkFile {
  name: string;
  bytes: Uint8Array;
  path: string | null;
  /** Where data beside it is looked for; null where only its bytes are known. */
  folder: string | null;
}

/** A value of the graph, as far as it is known before anything is computed. */
export interface TensorInfo {
  name: string;
  /** Its element type in the file. */
  type: string | null;
  /** Type in which it can be had, where that is another: bfloat16, float8 as float32, four-bit integers as int8. */
  as: ElementTypeName | null;
  /** Number or symbol for each dimension; null where not even their number is known. */
  dims: readonly (number | string | null)[] | null;
  /** Why it cannot be had, where it cannot. */
  unavailable: Message | null;
}

/** Reads a model's file whole. @throws FailureError `file.…`. */
export async function networkFile(path: string): Promise<NetworkFile> {
  return { name: basename(path), bytes: await readWholeFile(path, 2 ** 31 - 1), path, folder: dirname(path) };
}

/** Reads a file's graph, without anything being computed. @throws FailureError `model.format`, `model.invalid`. */
export function readNetworkFile({ name, bytes }: Pick<NetworkFile, 'name' | 'bytes'>): OnnxNetwork {
  try {
    return readNetwork(bytes);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new FailureError(error.kind === 'format' ? 'model.format' : 'model.invalid', {
      file: name,
      reason: error.reason,
    });
  }
}

/** Element types that onnxruntime-node cannot hand out, and as what they are handed out instead. */
const CAST: Readonly<Record<string, ElementTypeName>> = {
  bfloat16: 'float32',
  float8e4m3fn: 'float32',
  float8e4m3fnuz: 'float32',
  float8e5m2: 'float32',
  float8e5m2fnuz: 'float32',
  float8e8m0: 'float32',
  float4e2m1: 'float32',
  int4: 'int8',
  uint4: 'uint8',
  int2: 'int8',
  uint2: 'uint8',
};

/** Ends the names of values that are handed out as another type. */
const CAST_NAME = '//convscope-cast';

/** Bytes of all values together up to which one session gives out every value; with more, each set of them has its own. */
const SMALL = 256 * 2 ** 20;
/** Sessions that are kept, and the size of the files of all of them together. */
const KEPT = { sessions: 4, bytes: 256 * 2 ** 20 };

interface Session {
  id: number;
  /** The values that it gives out. */
  gives: ReadonlySet<string>;
}

/**
 * Runs any network in onnxruntime, with graph optimization off, and hands out every value of its graph. It runs in a process of its own,
 * which is killed where it is cancelled, takes too long or too much memory, and started anew for the next run.
 */
export class NetworkRunner {
  /** What has to be given to a run. */
  readonly inputs: readonly TensorInfo[];
  /** Every value of the graph that a node makes, in the order of the nodes, and the outputs. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  private child: RunnerChild | null;
  private sessions: Session[];
  private nextId: number;
  private turn: Promise<unknown> = Promise.resolve();

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
    const limits = { ...defaultLimits(), ...given };
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
   * @param options `signal` kills the run.
   * @returns them by name, dense, in ONNX's layout; those of types that cannot be handed out as `TensorInfo.as`.
   * @throws FailureError `model.invalid` naming the input or node, `cancelled`.
   */
  async run(
    inputs: ReadonlyMap<string, TensorValue>,
    wanted: readonly string[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Map<string, TensorValue>> {
    const sizes = this.check(inputs, wanted);
    const result = this.turn.then(() => this.compute(inputs, wanted, sizes, signal));
    this.turn = result.catch(() => undefined);
    return result;
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
    signal: AbortSignal | undefined,
  ): Promise<Map<string, TensorValue>> {
    const asked = { signal, seconds: this.limits.seconds };
    const found = new Map<string, TensorValue>();
    try {
      const child = await this.process(asked);
      const session = await this.sessionFor(child, wanted, sizes, asked);
      const fetched = new Map(wanted.map((name) => [this.outputName(name), name]));
      await child.ask(
        { kind: 'run', id: session.id, inputs: Object.fromEntries(inputs), wanted: [...fetched.keys()] },
        { ...asked, tensor: ({ name, value }) => found.set(fetched.get(name)!, value) },
      );
      return found;
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
    asked: Asked,
  ): Promise<Session> {
    const all = [...this.tensors.values()].filter(({ unavailable }) => !unavailable).map(({ name }) => name);
    const total = all.reduce((sum, name) => sum + (this.bytesOf(name, sizes) ?? Infinity), 0);
    const names = total <= Math.min(SMALL, this.limits.memory / 4) ? all : [...wanted];
    const key = new Set([...names, ...this.network.graph.outputs]);
    const same = this.sessions.find(
      ({ gives }) => gives.size === key.size && [...key].every((name) => gives.has(name)),
    );
    if (same) {
      this.sessions = [...this.sessions.filter((each) => each !== same), same];
      return same;
    }
    const most = Math.max(1, Math.min(KEPT.sessions, Math.floor(KEPT.bytes / this.file.bytes.length)));
    while (this.sessions.length >= most) await child.ask({ kind: 'drop', id: this.sessions.shift()!.id }, asked);
    const id = this.nextId++;
    await child.ask({ kind: 'session', id, ...outputsOf(this.network, names, this.types) }, asked);
    const session = { id, gives: key };
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

interface Asked {
  signal: AbortSignal | undefined;
  seconds: number;
}

type Lacking = Map<string, Message>;

/** Finds out which values a network can be asked for. */
class Opening {
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
    return { session: { id: this.id, gives }, inputs, outputs, lacking: this.lacking };
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
      const message = { kind: 'session', id: this.id, ...outputsOf(this.network, names, this.types) } as const;
      const answer = await this.child.ask(message, this.asked);
      if (answer.kind !== 'session') throw new Error(`found the answer '${answer.kind}', expected 'session'`);
      return answer;
    } catch (error) {
      if (error instanceof RuntimeRefused) return error;
      throw error;
    }
  }
}

/** Names of what nodes make, in their order, and of outputs, which may be an input or a weight. */
function valueNames({ graph }: OnnxNetwork): string[] {
  return [...new Set([...graph.nodes.flatMap(({ outputs }) => outputs.filter(Boolean)), ...graph.outputs])];
}

function outputsOf(
  { graph }: OnnxNetwork,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
): { behind: Uint8Array; without: string[] } {
  const castOf = (name: string): ElementTypeName | undefined => CAST[types.get(name) ?? ''];
  const plain = names.filter((name) => !castOf(name) && !graph.values.get(name)!.isOutput);
  const cast = [...new Set([...names, ...graph.outputs])]
    .filter(castOf)
    .map((value) => ({ value, as: value + CAST_NAME, to: ElementType[castOf(value)!] }));
  return { behind: encodeOutputs({ plain, cast }), without: graph.outputs.filter(castOf) };
}

function infoOf(
  name: string,
  { graph }: OnnxNetwork,
  types: ReadonlyMap<string, string>,
  found: Described | undefined,
  unavailable: Message | null,
): TensorInfo {
  const value = graph.values.get(name)!;
  const own = types.get(name) ?? null;
  const cast = own !== null && found?.name.endsWith(CAST_NAME) ? CAST[own] : null;
  return {
    name,
    type: cast === null ? (found?.type ?? own) : own,
    as: cast,
    // Of a shape that it cannot infer onnxruntime says what it says of a scalar's.
    dims: found && found.shape.length > 0 ? found.shape.map((dim) => (dim === '' ? null : dim)) : value.dims,
    unavailable: unavailable ?? (found ? null : say('foreign.no-tensor')),
  };
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
