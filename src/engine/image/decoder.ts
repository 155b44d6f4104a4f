import { fork, type ChildProcess } from 'node:child_process';
import type { Preprocessing } from '../../core/model/model';
import { asError, FailureError } from '../../shared/failures';
import type { InputOptions, Picture } from '../../shared/protocol';
import { owned } from '../owned';
import { built } from '../root';
import type { DecoderMessage, DecoderRequest } from './decoder-messages';
import { FILE_LIMIT, TIME_LIMIT } from './guard';
import type { ImageInput, Prepared } from './prepare';

/** The process stops itself by processor time; where it cannot, the clock stops it at so many times that. */
const PATIENCE = 4;

/**
 * Opens pictures in a process of its own, which is killed when one takes too long and started anew for the next. The
 * process is kept between pictures, so that a small one takes milliseconds; it holds nothing of them.
 */
export class Decoder {
  private child: Promise<ChildProcess> | null = null;
  /** Resolves when the last request so far is answered: pictures go one by one. */
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** @param script the built decoder process. @param seconds processor time that one picture may take. */
  constructor(
    private readonly script = built('main', 'decoder.js'),
    private readonly seconds = TIME_LIMIT,
  ) {}

  /** Starts the process ahead of the first picture. */
  warm(): void {
    void this.process().catch(() => undefined); // the first picture tells of it
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
      seconds: this.seconds,
      image,
      name,
      preprocessing,
      options,
    }) as Promise<Prepared>;
  }

  /** A small picture, at most `side` pixels a side. */
  thumbnail(bytes: Uint8Array, name: string, side: number): Promise<Picture> {
    return this.inTurn({ kind: 'thumbnail', seconds: this.seconds, bytes, name, side }) as Promise<Picture>;
  }

  close(): void {
    this.closed = true;
    void this.child?.then((child) => child.kill('SIGKILL')).catch(() => undefined);
    this.child = null;
  }

  private inTurn(request: DecoderRequest): Promise<Prepared | Picture> {
    const answer = this.turn.then(() => this.ask(request));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private async ask(request: DecoderRequest): Promise<Prepared | Picture> {
    const bytes = request.kind === 'thumbnail' ? request.bytes : 'bytes' in request.image ? request.image.bytes : null;
    if (bytes && bytes.length > FILE_LIMIT) {
      const reason = `it has ${Math.round(bytes.length / 2 ** 20)} MiB, the limit for pictures is ${FILE_LIMIT / 2 ** 20} MiB`;
      throw new FailureError('file.unreadable', { file: request.name, reason });
    }
    const child = await this.process();
    if (this.closed) throw new FailureError('cancelled');
    hold(child);
    try {
      return await this.exchange(child, request);
    } finally {
      release(child);
    }
  }

  private exchange(child: ChildProcess, request: DecoderRequest): Promise<Prepared | Picture> {
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
        const reason = 'the decoder broke off, out of memory or by a fault of its own';
        finish(() => reject(new FailureError('file.unreadable', { file: request.name, reason })));
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
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        onExit();
        reject(new FailureError('internal', { reason }));
      };
      child.once('error', (error) => fail(`the decoder process cannot start: ${error.message}`));
      child.once('exit', (code, signal) => fail(`the decoder process ended with ${signal ?? `code ${code}`}`));
      child.once('message', () => {
        release(child);
        resolve(child);
      });
    });
  }
}

/** A waiting decoder must not keep the command line from ending; one at work must. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
