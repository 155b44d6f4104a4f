/**
 * Runs one foreign network in onnxruntime, for the process that forked it (./runner): a process of its own, since a graph may loop for
 * ever, take all memory, or end the process that it runs in (onnxruntime-node does so for an int4 tensor). A thread watches the memory.
 */
import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type * as Runtime from 'onnxruntime-node';
import type { ElementTypeName } from '../../core/onnx/proto';
import type { TensorData, TensorValue } from '../../core/onnx/tensor-data';
import { withoutOutputs } from '../../core/onnx-graph/edit';
import { loadRuntime } from '../runtime/onnxruntime';
import { OUT_OF_MEMORY, type Described, type FromRunner, type ToRunner } from './runner-messages';

/** Bytes behind the file that names of outputs may take without the file being copied. */
const SLACK = 2 ** 20;
/** How often the memory is looked at, in milliseconds. */
const WATCH = 20;

interface File {
  /** The file with room behind it. */
  room: Uint8Array;
  size: number;
  folder: string | null;
  threads: number;
  /** Bytes that the process may take. */
  memory: number;
}

let file: File | null = null;
const sessions = new Map<number, Runtime.InferenceSession>();

async function serve(message: ToRunner): Promise<void> {
  switch (message.kind) {
    case 'file': {
      const bytes = 'path' in message.file ? await readFile(message.file.path) : message.file.bytes;
      const room = new Uint8Array(bytes.length + SLACK);
      room.set(bytes);
      file = { room, size: bytes.length, folder: message.folder, threads: message.threads, memory: message.memory };
      new Worker(__filename, { workerData: message.memory }).unref();
      return send({ kind: 'done' });
    }
    case 'session': {
      const opened = await open(file!, message);
      // The thread that watches may not have started yet.
      endAbove(file!.memory);
      return send(opened);
    }
    case 'providers': {
      const { listSupportedBackends } = await loadRuntime();
      return send({ kind: 'providers', providers: listSupportedBackends() });
    }
    case 'drop':
      await sessions.get(message.id)?.release();
      sessions.delete(message.id);
      return send({ kind: 'done' });
    case 'run':
      return send({ kind: 'ran', milliseconds: await run(message) });
  }
}

async function open(
  from: File,
  { id, behind, without, optimized, provider }: ToRunner & { kind: 'session' },
): Promise<FromRunner> {
  const ort = await loadRuntime();
  const session = await ort.InferenceSession.create(withBehind(from, behind, without), {
    executionProviders: [provider],
    // What is fused away could not be looked at; and nothing is folded, so that a session is there at once.
    graphOptimizationLevel: optimized ? 'all' : 'disabled',
    intraOpNumThreads: from.threads,
    interOpNumThreads: 1,
    // Memory goes back after each run.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 4,
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        ...(from.folder === null ? {} : { model_external_initializers_file_folder_path: from.folder }),
      },
    },
  });
  sessions.set(id, session);
  return {
    kind: 'session',
    inputs: session.inputMetadata.map(described),
    outputs: session.outputMetadata.map(described),
  };
}

function withBehind({ room, size }: File, behind: Uint8Array, without: readonly string[]): Uint8Array {
  let head = room.subarray(0, size);
  let target = room;
  if (without.length > 0 || behind.length > SLACK) {
    head = withoutOutputs(head, new Set(without));
    target = new Uint8Array(head.length + behind.length);
    target.set(head);
  }
  target.set(behind, head.length);
  return target.subarray(0, head.length + behind.length);
}

const described = (value: Runtime.InferenceSession.ValueMetadata): Described =>
  value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: null, shape: [] };

async function run({ id, inputs, wanted }: ToRunner & { kind: 'run' }): Promise<number> {
  const { Tensor } = await loadRuntime();
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape, data }]) => [
      name,
      new Tensor(type as 'float32', ownKind(type, data) as Float32Array, shape),
    ]),
  );
  const began = performance.now();
  const results = await sessions.get(id)!.run(feeds, [...wanted]);
  const milliseconds = performance.now() - began;
  for (const [name, tensor] of Object.entries(results)) {
    const { dims: shape } = tensor;
    const type = tensor.type as ElementTypeName;
    const data = tensor.data as unknown as TensorData;
    // Where the engine has a Float16Array, half floats come as one; they cross as their bits.
    const bits = type === 'float16' && !Array.isArray(data);
    const plain = bits ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
    send({ kind: 'tensor', name, value: { type, shape, data: plain } satisfies TensorValue });
  }
  return milliseconds;
}

/** What onnxruntime's Tensor wants of half floats where the engine has a type for them. */
function ownKind(type: ElementTypeName, data: TensorData): unknown {
  const Half = (globalThis as { Float16Array?: new (buffer: ArrayBufferLike, at: number, length: number) => unknown })
    .Float16Array;
  if (type !== 'float16' || Half === undefined || Array.isArray(data)) return data;
  return new Half(data.buffer, data.byteOffset, data.length);
}

function send(message: FromRunner): void {
  process.send!(message);
}

/** Runs beside onnxruntime, which does not let go of its own thread before a run is over. */
function watch(limit: number): void {
  const parent = process.ppid;
  setInterval(() => {
    // The parent is gone, so that nothing else would end an endless Loop.
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    endAbove(limit);
  }, WATCH);
}

/** Ends the process, and says why, where it has more memory than it may take. */
function endAbove(limit: number): void {
  if (process.memoryUsage.rss() <= limit) return;
  writeSync(2, OUT_OF_MEMORY);
  process.kill(process.pid, 'SIGKILL');
}

if (!isMainThread) watch(workerData as number);
else {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it.
  }
  process.on('message', (message: ToRunner) => {
    serve(message).catch((error: unknown) =>
      send({ kind: 'failure', text: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  send({ kind: 'ready' });
}
