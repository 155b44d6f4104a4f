import { fork, type ChildProcess } from 'node:child_process';
import type { Preprocessing } from '../../core/model/model';
import { asError, FailureError } from '../../shared/failures';
import type { InputOptions, Picture } from '../../shared/protocol';
import { reasonOf, say } from '../../words';
import { owned } from '../system/owned';
import { built } from '../system/root';
import { Turns } from '../system/turns';
import type { DecoderMessage, DecoderRequest, DecoderResult } from './decoder-messages';
import { FILE_LIMIT, MEMORY_LIMIT, TIME_LIMIT } from './guard';
import { passOn } from './library-lines';
import type { ImageInput, Prepared } from './prepare';
import type { Target, TrainingPicture } from './training-picture';
import type { TwoPaths } from './two-paths';

/** The process stops itself by processor time; if it cannot, it is killed after this many times as much wall-clock time. */
const PATIENCE = 4;

/** The process ended before it answered: killed by the system, or crashed in a library. */
class DecoderEnded extends Error {}

/**
 * Opens pictures in a process of its own, which is killed when one takes too long and started anew for the next. The
 * process is kept between pictures, so that a small one takes milliseconds; it holds nothing of them. A process that
 * died is replaced, and the request is repeated once, because it may have died before the picture arrived.
 */
export class Decoder {
  private child: Promise<ChildProcess> | null = null;
  /** Resolves when the last request so far is answered: pictures go one by one. */
  private readonly turns = new Turns();
  private closed = false;

  /** @param script the built decoder process. @param seconds processor time that one picture may take. */
  constructor(
    private readonly script = built('main', 'decoder.js'),
    private readonly seconds = TIME_LIMIT,
  ) {}

  /** Starts the process ahead of the first picture. */
  warm(): void {
    void this.process().catch(() => undefined); // a failure shows with the first picture
  }

  /** See `prepare` in ./prepare. @throws FailureError, also `image.too-slow`. */
  prepare(
    image: ImageInput,
    name: string,
    preprocessing: Preprocessing,
    options: Partial<InputOptions>,
  ): Promise<Prepared> {
    return this.inTurn({
      kind: 'prepare',
      ...this.limits,
      image,
      name,
      preprocessing,
      options,
    }) as Promise<Prepared>;
  }

  /** See `twoPaths` in ./two-paths. @throws FailureError as `prepare`. */
  paths(bytes: Uint8Array, name: string, preprocessing: Preprocessing): Promise<TwoPaths> {
    return this.inTurn({ kind: 'paths', ...this.limits, bytes, name, preprocessing }) as Promise<TwoPaths>;
  }

  /** A small picture, at most `side` pixels a side. */
  thumbnail(bytes: Uint8Array, name: string, side: number): Promise<Picture> {
    return this.inTurn({ kind: 'thumbnail', ...this.limits, bytes, name, side }) as Promise<Picture>;
  }

  /**
   * A picture file as training takes it. @param path as the file system takes it. @param memory bytes that it may take to decode.
   * @param signal ends the wait and the process.
   * @throws FailureError as `prepare`, and `image.too-large` for one that would take more than `memory`.
   */
  training(
    path: string | Uint8Array,
    name: string,
    target: Target,
    memory: number,
    signal?: AbortSignal,
  ): Promise<TrainingPicture> {
    const request = { kind: 'training', seconds: this.seconds, memory, path, name, target } as const;
    return this.inTurn(request, signal) as Promise<TrainingPicture>;
  }

  /** Ends the process, which returns a large picture's memory to the system; the next picture starts another. */
  renew(): void {
    const { child } = this;
    this.child = null;
    void child?.then((ended) => ended.kill('SIGKILL')).catch(() => undefined);
  }

  private get limits(): { seconds: number; memory: number } {
    return { seconds: this.seconds, memory: MEMORY_LIMIT };
  }

  close(): void {
    this.closed = true;
    this.renew();
  }

  private inTurn(request: DecoderRequest, signal?: AbortSignal): Promise<DecoderResult> {
    return this.turns.take(() => this.ask(request, signal));
  }

  private async ask(request: DecoderRequest, signal?: AbortSignal): Promise<DecoderResult> {
    signal?.throwIfAborted();
    const stop = (): void => this.renew();
    signal?.addEventListener('abort', stop);
    try {
      return await this.askTwice(request, signal);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  private async askTwice(request: DecoderRequest, signal?: AbortSignal): Promise<DecoderResult> {
    const bytes = bytesOf(request);
    if (bytes && bytes.length > FILE_LIMIT) {
      const reason = say('image.limit.file', {
        size: Math.round(bytes.length / 2 ** 20),
        limit: FILE_LIMIT / 2 ** 20,
      });
      throw new FailureError('file.unreadable', { file: request.name, reason });
    }
    try {
      return await this.askOnce(request);
    } catch (error) {
      if (!(error instanceof DecoderEnded)) throw error;
    }
    signal?.throwIfAborted();
    return this.askOnce(request).catch((error: unknown) => {
      if (!(error instanceof DecoderEnded)) throw error;
      throw new FailureError('file.unreadable', { file: request.name, reason: say('image.decoder.broke') });
    });
  }

  /** @throws DecoderEnded if the process died before it answered. */
  private async askOnce(request: DecoderRequest): Promise<DecoderResult> {
    if (this.closed) throw new FailureError('cancelled');
    const child = await this.process();
    if (this.closed) throw new FailureError('cancelled');
    hold(child);
    try {
      return await this.exchange(child, request);
    } finally {
      release(child);
    }
  }

  private exchange(child: ChildProcess, request: DecoderRequest): Promise<DecoderResult> {
    const given = this.child;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        settle();
      };
      const onMessage = (message: DecoderMessage): void => {
        if (message.kind === 'result') finish(() => resolve(owned(message.result)));
        else if (message.kind === 'failure') {
          if (message.ends) this.child = null;
          finish(() => reject(asError(message.failure)));
        }
      };
      const onExit = (): void => {
        if (this.child === given) this.child = null;
        finish(() => reject(this.closed ? new FailureError('cancelled') : new DecoderEnded()));
      };
      const timer = setTimeout(
        () => {
          finish(() => reject(new FailureError('image.too-slow', { file: request.name, seconds: this.seconds })));
          this.child = null;
          child.kill('SIGKILL');
        },
        this.seconds * PATIENCE * 1000,
      );
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(request, (error) => {
        if (error) onExit();
      });
    });
  }

  private process(): Promise<ChildProcess> {
    if (this.child) return this.child;
    const started = this.start(() => {
      if (this.child === started) this.child = null;
    });
    this.child = started;
    return started;
  }

  private start(onExit: () => void): Promise<ChildProcess> {
    const child = fork(this.script, [], {
      serialization: 'advanced',
      execArgv: [],
      // Electron's binary is Node where this is set; plain Node does not mind.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    passOn(child.stderr!);
    return new Promise((resolve, reject) => {
      child.once('error', (error) => {
        onExit();
        reject(new FailureError('internal', { reason: say('image.decoder.start', { reason: reasonOf(error) }) }));
      });
      child.once('exit', () => {
        onExit();
        reject(new DecoderEnded());
      });
      child.once('message', () => {
        release(child);
        resolve(child);
      });
    });
  }
}

function bytesOf(request: DecoderRequest): Uint8Array | null {
  if (request.kind === 'thumbnail' || request.kind === 'paths') return request.bytes;
  return request.kind === 'prepare' && 'bytes' in request.image ? request.image.bytes : null;
}

/** An idle decoder must not keep the command line alive; a working one must. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
