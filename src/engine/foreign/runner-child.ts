import { fork, type ChildProcess } from 'node:child_process';
import { FailureError } from '../../shared/failures';
import { owned } from '../system/owned';
import { built } from '../system/root';
import { OUT_OF_MEMORY, type FromRunner, type ToRunner } from './runner-messages';

/** Why a runner's process gave no answer. */
export class RunnerEnded extends Error {
  constructor(readonly why: 'memory' | 'time' | 'fault') {
    super(`the process that runs the network ended (${why})`);
  }
}

/** onnxruntime refused a file or a run, in its own words. */
export class RuntimeRefused extends Error {}

type Tensor = Extract<FromRunner, { kind: 'tensor' }>;
type Answer = Exclude<FromRunner, { kind: 'ready' | 'tensor' | 'failure' }>;

/** A running ./runner-process, which takes one request at a time. Once killed it stays closed; the caller starts a new one. */
export class RunnerChild {
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private said = '';
  private killed: 'time' | 'cancelled' | null = null;
  private settle: { resolve(answer: Answer): void; reject(error: Error): void; tensor(tensor: Tensor): void } | null =
    null;
  ended = false;

  constructor(script = built('main', 'runner.js')) {
    this.child = fork(script, [], {
      serialization: 'advanced',
      execArgv: [],
      // Electron's binary is Node where this is set; plain Node does not mind.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.said = (this.said + text).slice(-4096)));
    this.ready = new Promise((resolve, reject) => {
      this.child.once('error', (error) => reject(error));
      this.child.once('close', () => reject(this.reason()));
      this.child.once('message', () => resolve());
    });
    this.ready.catch(() => undefined); // `ask` tells of it
    this.child.on('message', (message: FromRunner) => this.take(message));
    this.child.on('close', () => {
      this.ended = true;
      this.settle?.reject(this.reason());
    });
    this.rest();
  }

  /**
   * Sends a message and waits for its answer.
   * @param signal kills the process. @param seconds after which it is killed.
   * @throws RuntimeRefused, RunnerEnded, or FailureError `cancelled`.
   */
  async ask(
    message: ToRunner,
    {
      signal,
      seconds,
      tensor = () => undefined,
    }: { signal?: AbortSignal; seconds: number; tensor?(found: Tensor): void },
  ): Promise<Answer> {
    if (signal?.aborted) throw new FailureError('cancelled');
    const kill = (why: 'time' | 'cancelled') => (): void => {
      this.killed ??= why;
      this.child.kill('SIGKILL');
    };
    const cancel = kill('cancelled');
    const timer = setTimeout(kill('time'), seconds * 1000);
    signal?.addEventListener('abort', cancel);
    this.child.ref();
    this.child.channel?.ref();
    try {
      await this.ready;
      return await new Promise<Answer>((resolve, reject) => {
        if (this.ended) return reject(this.reason());
        this.settle = { resolve, reject, tensor };
        this.child.send(message, (error) => {
          if (error && !this.ended) reject(error);
        });
      });
    } finally {
      this.settle = null;
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.rest();
    }
  }

  close(): void {
    this.killed ??= 'cancelled';
    this.child.kill('SIGKILL');
  }

  private take(message: FromRunner): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'tensor') this.settle?.tensor(owned(message));
    else if (message.kind === 'failure') this.settle?.reject(new RuntimeRefused(message.text));
    else this.settle?.resolve(message);
  }

  private reason(): Error {
    if (this.killed === 'cancelled') return new FailureError('cancelled');
    return new RunnerEnded(this.killed ?? (this.said.includes(OUT_OF_MEMORY) ? 'memory' : 'fault'));
  }

  /** A process that waits must not keep the command line from ending. */
  private rest(): void {
    this.child.unref();
    this.child.channel?.unref();
    (this.child.stderr as { unref?(): void } | null)?.unref?.();
  }
}
