/**
 * The one contract between the app's window and the engine. Electron carries it over IPC, the browser host over a
 * WebSocket, the command line calls the engine directly. A method that one side lacks fails to compile.
 * Large tensors travel only when looked at: thumbnails as bytes, values when asked for.
 */
import { object, optional, orNull, partial, text, whole } from '../core/schema';
import type { Message } from '../words';
import type { Explained } from '../core/explain/types';
import type { Failure } from './failures';
import type { FrameWishes, MenuKey } from './frame';
import type { ClassicInfo } from './classics';
import { imageSource, inputOptions, modelSource, pictureInput } from './inputs';
import type {
  Glance,
  Inspection,
  Kernels,
  MapDetail,
  ModelInfo,
  NodeInfo,
  Picture,
  StartInfo,
  Thumbnails,
  VerifyReport,
} from './inspect';
import { labMethods } from './lab';
import { method, result, type MethodsOf } from './method';
import { computeChange, type ComputeChoices } from './settings';
import { trainingMethods, type TrainingEvents } from './training';
import type { DataInfo } from './data-sets';

export type { Failure, FailureCode } from './failures';
export type * from './inspect';

const index = whole();
/** −1 is the input, or the whole vector. */
const fromMinusOne = whole(-1);
const range = { first: index, count: index };

/** Every request that the window makes: its name, its parameters (type and check are one), its result. */
export const methods = {
  start: method({}, result<StartInfo>),
  /** The classic networks, in the order in which they are listed. */
  classics: method({}, result<ClassicInfo[]>),
  openModel: method({ source: modelSource }, result<ModelInfo>),
  /** The same once onnxruntime has opened it (`ForeignInfo.opening`). */
  modelOpened: method({ model: index }, result<ModelInfo>),
  /** How foreign networks are computed; what is changed holds for those that are opened from then on. */
  settings: method({}, result<ComputeChoices>),
  changeSettings: method(computeChange, result<ComputeChoices>),
  /** PNG of a bundled sample, at most 96 pixels a side, for pickers. */
  samplePicture: method({ id: text() }, result<Picture>),
  inspect: method({ model: index, image: imageSource, options: partial(inputOptions) }, result<Inspection>),
  /** The answer to a picture alone: nothing is held for it. */
  glance: method({ model: index, image: imageSource, options: partial(inputOptions) }, result<Glance>),
  thumbnails: method({ inspection: index, layer: fromMinusOne, ...range }, result<Thumbnails>),
  /** One map at full resolution, `[H, W]` (flat features: the whole vector for channel −1). */
  values: method(
    { inspection: index, layer: fromMinusOne, channel: fromMinusOne },
    result<{ height: number; width: number; data: Float32Array }>,
  ),
  mapDetails: method(
    { inspection: index, layer: fromMinusOne, ...range },
    result<{ maps: MapDetail[]; layer: MapDetail }>,
  ),
  /** `.npy` of a layer's whole output in its own type and shape: of our own layers float32, `[C, H, W]` or `[C]`. */
  npy: method({ inspection: index, layer: fromMinusOne }, result<{ name: string; bytes: Uint8Array }>),
  kernels: method({ model: index, layer: index, ...range }, result<Kernels>),
  /** Frobenius norm of each kernel, `[O, I]`: the width of the overview's lines. */
  kernelNorms: method({ model: index, layer: index }, result<{ outputs: number; inputs: number; norms: Float32Array }>),
  /** The nodes of the box that makes a value; none of our own layers, whose settings say it. */
  nodes: method({ model: index, layer: fromMinusOne }, result<NodeInfo[]>),
  explain: method({ inspection: index, layer: index, channel: index, y: index, x: index }, result<Explained>),
  /** Core and onnxruntime side by side; a job: progress comes as events. */
  verify: method({ model: index, job: text() }, result<VerifyReport>),
  /**
   * A foreign network as a file of ours, compared with onnxruntime; a job. `picture` is what one chose in place of the guess.
   * Without a file: everything that stands in the way, each with its node.
   */
  takeIn: method(
    { model: index, job: text(), picture: optional(pictureInput) },
    result<{ file: { name: string; bytes: Uint8Array } | null; obstacles: Message[] }>,
  ),
  /** Keeps how a picture goes into a foreign network, for this file by its digest; null goes back to the guess. */
  keepPicture: method({ model: index, picture: orNull(pictureInput) }, result<Record<string, never>>),
  /** Names the classes of a foreign network after a text file, and keeps them likewise; null goes back to numbers. */
  keepLabels: method(
    { model: index, names: orNull(object({ file: text(), text: text(0, 2 ** 22) })) },
    result<{ labels: string[] }>,
  ),
  modelFile: method({ model: index }, result<{ name: string; bytes: Uint8Array }>),
  cancel: method({ job: text() }, result<{ cancelled: boolean }>),
  ...labMethods,
  ...trainingMethods,
};

/** Methods for the host only: they take a path that the user chose in a dialog or dropped. The window cannot call them. */
export const hostMethods = {
  addData: method({ path: text() }, result<DataInfo>),
};

export type Methods = MethodsOf<typeof methods>;
export type HostMethods = MethodsOf<typeof hostMethods>;

/** Whether the window may ask for it. */
export const isMethod = (name: unknown): name is Method => typeof name === 'string' && Object.hasOwn(methods, name);

export type Method = keyof Methods;
/** What the engine answers: to the window, and to the host itself. */
export type EngineMethods = Methods & HostMethods;
export type EngineMethod = keyof EngineMethods;
export type Params<M extends EngineMethod> = EngineMethods[M]['params'];
export type Result<M extends EngineMethod> = EngineMethods[M]['result'];

/** What the engine says unasked. */
export interface Events extends TrainingEvents {
  progress: { job: string; done: number; total: number; secondsLeft: number | null };
  /** Why handles are gone: the engine died and was started anew, the connection was lost. Nothing on disk is. */
  restarted: { reason: Message };
  /** The system asks to open a link: it was followed, or named by a second start of the app. */
  link: { text: string };
  /** An entry of the menu was chosen. */
  press: MenuKey;
  /** Files that were chosen by the menu. */
  files: { files: { name: string; bytes: Uint8Array }[] };
  /** What people should know although nothing was stopped by it. */
  notice: { failure: Failure };
}
export type EventName = keyof Events;

/** Runs every method; what the worker implements and the command line calls. Rejects with a Failure-shaped error. */
export type Engine = { [M in EngineMethod]: (params: Params<M>, context: CallContext) => Promise<Result<M>> };

export interface CallContext {
  /** Which window asks: what is held for one is not there for another. Left out where there is only one. */
  window?: number;
  emit<E extends EventName>(event: E, payload: Events[E]): void;
}

/** The window's side of the protocol, over any transport. */
export interface Client {
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Returns its own unsubscribe. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Asks where to, writes to a temporary name, syncs, renames. False where the user declined. */
  save(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Of Electron's window; null in a browser, which has its own. */
  frame: null | ((wishes: FrameWishes) => Promise<void>);
  /** How folders on disk become data sets; null where the window has to upload them (the browser host). */
  folders: null | {
    /** Asks for a folder. Null where the user declined. */
    choose(): Promise<DataInfo | null>;
    /** A folder or file that was dropped. */
    dropped(file: File): Promise<DataInfo>;
  };
}
